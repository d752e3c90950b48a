import { assembleRunbook } from './assemble.ts'
import { type Fact, readFacts } from './facts.ts'
import { parseRunbook, unreadable, withoutMark } from './parse.ts'
import type { Runbook } from './runbook.ts'
import type { Position, Range } from './source.ts'

/** A part of a file from one outermost heading to the next, with what it says, counted from its own start. */
interface Chunk {
  readonly text: string
  readonly lines: number
  readonly facts: readonly Fact[]
}

/**
 * A parser for a text that is being edited: each call gives exactly what `parseRunbook` would, but reads again only what
 * changed since the last.
 *
 * Why the text can be cut before an outermost heading: CommonMark finds blocks line by line with no look back, and such a
 * heading stands in nothing and continues nothing. What comes before it matters to what follows in one way only: link
 * definitions, and a file that has any is read as a whole.
 */
export function createIncrementalParser(): { parse(text: string): Runbook } {
  let chunks: readonly Chunk[] = []

  function parse(text: string): Runbook {
    const plain = withoutMark(text)
    if (/^ {0,3}(?:[>*+-] ?|\d+[.)] )*\[[^\]]+\]:/m.test(plain)) {
      chunks = []
      return parseRunbook(plain)
    }
    try {
      chunks = update(plain, chunks)
      return assembleRunbook(plain, chunks.length === 1 ? (chunks[0]?.facts ?? []) : joined(chunks))
    } catch (error) {
      chunks = []
      if (error instanceof RangeError) return unreadable('file-too-slow')
      throw error
    }
  }

  return { parse }
}

function update(text: string, before: readonly Chunk[]): readonly Chunk[] {
  let head = 0
  let start = 0
  for (const chunk of before) {
    if (!text.startsWith(chunk.text, start)) break
    start += chunk.text.length
    head += 1
  }
  if (head === before.length && start === text.length && head > 0) return before
  // The last equal chunk may have grown at its end: what was its end is no border any more.
  if (head > 0 && (head === before.length || !isBorder(text, start))) {
    head -= 1
    start -= before[head]?.text.length ?? 0
  }
  let tail = before.length
  let end = text.length
  while (tail > head + 1) {
    const chunk = before[tail - 1]
    if (chunk === undefined || end - chunk.text.length < start || !text.endsWith(chunk.text, end)) break
    end -= chunk.text.length
    tail -= 1
  }
  for (;;) {
    const next = before[tail]
    const middle = text.slice(start, end)
    // With the first line of the next chunk: only if that is still an outermost heading of its own is the cut sound.
    const probe = next === undefined ? '' : firstLine(next.text)
    const read = readChunks(middle, probe, start === 0)
    if (read !== undefined) return [...before.slice(0, head), ...read, ...before.slice(tail)]
    end += next?.text.length ?? 0
    tail += 1
  }
}

/** Undefined when `probe`, which follows, is not read as a heading of its own. */
function readChunks(text: string, probe: string, isStart: boolean): readonly Chunk[] | undefined {
  const { facts, cuts } = readFacts(text + probe, isStart)
  if (probe !== '' && (cuts.at(-1) !== text.length || !endsLine(text))) return undefined
  const borders = cuts.filter((cut) => cut > 0 && cut < text.length && isBorder(text, cut))
  const starts = [0, ...borders]
  const lineStarts = linesAt(text, starts)
  const parts: Fact[][] = starts.map(() => [])
  let part = 0
  for (const fact of facts) {
    if (fact.range.start.offset >= text.length && probe !== '') break
    while (part + 1 < starts.length && fact.range.start.offset >= (starts[part + 1] ?? 0)) part += 1
    const base = { line: lineStarts[part] ?? 0, offset: starts[part] ?? 0 }
    parts[part]?.push(moved(fact, -base.line, -base.offset))
  }
  return starts.map((start, index) => ({
    text: text.slice(start, starts[index + 1] ?? text.length),
    lines: (lineStarts[index + 1] ?? lineCount(text)) - (lineStarts[index] ?? 0),
    facts: parts[index] ?? [],
  }))
}

/** A cut must stand at the start of a line, or columns would be counted wrongly. */
function isBorder(text: string, offset: number): boolean {
  return offset === 0 || (text[offset - 1] === '\n' && text[offset] === '#')
}

function endsLine(text: string): boolean {
  return text === '' || text.endsWith('\n')
}

function firstLine(text: string): string {
  const end = text.indexOf('\n')
  return end < 0 ? text : text.slice(0, end + 1)
}

const lineEnd = /\r\n|\n|\r/g

function lineCount(text: string): number {
  return text.match(lineEnd)?.length ?? 0
}

/** Line numbers of ascending offsets. */
function linesAt(text: string, offsets: readonly number[]): readonly number[] {
  let line = 0
  let from = 0
  return offsets.map((offset) => {
    line += lineCount(text.slice(from, offset))
    from = offset
    return line
  })
}

function joined(chunks: readonly Chunk[]): readonly Fact[] {
  const facts: Fact[] = []
  let line = 0
  let offset = 0
  for (const chunk of chunks) {
    for (const fact of chunk.facts) facts.push(line === 0 && offset === 0 ? fact : moved(fact, line, offset))
    line += chunk.lines
    offset += chunk.text.length
  }
  return facts
}

function moved(fact: Fact, lines: number, offset: number): Fact {
  const at = (position: Position): Position => ({
    line: position.line + lines,
    character: position.character,
    offset: position.offset + offset,
  })
  const range: Range = { start: at(fact.range.start), end: at(fact.range.end) }
  switch (fact.kind) {
    case 'fence':
      return { ...fact, range, textLine: fact.textLine + lines }
    case 'decision': {
      const choices = fact.choices.map((choice) => ({
        ...choice,
        range: { start: at(choice.range.start), end: at(choice.range.end) },
      }))
      return { ...fact, range, choices }
    }
    default:
      return { ...fact, range }
  }
}
