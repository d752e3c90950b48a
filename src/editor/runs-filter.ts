import type * as vscode from 'vscode'
import { dateSpanOf } from '../record/date-span.ts'
import { createRunFilter, type FilteredOutcome } from '../record/run-filter.ts'
import type { RecordSummary } from '../record/summary.ts'
import { outcomeWord } from '../wording/outcomes.ts'
import { t } from './language.ts'
import type { HistoryEntry } from './run-history.ts'

/** What the view "Runs" is narrowed down to; what is missing narrows nothing. */
export interface RunsFilter {
  readonly runbook?: { readonly uri: vscode.Uri; readonly title: string }
  /** The whole name. */
  readonly operator?: string
  readonly outcome?: FilteredOutcome
  readonly period?: Period
  /** Words in commands, notes and names. */
  readonly text?: string
}

/** Those that are counted from today move on with the days. */
export type Period =
  | { readonly kind: 'today' | 'week' | 'month' | 'year' }
  /** As they were typed; each may be empty. */
  | { readonly kind: 'span'; readonly from: string; readonly to: string }

const dayMs = 24 * 60 * 60 * 1000

/** Whether an entry is in the list, apart from the words of a search. */
export function createEntryFilter(filter: RunsFilter, now: Date): (entry: HistoryEntry<RecordSummary>) => boolean {
  const { runbook, operator, outcome, period } = filter
  const wanted = runbook?.uri.toString()
  const { since, until } = period ? limitsOf(period, now) : {}
  const matches = createRunFilter({
    ...(outcome && { outcome }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  })
  return (entry) => {
    if (wanted !== undefined && entry.runbook?.toString() !== wanted) return false
    if (operator !== undefined && !('operator' in entry.summary && entry.summary.operator.name === operator))
      return false
    return matches(entry.summary)
  }
}

function limitsOf(
  period: Period,
  now: Date,
): { readonly since?: number | undefined; readonly until?: number | undefined } {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime()
  switch (period.kind) {
    case 'today':
      return { since: today }
    case 'week':
      return { since: today - 6 * dayMs }
    case 'month':
      return { since: today - 29 * dayMs }
    case 'year':
      return { since: new Date(now.getFullYear(), 0, 1).getTime() }
    case 'span':
      return { since: dateSpanOf(period.from)?.from, until: dateSpanOf(period.to)?.to }
  }
}

/** What the view says of its filter; empty where there is none. */
export function describeFilter({ runbook, operator, outcome, period, text }: RunsFilter): string {
  const parts = [
    runbook?.title,
    operator,
    outcome && filteredOutcomeWord(outcome),
    period && periodWord(period),
    text && `“${text}”`,
  ]
  return parts.filter(Boolean).join(' · ')
}

export function periodWord(period: Period): string {
  switch (period.kind) {
    case 'today':
      return t('today')
    case 'week':
      return t('last 7 days')
    case 'month':
      return t('last 30 days')
    case 'year':
      return t('this year')
    case 'span':
      return `${period.from}–${period.to}`
  }
}

export function filteredOutcomeWord(outcome: FilteredOutcome): string {
  switch (outcome) {
    case 'running':
      return t('running')
    case 'unreadable':
      return t('cannot be read')
    case 'unfinished':
      return t('everything that did not succeed')
    default:
      return outcomeWord(outcome, t)
  }
}
