import { isAbsolute, relative } from 'node:path'

/** A path as people type it here: relative to the current folder when it lies in it, else absolute. */
export function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path)
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short
}
