import type { RunbookDrift, StepDrift } from '../record/drift.ts'
import { formatAge } from './durations.ts'
import { scheduleWord } from './schedules.ts'
import type { Translate } from './translate.ts'

/** The most steps that one sentence names. */
const namedSteps = 5

/** What a runbook's drift is, a sentence for each thing. */
export function driftSentences(drift: RunbookDrift, t: Translate, locale: string, now: number): readonly string[] {
  const { isNeverRun, changed, gone, isEdited, overdue } = drift
  return [
    ...(isNeverRun ? [t('never run')] : []),
    ...(changed.length > 0 ? [t('Changed steps: {0}', named(changed))] : []),
    ...(gone.length > 0 ? [t('Steps that are gone: {0}', named(gone))] : []),
    ...(isEdited && changed.length + gone.length === 0 ? [t('Edited since it last ran; what ran is the same')] : []),
    ...(overdue ? [overdueSentence(overdue, t, locale, now)] : []),
  ]
}

export function overdueSentence(
  { schedule, last }: NonNullable<RunbookDrift['overdue']>,
  t: Translate,
  locale: string,
  now: number,
): string {
  const word = scheduleWord(schedule, t)
  if (last === undefined) return t('Overdue ({0}): it has not been carried out without a failure', word)
  return t('Overdue ({0}): carried out {1}', word, formatAge(last, now, t, locale))
}

function named(steps: readonly StepDrift[]): string {
  const titles = steps.slice(0, namedSteps).map(({ title }) => title)
  return steps.length > namedSteps ? `${titles.join(', ')} …` : titles.join(', ')
}
