import type { Translate } from './translate.ts'

/** Said of a record that a newer version wrote; undefined of every other. */
export function newerFormatWords(format: number | undefined, t: Translate): string | undefined {
  return format === undefined
    ? undefined
    : t('{0}: a newer Baton wrote it, and this one does not know all of it', format)
}
