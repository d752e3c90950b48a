import { annotationsOf, noAnnotations, notesByRun, type RunAnnotations } from './annotations.ts'
import { eachInTurns } from './in-turns.ts'
import { some } from './json-fields.ts'
import { type ActSummary, isReadable, type ReadableRun, type RecordSummary } from './summary.ts'

/** What the other records of a repo say about one of them. */
export interface RelatedRecords {
  /** Notes to this run. */
  readonly annotations: RunAnnotations
  /** Those who followed or watched this run, the oldest first. */
  readonly signOffs: readonly ActSummary[]
  /** What took output out of this record. */
  readonly pruning?: ActSummary
  /** A run that the record names by its id. */
  readonly runOf: (id: string) => ReadableRun | undefined
}

export const nothingRelated: RelatedRecords = { annotations: noAnnotations, signOffs: [], runOf: () => undefined }

/** @param record as it stands among `records` */
export async function relatedRecords(
  record: RecordSummary,
  records: readonly RecordSummary[],
): Promise<RelatedRecords> {
  const runOf = await runsById(records)
  if (!isReadable(record)) return { ...nothingRelated, runOf }
  const acts: ActSummary[] = []
  await eachInTurns(records, (each) => {
    if (each.outcome === 'act') acts.push(each)
  })
  const signOffs = acts.filter((act) => act.act === 'run-signed-off' && isAbout(act, record))
  return {
    annotations: annotationsOf(record, await notesByRun(acts)),
    signOffs: signOffs.toSorted((a, b) => a.startedAt - b.startedAt),
    ...(record.pruned && some('pruning', pruningOf(record, acts))),
    runOf,
  }
}

/** The first that names the record as it is: another one can only have done the same once more. */
function pruningOf({ head }: Pick<ReadableRun, 'head'>, acts: readonly ActSummary[]): ActSummary | undefined {
  return acts.findLast(({ act, pruned }) => act === 'output-pruned' && (pruned ?? []).some((one) => one.head === head))
}

/** A sign-off concerns the run that was followed, and the one that followed it. */
function isAbout({ about, own }: ActSummary, { id }: ReadableRun): boolean {
  return about?.run === id || own?.run === id
}

/** Where the same run is on record twice, the newest counts. */
export async function runsById(records: readonly RecordSummary[]): Promise<(id: string) => ReadableRun | undefined> {
  const runs = new Map<string, ReadableRun>()
  await eachInTurns(records, (run) => {
    if (isReadable(run) && !runs.has(run.id)) runs.set(run.id, run)
  })
  return (id) => runs.get(id)
}
