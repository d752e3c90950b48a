import type { Schedule } from '../runbook/runbook.ts'
import type { Translate } from './translate.ts'

/** The words of the design; a recurrence rule stands for itself. */
export function scheduleWord(schedule: Schedule, t: Translate): string {
  switch (schedule) {
    case 'daily':
      return t('daily')
    case 'weekly':
      return t('weekly')
    case 'monthly':
      return t('monthly')
    case 'quarterly':
      return t('quarterly')
    case 'yearly':
      return t('yearly')
    case 'on-demand':
      return t('when needed')
    default:
      return schedule
  }
}
