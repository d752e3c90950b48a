import { annotationsOf, noAnnotations, notesByRun, type RunAnnotations } from './annotations.ts'
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

/** @param record the path of the record, as its summary has it */
export function relatedRecords(record: string, records: readonly RecordSummary[]): RelatedRecords {
  const run = records.filter(isReadable).find(({ path }) => path === record)
  const signOffs = records.filter(
    (each): each is ActSummary =>
      each.outcome === 'act' && each.act === 'run-signed-off' && run !== undefined && isAbout(each, run),
  )
  return {
    annotations: run ? annotationsOf(run, notesByRun(records)) : noAnnotations,
    signOffs: signOffs.toSorted((a, b) => a.startedAt - b.startedAt),
    ...(run?.pruned && some('pruning', pruningOf(run, records))),
    runOf: runsById(records),
  }
}

/** The first that names the record as it is: another one can only have done the same once more. */
export function pruningOf(
  { head }: Pick<ReadableRun, 'head'>,
  records: readonly RecordSummary[],
): ActSummary | undefined {
  return records.findLast(
    (each): each is ActSummary =>
      each.outcome === 'act' && each.act === 'output-pruned' && (each.pruned ?? []).some((one) => one.head === head),
  )
}

/** A sign-off concerns the run that was followed, and the one that followed it. */
function isAbout({ about, own }: ActSummary, { id }: ReadableRun): boolean {
  return about?.run === id || own?.run === id
}

/** Where the same run is on record twice, the newest counts. */
export function runsById(records: readonly RecordSummary[]): (id: string) => ReadableRun | undefined {
  const runs = new Map<string, ReadableRun>()
  for (const run of records.filter(isReadable)) if (!runs.has(run.id)) runs.set(run.id, run)
  return (id) => runs.get(id)
}
