import { MASK } from '../secrets/mask.ts'
import type { BatchRow } from './batch.ts'
import type { Outcome, OutcomeCounts } from './event.ts'
import { countOutcomes, worstOutcome } from './outcome.ts'
import type { ExecutionProblem } from './problem.ts'

/** How one row went. */
export interface RowResult {
  readonly row: BatchRow
  /** `not-run`: nothing of it ran, since it was refused (`problem` says why) or an earlier row ended the batch. */
  readonly outcome: Outcome | 'not-run'
  /** Of its record, as it is shown. */
  readonly record?: string
  readonly problem?: ExecutionProblem
}

export interface BatchSummary {
  /** Of the rows that ran. */
  readonly counts: OutcomeCounts
  readonly notRun: number
  /** The worst of all: a row that was refused has failed, and rows that were not reached are cancelled ones. */
  readonly outcome: Outcome
}

export function summariseBatch(results: readonly RowResult[]): BatchSummary {
  const outcomes = results.flatMap(({ outcome }) => (outcome === 'not-run' ? [] : [outcome]))
  const refusal = results.find(({ outcome, problem }) => outcome === 'not-run' && problem !== undefined)?.problem
  const ended: Outcome[] = refusal === undefined ? [] : [refusal.code === 'withdrawn' ? 'cancelled' : 'failed']
  const notRun = results.length - outcomes.length
  return {
    counts: countOutcomes(outcomes),
    notRun,
    outcome: worstOutcome([...outcomes, ...ended, ...(notRun > 0 ? (['cancelled'] as const) : [])]),
  }
}

/**
 * Carries out rows, one after the other. A row that was cancelled or refused ends the batch, and so does one that failed,
 * unless `onFailure` says to go on; what was not reached is `not-run`.
 * @param isCancelled asked before each row
 */
export async function runBatch(
  rows: readonly BatchRow[],
  onFailure: 'stop' | 'continue',
  runRow: (row: BatchRow) => Promise<RowResult>,
  isCancelled: () => boolean,
): Promise<readonly RowResult[]> {
  const results: RowResult[] = []
  let isOver = false
  for (const row of rows) {
    isOver ||= isCancelled()
    const result: RowResult = isOver ? { row, outcome: 'not-run' } : await runRow(row)
    results.push(result)
    isOver ||= ends(result, onFailure)
  }
  return results
}

function ends({ outcome }: RowResult, onFailure: 'stop' | 'continue'): boolean {
  switch (outcome) {
    case 'succeeded':
    case 'skipped':
      return false
    case 'cancelled':
    // What refuses one row refuses them all: the same runbook, the same computer.
    case 'not-run':
      return true
    case 'failed':
    case 'timed-out':
      return onFailure === 'stop'
  }
}

/** What a record says of a row of a batch. */
export interface RecordedRow {
  readonly row: number
  readonly rows: number
  /** Masked. */
  readonly parameters: Readonly<Record<string, string>>
  readonly outcome: Outcome | 'running' | 'abandoned'
  /** Milliseconds since the epoch: of several records of one row the last one counts. */
  readonly startedAt: number
}

export type BatchResumption =
  /** Empty where every row succeeded. */
  | { readonly kind: 'rows'; readonly rows: readonly BatchRow[] }
  /** The table has another number of rows than the one that ran. */
  | { readonly kind: 'rows-changed'; readonly before: number; readonly now: number }
  /** A row is not the one that ran: `name` is the parameter that differs. */
  | { readonly kind: 'row-changed'; readonly row: BatchRow; readonly name: string }
  /** A row is being carried out at this moment. */
  | { readonly kind: 'running'; readonly row: BatchRow }

/**
 * The rows of a batch that are still to be carried out: those that did not succeed, and those that never ran. A table in
 * which a row that ran reads otherwise now is refused: the records would then belong to somebody else.
 * @param recorded of that batch, in whatever order; at least one
 * @param hidden names of parameters whose recorded values are masked
 */
export function rowsToResume(
  rows: readonly BatchRow[],
  recorded: readonly RecordedRow[],
  hidden: readonly string[],
): BatchResumption {
  const before = recorded[0]?.rows ?? rows.length
  if (before !== rows.length) return { kind: 'rows-changed', before, now: rows.length }
  const latest = new Map<number, RecordedRow>()
  for (const record of recorded.toSorted((a, b) => a.startedAt - b.startedAt)) latest.set(record.row, record)
  const open: BatchRow[] = []
  for (const row of rows) {
    const record = latest.get(row.row)
    const name = record && differing(row, record, hidden)
    if (name !== undefined) return { kind: 'row-changed', row, name }
    if (record?.outcome === 'running') return { kind: 'running', row }
    if (record?.outcome !== 'succeeded' && record?.outcome !== 'skipped') open.push(row)
  }
  return { kind: 'rows', rows: open }
}

function differing({ values }: BatchRow, { parameters }: RecordedRow, hidden: readonly string[]): string | undefined {
  const names = new Set([...Object.keys(values), ...Object.keys(parameters)])
  return [...names].find((name) => {
    const before = parameters[name] ?? ''
    // A secret may stand in a value that is none itself: what is masked cannot be compared.
    return !hidden.includes(name) && !before.includes(MASK) && (values[name] ?? '') !== before
  })
}
