import { useContext, useState } from 'preact/hooks'
import { formatBytes } from '../../wording/byte-sizes.ts'
import { formatDate } from '../../wording/dates.ts'
import { formatDuration } from '../../wording/durations.ts'
import { earlierValue } from '../../wording/follow.ts'
import { outcomeSymbol, outcomeWord } from '../../wording/outcomes.ts'
import { prunedLaterSentence } from '../../wording/pruning.ts'
import { recordedProblemSentence } from '../../wording/recorded-problems.ts'
import { Difference } from '../difference.tsx'
import { locale, t } from '../page.ts'
import type { FollowedStepView, FollowedView, FromFollowed } from './messages.ts'
import { FollowedNotes } from './notes.tsx'
import { OutputPlayer } from './output-player.ts'
import type { Played } from './state.ts'

interface FollowedStepProps {
  readonly followed: FollowedView
  /** Missing where the predecessor did not run the step. */
  readonly step: FollowedStepView | undefined
  readonly played: Played | undefined
  readonly post: (message: FromFollowed) => void
}

/** What the predecessor did at a step. */
export function FollowedStep({ followed, step, ...props }: FollowedStepProps) {
  const name = nameOf(followed)
  return (
    <aside class="followed" aria-label={t('What {0} did', name)}>
      <header>
        <strong>{name}</strong> <span class="quiet">{formatDate(followed.startedAt, Date.now(), locale)}</span>
      </header>
      {step === undefined ? (
        <p class="quiet">{t('{0} did not run this step.', name)}</p>
      ) : (
        <WhatWasDone {...props} followed={followed} step={step} />
      )}
    </aside>
  )
}

function WhatWasDone({ followed, step, played, post }: FollowedStepProps & { readonly step: FollowedStepView }) {
  const { kind, choice, problem, changedText, notes, attachments, prunedBytes } = step
  return (
    <>
      <p class={`verdict ${isFine(step) ? 'fine' : 'bad'}`}>{endingWords(step)}</p>
      {problem && <p class="reason">{recordedProblemSentence(problem, t)}</p>}
      {choice && <p>{`${t('Chosen')}: ${choice}`}</p>}
      <FollowedNotes notes={notes} />
      {kind === 'command' && <EarlierValues followed={followed} />}
      {changedText ? (
        <section class="changed">
          <p class="label">
            <span aria-hidden="true">△ </span>
            {t('The text of this step has changed since')}
          </p>
          <Difference lines={changedText} />
        </section>
      ) : (
        <p class="quiet same">{t('The text is the same as then.')}</p>
      )}
      <Output
        key={step.execution}
        step={step}
        played={played?.execution === step.execution ? played : undefined}
        onReplay={() => post({ type: 'replay', execution: step.execution })}
      />
      {prunedBytes !== undefined && <p class="quiet">{prunedLaterSentence(prunedBytes, t, locale)}</p>}
      {attachments.length > 0 && <p class="quiet">{`${t('Attached')}: ${attachments.join(', ')}`}</p>}
    </>
  )
}

interface OutputProps {
  readonly step: FollowedStepView
  readonly played: Played | undefined
  readonly onReplay: () => void
}

function Output({ step, played, onReplay }: OutputProps) {
  const { title, output, omitted } = step
  const Player = useContext(OutputPlayer)
  const [isPlaying, setPlaying] = useState(false)
  if (output.trim() === '' && omitted === undefined) return null
  const press = () => {
    setPlaying(!isPlaying)
    if (!isPlaying && played === undefined) onReplay()
  }
  return (
    <section class="output">
      <p class="label">
        {t('Output')}
        {Player && (
          <button type="button" class="quiet small" aria-pressed={isPlaying} onClick={press}>
            {isPlaying ? t('Show all of it') : `▶ ${t('Play back')}`}
          </button>
        )}
      </p>
      {Player && isPlaying ? (
        // Whoever pressed the button wants to see it play.
        played && <Player autoPlay cast={played.cast} label={t('Replay: {0}', title)} />
      ) : (
        <pre class="then" role="log" aria-live="off" aria-label={t('Output')}>
          {output.trimEnd()}
          {omitted && `\n⋯ ${t('Left out here: {0}', formatBytes(omitted.bytes, locale))}\n${omitted.tail.trimEnd()}`}
        </pre>
      )}
    </section>
  )
}

/** "USER_ID was t.suzuki" */
export function EarlierValues({ followed: { parameters } }: { readonly followed: FollowedView }) {
  if (parameters.length === 0) return null
  return (
    <ul class="values">
      {parameters.map(({ label, value }) => (
        <li key={label}>{earlierValue(label, value, t)}</li>
      ))}
    </ul>
  )
}

export function nameOf({ operator, isOwn }: FollowedView): string {
  return isOwn ? t('{0} (you)', operator) : operator
}

function isFine({ outcome }: FollowedStepView): boolean {
  return outcome === 'succeeded' || outcome === 'skipped'
}

function endingWords({ kind, outcome, exitCode, durationMs = 0 }: FollowedStepView): string {
  if (outcome === undefined) return t('no end on record')
  return [
    `${outcomeSymbol(outcome)} ${outcomeWord(outcome, t)}`,
    ...(outcome === 'failed' && exitCode ? [t('exit code {0}', exitCode)] : []),
    ...(kind === 'command' ? [formatDuration(durationMs, t, locale)] : []),
  ].join(' · ')
}
