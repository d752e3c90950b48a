import type { Stats } from 'node:fs'
import type { FileStamp } from '../../record/digest-block.ts'

/** What tells whether the names in a folder are those that were listed. */
export interface FolderStamp {
  readonly mtimeMs: number
  readonly ino: number
  /** When it was listed, milliseconds since the epoch. */
  readonly listedAt: number
}

/** Milliseconds for which a change may leave the time of a folder as it is: the coarsest file systems count in two seconds. */
const coarseTime = 3000

/** Whether the names in a folder are still those that were listed: what changed at the time of listing may have been missed. */
export function isSameFolder({ mtimeMs, ino, listedAt }: FolderStamp, now: Stats): boolean {
  return mtimeMs === now.mtimeMs && ino === now.ino && listedAt - mtimeMs > coarseTime
}

export function stampOf({ size, mtimeMs, ctimeMs, ino }: Stats): FileStamp {
  return { size, mtimeMs, ctimeMs, ino }
}

export function isSameFile(before: FileStamp, now: FileStamp): boolean {
  const isSameTime = before.mtimeMs === now.mtimeMs && before.ctimeMs === now.ctimeMs
  return isSameTime && before.size === now.size && before.ino === now.ino
}
