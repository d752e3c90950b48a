import type { Outcome } from '../execution/event.ts'
import type { Tally } from '../record/tally.ts'
import { pluralRules, wholeNumber } from './formats.ts'
import type { Translate } from './translate.ts'

/** How something ended, in a word: "succeeded", "failed", … `abandoned` is a run that nobody closed. */
export function outcomeWord(outcome: Outcome | 'abandoned', t: Translate): string {
  switch (outcome) {
    case 'succeeded':
      return t('succeeded')
    case 'failed':
      return t('failed')
    case 'skipped':
      return t('skipped')
    case 'cancelled':
      return t('cancelled')
    case 'timed-out':
      return t('timed out')
    case 'abandoned':
      return t('abandoned')
  }
}

/** One character beside the word, never instead of it. */
export function outcomeSymbol(outcome: Outcome | 'abandoned'): string {
  switch (outcome) {
    case 'succeeded':
      return '✓'
    case 'failed':
      return '✗'
    case 'skipped':
      return '–'
    case 'cancelled':
      return '■'
    case 'timed-out':
      return '⧗'
    case 'abandoned':
      return '?'
  }
}

/** "1 step", "8 steps". */
export function stepCount(count: number, t: Translate, locale: string): string {
  const number = wholeNumber(locale).format(count)
  return pluralRules(locale).select(count) === 'one' ? t('{0} step', number) : t('{0} steps', number)
}

/** What a check found about the step that it serves. */
export function doneWord(isDone: boolean, t: Translate): string {
  return isDone ? t('done already') : t('not done yet')
}

/** "8/8": steps that succeeded of those that ended; "6/8 · undone: 2" where some of them were taken back. */
export function succeededOfAll({ succeeded, all, undone }: Tally, t: Translate): string {
  return [`${succeeded}/${all}`, ...(undone > 0 ? [t('undone: {0}', undone)] : [])].join(' · ')
}
