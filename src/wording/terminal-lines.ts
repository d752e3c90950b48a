import type { Ending, StepDescription } from '../execution/event.ts'
import { formatDuration } from './durations.ts'
import { doneWord, outcomeSymbol, outcomeWord } from './outcomes.ts'
import type { Translate } from './translate.ts'

/** What stands behind a step's title in a terminal: where it is, and how it runs. */
export function stepPlace(step: StepDescription, t: Translate): string {
  return [
    step.procedure,
    step.shell,
    `${step.line}`,
    ...(step.background ? [t('in the background')] : []),
    ...(step.serves ? [step.serves.as === 'undo' ? t('undoes an earlier step') : t('looks whether it is done')] : []),
    ...(step.attempt === undefined ? [] : [t('try {0}', step.attempt)]),
  ]
    .filter(Boolean)
    .join(' · ')
}

/** How a step ended, as the line of a terminal below what it printed. */
export function stepEnding(end: RecordedEnding, t: Translate, locale: string): string {
  return `${outcomeSymbol(end.outcome)} ${stepEndingWords(end, t, locale)}`
}

/** The same without its symbol. */
export function stepEndingWords(end: RecordedEnding, t: Translate, locale: string): string {
  const { outcome, isDone } = end
  return [
    isDone === undefined ? outcomeWord(outcome, t) : doneWord(isDone, t),
    end.exitCode && isDone === undefined ? t('exit code {0}', end.exitCode) : '',
    end.endedWithRun ? t('ended with the run') : '',
    formatDuration(end.durationMs, t, locale),
    end.note ?? '',
  ]
    .filter(Boolean)
    .join(' · ')
}

type RecordedEnding = Omit<Ending, 'problem'> & { readonly durationMs: number }
