import { eachInTurns } from './in-turns.ts'
import type { ActSummary, RecordSummary } from './summary.ts'

/** What somebody wrote to a run that is over: a record of its own, which points at the run. */
export interface Annotation {
  /** Of the note's own record. */
  readonly id: string
  /** The note's own record, relative to the repo, with `/`. */
  readonly path: string
  readonly operator: ActSummary['operator']
  /** When it was written, milliseconds since the epoch. */
  readonly time: number
  /** The execution of a step that it is about; the whole run where it is missing. */
  readonly execution?: number
  readonly text: string
  /** The run's record has another last line than when this was written: it was cut, changed, or went on. */
  readonly isOutdated: boolean
}

/** The notes to one run, the oldest first, so that a correction stands behind what it corrects. */
export interface RunAnnotations {
  readonly count: number
  readonly ofRun: readonly Annotation[]
  readonly byExecution: ReadonlyMap<number, readonly Annotation[]>
}

export const noAnnotations: RunAnnotations = { count: 0, ofRun: [], byExecution: new Map() }

/** The notes of a repo by the id of the run that they are about. */
export type NotesByRun = ReadonlyMap<string, readonly ActSummary[]>

/** @param records of one repo, in whatever order */
export async function notesByRun(records: Iterable<RecordSummary>): Promise<NotesByRun> {
  const found = new Map<string, ActSummary[]>()
  await eachInTurns(records, (record) => {
    if (record.outcome !== 'act' || record.act !== 'run-noted' || record.about === undefined) return
    const known = found.get(record.about.run)
    if (known) known.push(record)
    else found.set(record.about.run, [record])
  })
  return found
}

/**
 * The notes to one run, as its page, its replay and whoever follows it show them: `annotationsOf(run, await notesByRun(records))`.
 * @param run its id, and the hash of the last whole line of its record as it is now (`ReadableRun` has both)
 */
export function annotationsOf(run: { readonly id: string; readonly head: string }, notes: NotesByRun): RunAnnotations {
  const found = notes.get(run.id)?.flatMap((note) => annotationOf(note, run.head))
  if (!found?.length) return noAnnotations
  const inOrder = found.toSorted((a, b) => a.time - b.time || (a.path < b.path ? -1 : 1))
  const byExecution = new Map<number, Annotation[]>()
  for (const note of inOrder) {
    if (note.execution === undefined) continue
    const known = byExecution.get(note.execution)
    if (known) known.push(note)
    else byExecution.set(note.execution, [note])
  }
  return { count: inOrder.length, ofRun: inOrder.filter(({ execution }) => execution === undefined), byExecution }
}

function annotationOf(note: ActSummary, head: string): readonly Annotation[] {
  const { id, path, operator, startedAt: time, execution, text, about } = note
  if (text === undefined) return []
  return [
    { id, path, operator, time, ...(execution !== undefined && { execution }), text, isOutdated: about?.head !== head },
  ]
}
