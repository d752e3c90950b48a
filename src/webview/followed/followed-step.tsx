import { formatBytes } from '../../wording/byte-sizes.ts'
import { formatDate } from '../../wording/dates.ts'
import { formatDuration } from '../../wording/durations.ts'
import { earlierValue } from '../../wording/follow.ts'
import { outcomeSymbol, outcomeWord } from '../../wording/outcomes.ts'
import { recordedProblemSentence } from '../../wording/recorded-problems.ts'
import { Difference } from '../difference.tsx'
import { locale, t } from '../page.ts'
import type { FollowedStepView, FollowedView, FromFollowed } from './messages.ts'
import { FollowedNotes } from './notes.tsx'

interface FollowedStepProps {
  readonly followed: FollowedView
  /** Missing where the predecessor did not run the step. */
  readonly step: FollowedStepView | undefined
  readonly post: (message: FromFollowed) => void
}

/** What the predecessor did at a step. */
export function FollowedStep({ followed, step, post }: FollowedStepProps) {
  const name = nameOf(followed)
  return (
    <aside class="followed" aria-label={t('What {0} did', name)}>
      <header>
        <strong>{name}</strong> <span class="quiet">{formatDate(followed.startedAt, Date.now(), locale)}</span>
      </header>
      {step === undefined ? (
        <p class="quiet">{t('{0} did not run this step.', name)}</p>
      ) : (
        <WhatWasDone followed={followed} step={step} post={post} />
      )}
    </aside>
  )
}

function WhatWasDone({ followed, step, post }: FollowedStepProps & { readonly step: FollowedStepView }) {
  const { kind, choice, problem, changedText, notes, attachments } = step
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
        step={step}
        onReplay={followed.canReplay ? () => post({ type: 'replay', execution: step.execution }) : undefined}
      />
      {attachments.length > 0 && <p class="quiet">{`${t('Attached')}: ${attachments.join(', ')}`}</p>}
    </>
  )
}

function Output({ step, onReplay }: { readonly step: FollowedStepView; readonly onReplay: (() => void) | undefined }) {
  const { output, omitted } = step
  if (output.trim() === '' && omitted === undefined) return null
  return (
    <section class="output">
      <p class="label">
        {t('Output')}{' '}
        {onReplay && (
          <button type="button" class="quiet small" onClick={onReplay}>
            <span aria-hidden="true">▶ </span>
            {t('Play back')}
          </button>
        )}
      </p>
      <pre class="then" role="log" aria-live="off" aria-label={t('Output')}>
        {output.trimEnd()}
        {omitted && `\n⋯ ${t('Left out here: {0}', formatBytes(omitted.bytes, locale))}\n${omitted.tail.trimEnd()}`}
      </pre>
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
