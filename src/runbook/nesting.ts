import type { Range } from './source.ts'

/**
 * The first line on which lists and quotes stand in one another more than a hundred deep. Nobody writes that, and the
 * parser's time grows with the square of the depth: a line of ten kilobytes would take many seconds.
 */
export function tooDeep(text: string): Range | undefined {
  const found = /^[ \t]*(?:>[ \t]*|(?:[*+-]|\d{1,9}[.)])[ \t]+){101}.*$/gm
  for (const match of text.matchAll(found)) {
    const isRule = /^[ \t]*([*-])(?:[ \t]*\1)*[ \t]*$/.test(match[0])
    if (isRule) continue
    const line = text.slice(0, match.index).match(/\r\n|\n|\r/g)?.length ?? 0
    const start = { line, character: 0, offset: match.index }
    return { start, end: { ...start, character: match[0].length, offset: match.index + match[0].length } }
  }
  return undefined
}
