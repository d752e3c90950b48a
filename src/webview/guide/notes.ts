/** Notes that are half typed, by the id of their step. */
export type Notes = Readonly<Record<string, string>>

/** @param kept whatever the page kept before */
export function readNotes(kept: unknown): Notes {
  if (typeof kept !== 'object' || kept === null) return {}
  const notes = Object.entries(kept).flatMap(([id, note]) => (typeof note === 'string' ? [[id, note] as const] : []))
  return Object.fromEntries(notes)
}
