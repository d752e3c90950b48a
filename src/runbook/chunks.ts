import { type Fact, readFacts } from './facts.ts'
import { mayHaveFrontmatter } from './frontmatter-block.ts'
import { lineEndsIn, type Range } from './source.ts'

/** A part of a file from one outermost heading to the next, with what it says, counted from its own start. */
export interface Chunk {
  readonly length: number
  readonly lines: number
  /** Length of its first line with the line end. The last line of a file, which has none, counts one more. */
  readonly firstLine: number
  readonly facts: readonly Fact[]
}

/**
 * Reads a stretch of a file that begins at its start or at an outermost heading.
 * @param heading first line of what follows; empty at the end of the file. Undefined is returned when it is not read as an
 *   outermost heading, so that the text cannot be cut there.
 */
export function chunksOf(text: string, isStart: boolean, heading: string): readonly Chunk[] | undefined {
  if (text === '') return []
  if (heading !== '' && !/[\r\n]$/.test(text)) return undefined
  const { facts, cuts } = readFacts(text + heading, isStart)
  if (heading !== '' && cuts.at(-1) !== text.length) return undefined
  const starts = [0, ...cuts.filter((cut) => cut > 0 && cut < text.length)]
  const chunks: Chunk[] = []
  let next = 0
  let line = 0
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? text.length
    const own: Fact[] = []
    for (let fact = facts[next]; fact !== undefined && fact.range.start.offset < end; fact = facts[++next]) {
      own.push(moved(fact, -line, -start))
    }
    const part = text.slice(start, end)
    const lines = lineEndsIn(part)
    const firstEnd = /\r\n|\n|\r/.exec(part)
    const firstLine = firstEnd === null ? part.length + 1 : firstEnd.index + firstEnd[0].length
    chunks.push({ length: part.length, lines, firstLine, facts: own })
    line += lines
  }
  return chunks
}

/**
 * The chunks of a whole file. A long one is read in stretches that end before outermost headings: the parser's time grows
 * with the square of the number of lists, and that of the garbage collector faster than the text.
 * @param stretch UTF-16 units that a stretch has at least
 */
export function chunksOfFile(text: string, stretch = 16 * 1024): readonly Chunk[] {
  const chunks: Chunk[] = []
  let from = 0
  let size = stretch
  while (from < text.length) {
    const to = headingBehind(text, from + size)
    const read = chunksOf(text.slice(from, to), from === 0, firstLineOf(text, to))
    const isLast = to === text.length
    if (read === undefined || (from === 0 && !isLast && lacksFrontmatter(text, read))) {
      // The line was no heading but stands in a block, or in the frontmatter, that ends farther down.
      size *= 2
      continue
    }
    for (const chunk of read) chunks.push(chunk)
    from = to
    size = stretch
  }
  return chunks
}

/** The fence that ends the frontmatter is not among what was read, and may be anywhere behind. */
export function lacksFrontmatter(text: string, read: readonly Chunk[]): boolean {
  return mayHaveFrontmatter(text) && read[0]?.facts[0]?.kind !== 'frontmatter'
}

/** Where the next line begins that looks like a heading, else the text's end. */
function headingBehind(text: string, offset: number): number {
  const heading = /[\r\n]#{1,6}[ \t]/g
  heading.lastIndex = offset
  const found = heading.exec(text)
  return found === null ? text.length : found.index + 1
}

function firstLineOf(text: string, offset: number): string {
  const end = /\r\n|\n|\r|$/g
  end.lastIndex = offset
  return text.slice(offset, end.exec(text) === null ? text.length : end.lastIndex)
}

/** What a whole file says, and its number of line ends. */
export function factsOf(chunks: readonly Chunk[]): { readonly facts: readonly Fact[]; readonly lines: number } {
  const facts: Fact[] = []
  let line = 0
  let offset = 0
  for (const chunk of chunks) {
    for (const fact of chunk.facts) facts.push(offset === 0 ? fact : moved(fact, line, offset))
    line += chunk.lines
    offset += chunk.length
  }
  return { facts, lines: line }
}

function moved(fact: Fact, lines: number, offset: number): Fact {
  // Nobody asks where the rest stands.
  if ((lines === 0 && offset === 0) || fact.kind === 'other') return fact
  const range = movedRange(fact.range, lines, offset)
  switch (fact.kind) {
    case 'fence':
      return { ...fact, range, textLine: fact.textLine + lines }
    case 'choices':
      return {
        ...fact,
        range,
        items: fact.items.map((item) => ({ ...item, range: movedRange(item.range, lines, offset) })),
      }
    default:
      return { ...fact, range }
  }
}

function movedRange({ start, end }: Range, lines: number, offset: number): Range {
  return {
    start: { line: start.line + lines, character: start.character, offset: start.offset + offset },
    end: { line: end.line + lines, character: end.character, offset: end.offset + offset },
  }
}
