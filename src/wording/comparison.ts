import { type RunComparison, type StepComparison, type StepVerdict, verdictOf } from '../record/compare.ts'
import type { OutputComparison } from '../record/compare-output.ts'
import type { TranscriptStep } from '../record/transcript.ts'
import type { Variation } from '../record/varying-text.ts'
import { formatDuration } from './durations.ts'
import { outcomeWord } from './outcomes.ts'
import type { Translate } from './translate.ts'

/** What a step came to, compared with the other run: "Same result, apart from times". */
export function comparisonSentence(step: StepComparison, t: Translate, locale: string): string {
  if (step.kind === 'only-before') return t('Only in the earlier run')
  if (step.kind === 'only-after') return t('Only in the later run')
  const { before, after, isSameOutcome, output } = step
  if (!isSameOutcome) return t('Ended differently: {0} → {1}', endingOf(before, t), endingOf(after, t))
  return outputSentence(output, t, locale)
}

function outputSentence(output: OutputComparison, t: Translate, locale: string): string {
  const sentence = ofWhole(output, t, locale)
  return output.isPart ? t('{0} (as far as the output is on record)', sentence) : sentence
}

function ofWhole(output: OutputComparison, t: Translate, locale: string): string {
  const percent = (ratio: number) =>
    new Intl.NumberFormat(locale, { style: 'percent' }).format(Math.floor(ratio * 100) / 100)
  switch (output.kind) {
    case 'identical':
      return t('Same result')
    case 'equivalent':
      return t('Same result, apart from {0}', variationNames(output.apartFrom, t, locale))
    case 'pruned':
      return t('Same outcome; the output of one run was pruned')
    case 'similar':
      return t('Same outcome, and similar output ({0} of it the same)', percent(output.ratio))
    case 'different':
      return t('Same outcome, but other output ({0} of it the same)', percent(output.ratio))
  }
}

function variationNames(kinds: readonly Variation[], t: Translate, locale: string): string {
  const names: Readonly<Record<Variation, string>> = {
    parameter: t('the values of input fields'),
    id: t('ids'),
    date: t('dates'),
    time: t('times'),
    duration: t('durations'),
    process: t('process numbers'),
    'temporary-name': t('names of temporary files'),
    spacing: t('spaces'),
  }
  return new Intl.ListFormat(locale).format(kinds.map((kind) => names[kind]))
}

/** One character beside the sentence, never instead of it. */
export function verdictSymbol(verdict: StepVerdict): string {
  const symbols = { same: '=', similar: '≈', different: '≠', 'only-before': '−', 'only-after': '+' }
  return symbols[verdict]
}

/** "2.1 s → 3.4 s"; empty for a step that did not end in both runs, and for what a person did. */
export function durationsCompared(step: StepComparison, t: Translate, locale: string): string {
  if (step.kind !== 'both' || step.after.kind !== 'command') return ''
  if (!step.before.result || !step.after.result) return ''
  const [before, after] = [step.before.result, step.after.result]
  return `${formatDuration(before.durationMs, t, locale)} → ${formatDuration(after.durationMs, t, locale)}`
}

/** Whether what ran was the same; empty for a step of one run only. */
export function changedTextSentence(step: StepComparison, t: Translate): string {
  if (step.kind !== 'both') return ''
  return step.changedText ? t('The text of this step has changed') : t('Same text')
}

/** "Same result: 7 of 8 steps" */
export function comparisonHeadline({ steps }: RunComparison, t: Translate): string {
  const same = steps.filter((step) => verdictOf(step) === 'same').length
  return t('Same result: {0} of {1} steps', same, steps.length)
}

function endingOf({ result }: TranscriptStep, t: Translate): string {
  if (!result) return t('no end on record')
  const word = outcomeWord(result.outcome, t)
  if (result.choice) return result.choice
  return result.outcome === 'failed' && result.exitCode ? `${word} (${t('exit code {0}', result.exitCode)})` : word
}
