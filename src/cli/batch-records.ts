import type { RecordedRow } from '../execution/batch-run.ts'
import type { RunSite } from '../execution/run-site.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { UsageError } from './usage-error.ts'

export interface RecordedBatch {
  /** At least one. */
  readonly rows: readonly RecordedRow[]
}

/** What the records say of a batch that is to go on. */
export async function recordedBatch(id: string, site: RunSite, { records, t }: CommandLine): Promise<RecordedBatch> {
  await records.closeAbandoned(site.root)
  const rows: RecordedRow[] = []
  for (const run of await records.list(site.root)) {
    if (run.outcome === 'unreadable' || run.batch?.id !== id || run.runbook.path !== site.path) continue
    const { outcome, startedAt, batch } = run
    const transcript = await records.read(site.root, run.path)
    rows.push({ row: batch.row, rows: batch.rows, parameters: transcript.run?.parameters ?? {}, outcome, startedAt })
  }
  if (rows.length === 0) throw new UsageError(t('There is no record of a batch {0} of this runbook.', plain(id)))
  return { rows }
}
