import { type StepComparison, verdictOf } from '../../record/compare.ts'
import { comparisonSentence, durationsCompared, verdictSymbol } from '../../wording/comparison.ts'
import { Difference } from '../difference.tsx'
import { locale, t } from '../page.ts'

/** What one's own step came to beside the predecessor's: the same, or what differs. */
export function Compared({ step }: { readonly step: StepComparison | undefined }) {
  if (step === undefined) return null
  const verdict = verdictOf(step)
  const duration = durationsCompared(step, t, locale)
  return (
    <section class={`compared ${verdict}`} role="status" aria-label={t('Compared')}>
      <p>
        <span aria-hidden="true">{verdictSymbol(verdict)} </span>
        {ownSentence(step)}
        {duration !== '' && <span class="quiet">{` · ${duration}`}</span>}
      </p>
      {step.kind === 'both' && 'lines' in step.output && <Difference lines={step.output.lines} />}
    </section>
  )
}

/** As `Compared` says it, in a line of a list. */
export function comparedWords(step: StepComparison | undefined): string {
  return step === undefined ? t('not done yet') : `${verdictSymbol(verdictOf(step))} ${ownSentence(step)}`
}

function ownSentence(step: StepComparison): string {
  return step.kind === 'only-after' ? t('The predecessor did not run this step') : comparisonSentence(step, t, locale)
}
