import { lineEndsIn, type Position, type Range } from './source.ts'

/**
 * The first line of what nobody writes and the Markdown parser cannot read in reasonable time, because its own grows with
 * the square of the input: lists and quotes that stand in one another more than a hundred deep, and a paragraph in one of
 * them that goes on for ten thousand lines without their marks (lazy continuation lines).
 */
export function tooHard(text: string): Range | undefined {
  return tooDeep(text) ?? tooLazy(text)
}

function tooDeep(text: string): Range | undefined {
  const found = /^[ \t]*(?:>[ \t]*|(?:[*+-]|\d{1,9}[.)])[ \t]+){101}.*$/gm
  for (const match of text.matchAll(found)) {
    const isRule = /^[ \t]*([*-])(?:[ \t]*\1)*[ \t]*$/.test(match[0])
    if (!isRule) return lineAt(text, match.index, match[0].length)
  }
  return undefined
}

const lazyLines = 10_000
const container = /^[ \t]*(?:>|[*+-][ \t]|\d{1,9}[.)][ \t])/

function tooLazy(text: string): Range | undefined {
  if (text.length < 2 * lazyLines || lineEndsIn(text) < lazyLines) return undefined
  let opened: RegExpExecArray | undefined
  let count = 0
  for (const line of text.matchAll(/^.*$/gm)) {
    count += 1
    if (container.test(line[0])) {
      opened = line
      count = 0
    } else if (!/\S/.test(line[0])) opened = undefined
    else if (opened !== undefined && count >= lazyLines) return lineAt(text, opened.index, opened[0].length)
  }
  return undefined
}

function lineAt(text: string, offset: number, length: number): Range {
  const start: Position = { line: lineEndsIn(text.slice(0, offset)), character: 0, offset }
  return { start, end: { line: start.line, character: length, offset: offset + length } }
}
