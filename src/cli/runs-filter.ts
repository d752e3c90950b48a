import type { Command } from 'commander'
import { dateSpanOf } from '../record/date-span.ts'
import { filteredOutcomes, type RunFilter } from '../record/run-filter.ts'
import type { Translate } from '../wording/translate.ts'
import { plain } from './plain.ts'
import { UsageError } from './usage-error.ts'

/** What the list of runs is narrowed down to, as it is typed. */
export interface RunFilterOptions {
  readonly runbook?: string
  readonly operator?: string
  readonly outcome?: string
  readonly since?: string
  readonly until?: string
  readonly search?: string
}

export function addRunFilters(command: Command, t: Translate): Command {
  return command
    .option('--runbook <words>', t('only of runbooks with these words in their path or title'))
    .option('--operator <words>', t('only of people with these words in their name or address'))
    .option('--outcome <word>', t('only with this outcome: {0}', filteredOutcomes.join(', ')))
    .option('--since <date>', t('only from this day on, such as 2026-09-01 or 2026-09'))
    .option('--until <date>', t('only up to this day, which counts in'))
    .option('--search <words>', t('only with these words in commands, notes, the runbook or the person’s name'))
}

/** Throws a sentence about what cannot be understood. */
export function runFilterOf(options: RunFilterOptions, t: Translate): RunFilter {
  const outcome = filteredOutcomes.find((known) => known === options.outcome)
  if (options.outcome !== undefined && outcome === undefined) {
    const known = filteredOutcomes.join(', ')
    throw new UsageError(t('--outcome takes one of {0}, not “{1}”.', known, plain(options.outcome)))
  }
  const since = dateOf('--since', options.since, t)?.from
  const until = dateOf('--until', options.until, t)?.to
  if (since !== undefined && until !== undefined && since >= until)
    throw new UsageError(t('Nothing lies between: --since is later than --until.'))
  const { runbook, operator } = options
  return {
    ...(runbook !== undefined && { runbook }),
    ...(operator !== undefined && { operator }),
    ...(outcome !== undefined && { outcome }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  }
}

function dateOf(option: string, text: string | undefined, t: Translate) {
  if (text === undefined) return undefined
  const span = dateSpanOf(text)
  if (span === undefined)
    throw new UsageError(t('{0} takes a date such as 2026-09-01 or 2026-09, not “{1}”.', option, plain(text)))
  return span
}
