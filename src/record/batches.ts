import { eachInTurns } from './in-turns.ts'
import type { ReadableRun } from './summary.ts'

type RowRun = Pick<ReadableRun, 'batch' | 'outcome' | 'startedAt'>

/**
 * Ids of batches of which there are rows left to run: rows that did not succeed, or that no run ever came to. One that is at
 * work at this moment is none.
 */
export async function openBatches(runs: Iterable<RowRun>): Promise<ReadonlySet<string>> {
  const batches = new Map<string, { readonly rows: number; readonly latest: Map<number, RowRun> }>()
  await eachInTurns(runs, (run) => {
    if (run.batch === undefined) return
    const { id, row, rows } = run.batch
    const batch = batches.get(id) ?? { rows, latest: new Map() }
    batches.set(id, batch)
    const known = batch.latest.get(row)
    if (known === undefined || known.startedAt < run.startedAt) batch.latest.set(row, run)
  })
  const open = [...batches].filter(([, { rows, latest }]) => {
    const outcomes = [...latest.values()].map(({ outcome }) => outcome)
    const done = outcomes.filter((outcome) => outcome === 'succeeded' || outcome === 'skipped')
    return done.length < rows && !outcomes.includes('running')
  })
  return new Set(open.map(([id]) => id))
}
