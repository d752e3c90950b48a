import type { RecordedRow } from '../execution/batch-run.ts'
import type { RunSite } from '../execution/run-site.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { UsageError } from './usage-error.ts'

export interface RecordedBatch {
  /** At least one. */
  readonly rows: readonly RecordedRow[]
}

/** What the records say of a batch that is to go on. Only looks: a record that was cut off is left to be closed by a run. */
export async function recordedBatch(id: string, site: RunSite, { records, t }: CommandLine): Promise<RecordedBatch> {
  const rows: RecordedRow[] = []
  for (const run of await records.list(site.root)) {
    if (run.outcome === 'unreadable' || run.batch?.id !== id || run.runbook.path !== site.path) continue
    const { startedAt, batch } = run
    const { run: description } = await records.read(site.root, run.path)
    // Of another computer nobody here knows whether it is at work.
    const mayBeCutOff = run.outcome === 'running' && description?.host.name === site.host.name
    const isCutOff = mayBeCutOff && !(await records.isBeingWritten(site.root, run.path))
    rows.push({
      row: batch.row,
      rows: batch.rows,
      parameters: description?.parameters ?? {},
      outcome: isCutOff ? 'abandoned' : run.outcome,
      startedAt,
    })
  }
  if (rows.length === 0) throw new UsageError(t('There is no record of a batch {0} of this runbook.', plain(id)))
  return { rows }
}
