import { looseText, looseWords } from '../runbook/loose-text.ts'
import type { RecordSummary } from './summary.ts'

/** What a list of records is narrowed down to; what is missing narrows nothing. */
export interface RunFilter {
  /** Words in the path or the title of the runbook. */
  readonly runbook?: string
  /** Exactly this runbook; its path in the repo, with `/`. */
  readonly runbookPath?: string
  /** Words in the name or the address of who was at work. */
  readonly operator?: string
  readonly outcome?: FilteredOutcome
  /** Milliseconds since the epoch: not before it. */
  readonly since?: number
  /** Milliseconds since the epoch: before it. */
  readonly until?: number
}

/** `unfinished`: whatever is neither `succeeded` nor `skipped`, and not at work. */
export type FilteredOutcome = Exclude<RecordSummary['outcome'], 'act'> | 'unfinished'

export const filteredOutcomes = [
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
  'timed-out',
  'abandoned',
  'running',
  'unfinished',
  'unreadable',
] as const satisfies readonly FilteredOutcome[]

/** Says of a record whether it is in the list. It takes far less than a microsecond. */
export function createRunFilter(filter: RunFilter): (record: RecordSummary) => boolean {
  const { runbookPath, outcome, since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = filter
  const ofRunbook = filter.runbook === undefined ? undefined : holdsWords(filter.runbook)
  const ofOperator = filter.operator === undefined ? undefined : holdsWords(filter.operator)
  return (record) => {
    if (record.startedAt < since || record.startedAt >= until) return false
    if (outcome !== undefined && !isOutcome(record, outcome)) return false
    const runbook = 'runbook' in record ? record.runbook : undefined
    if (runbookPath !== undefined && runbook?.path !== runbookPath) return false
    if (ofRunbook && !(runbook && ofRunbook(`${runbook.path} ${runbook.title}`))) return false
    if (!ofOperator) return true
    return 'operator' in record && ofOperator(`${record.operator.name} ${record.operator.email ?? ''}`)
  }
}

function isOutcome({ outcome }: RecordSummary, wanted: FilteredOutcome): boolean {
  if (wanted !== 'unfinished') return outcome === wanted
  return !['succeeded', 'skipped', 'running', 'act'].includes(outcome)
}

/** Remembers what it was asked: a hundred thousand records are of few runbooks and fewer people. */
function holdsWords(text: string): (candidate: string) => boolean {
  const words = looseWords(text)
  const known = new Map<string, boolean>()
  return (candidate) => {
    const before = known.get(candidate)
    if (before !== undefined) return before
    const folded = looseText(candidate)
    const holds = words.every((word) => folded.includes(word))
    known.set(candidate, holds)
    return holds
  }
}
