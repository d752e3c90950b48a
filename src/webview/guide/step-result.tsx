import { linesOfUnified } from '../../execution/difference-lines.ts'
import { formatDuration } from '../../wording/durations.ts'
import { outcomeSymbol, outcomeWord } from '../../wording/outcomes.ts'
import { recordedProblemSentence } from '../../wording/recorded-problems.ts'
import { Difference } from '../difference.tsx'
import { locale, t } from '../page.ts'
import type { GuideStep, StepStanding } from './messages.ts'

/** How the step went: said in one line, and why, where it failed. */
export function StepResult({ step, standing }: { readonly step: GuideStep; readonly standing: StepStanding }) {
  const { outcome, problem, difference, note, attachments = [] } = standing
  const isFine = outcome === 'succeeded' || outcome === 'skipped'
  return (
    <section class={`result ${isFine ? 'fine' : 'bad'}`} aria-label={t('Result')}>
      <p class="verdict">
        <span aria-hidden="true">{outcomeSymbol(outcome)} </span>
        {resultWords(step, standing)}
      </p>
      {problem && <p class="reason">{recordedProblemSentence(problem, t)}</p>}
      {difference !== undefined && (
        <>
          <p class="label">{t('- expected · + printed')}</p>
          <Difference lines={linesOfUnified(difference)} />
        </>
      )}
      {attachments.length > 0 && <p>{`${t('Attachments')}: ${attachments.join(', ')}`}</p>}
      {note && <p class="note">{`${t('Note')}: ${note}`}</p>}
    </section>
  )
}

/** "succeeded · 2.1 s": the outcome, where a decision led, the exit code of a failure, and how long it took. */
export function resultWords(step: GuideStep, { outcome, exitCode, durationMs, choice }: StepStanding): string {
  const chosen = step.choices?.find(({ target }) => target === choice)?.label
  return [
    chosen ?? outcomeWord(outcome, t),
    ...(outcome === 'failed' && exitCode ? [t('exit code {0}', exitCode)] : []),
    ...(step.kind === 'command' ? [formatDuration(durationMs, t, locale)] : []),
  ].join(' · ')
}
