import { type Columns, toColumns, valueAt } from './columns.ts'
import type { RecordSummary, StepResult } from './summary.ts'

/** The results of all steps; `counts` says for each record how many are its own, -1 for what is no run. */
export interface ResultColumns {
  readonly counts: readonly number[]
  readonly columns: Columns
}

export function resultColumns(summaries: readonly RecordSummary[]): ResultColumns {
  const results = summaries.map((summary) => ('results' in summary ? Object.entries(summary.results) : undefined))
  return {
    counts: results.map((ofRun) => ofRun?.length ?? -1),
    columns: toColumns(results.flatMap((ofRun) => ofRun ?? []).map(([step, result]) => ({ step, ...result }))),
  }
}

/** Gives the results of the record at an index: they are put together when somebody asks. */
export function readResults({
  counts,
  columns,
}: ResultColumns): (index: number) => Readonly<Record<string, StepResult>> {
  const begins = [0]
  for (const count of counts) begins.push((begins.at(-1) ?? 0) + Math.max(count, 0))
  return (index) => {
    const results: [string, StepResult][] = []
    for (let row = begins[index] ?? 0; row < (begins[index + 1] ?? 0); row += 1) {
      const result = Object.create(Object.prototype)
      let step = ''
      for (const column of columns) {
        const value = valueAt(column, row)
        if (column.name === 'step') step = String(value)
        else if (value !== undefined) result[column.name] = value
      }
      results.push([step, result])
    }
    return Object.fromEntries(results)
  }
}
