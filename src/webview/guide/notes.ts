import type { GuideProgress } from './messages.ts'

/** Notes that are half typed, by the id of their step. */
export type Notes = Readonly<Record<string, string>>

/** @param kept whatever the page kept before */
export function readNotes(kept: unknown): Notes {
  if (typeof kept !== 'object' || kept === null) return {}
  const notes = Object.entries(kept).flatMap(([id, note]) => (typeof note === 'string' ? [[id, note] as const] : []))
  return Object.fromEntries(notes)
}

/** Without the notes that are on record: the next run has its own. */
export function withoutSettled(notes: Notes, standings: GuideProgress['standings']): Notes {
  const open = Object.entries(notes).filter(([id, note]) => note.trim() === '' || standings[id]?.note !== note.trim())
  return open.length === Object.keys(notes).length ? notes : Object.fromEntries(open)
}
