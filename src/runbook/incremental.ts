import { assembleRunbook, createAssemblyMemory } from './assemble.ts'
import { type Chunk, chunksOf, chunksOfFile, factsOf, lacksFrontmatter } from './chunks.ts'
import { guarded, withoutMark } from './parse.ts'
import type { Runbook } from './runbook.ts'
import { endOf } from './source.ts'

/**
 * A parser for a text that is being edited: each call gives exactly what `parseRunbook` would, but reads again only what
 * changed since the last.
 */
export function createIncrementalParser(): { parse(text: string): Runbook } {
  const memory = createAssemblyMemory()
  let text = ''
  let chunks: readonly Chunk[] = []

  return {
    parse(next) {
      const plain = withoutMark(next)
      return guarded(plain, () => {
        const before = chunks
        chunks = [] // Nothing is remembered of a text that could not be read.
        const after = reread(text, before, plain) ?? chunksOfFile(plain)
        text = plain
        chunks = after
        const { facts, lines } = factsOf(after)
        return assembleRunbook(plain, endOf(plain, lines), facts, memory)
      })
    },
  }
}

/**
 * The chunks of a text of which some are known from before the edit; undefined when all of it has to be read.
 *
 * Why that gives what reading all of it would: CommonMark finds blocks line by line and never looks back, and a heading
 * that stands in nothing begins with nothing open. So the blocks before it do not depend on what follows, nor those after
 * it on what precedes. Two things reach farther: link definitions, which `inline.ts` looks up in the whole file, and a
 * frontmatter, which ends at the first `---` wherever that is.
 */
function reread(before: string, chunks: readonly Chunk[], text: string): readonly Chunk[] | undefined {
  if (chunks.length === 0) return undefined
  const prefix = commonPrefix(before, text)
  const suffix = commonSuffix(before, text, Math.min(before.length, text.length) - prefix)
  if (prefix === before.length && prefix === text.length) return chunks

  const starts: number[] = []
  let length = 0
  for (const chunk of chunks) {
    starts.push(length)
    length += chunk.length
  }
  let first = starts.findLastIndex((start) => start <= prefix)
  // A heading's own line must be as it was, to its end: else it may be none any more, and what precedes goes on.
  while (first > 0 && prefix < (starts[first] ?? 0) + (chunks[first]?.firstLine ?? 0)) first -= 1
  if (first > 0 && lacksFrontmatter(text, chunks)) return undefined

  const shift = text.length - before.length
  const from = starts[first] ?? 0
  let next = starts.findIndex((start, index) => index > first && start >= before.length - suffix)
  for (let step = 1; next > 0 && next < chunks.length; next += step, step *= 2) {
    const start = starts[next] ?? 0
    const heading = before.slice(start, start + (chunks[next]?.firstLine ?? 0))
    const read = chunksOf(text.slice(from, start + shift), first === 0, heading)
    if (read === undefined) continue
    if (first === 0 && lacksFrontmatter(text, read)) return undefined
    return [...chunks.slice(0, first), ...read, ...chunks.slice(next)]
  }
  if (first === 0) return undefined
  return [...chunks.slice(0, first), ...(chunksOf(text.slice(from), false, '') ?? [])]
}

function commonPrefix(a: string, b: string): number {
  const limit = Math.min(a.length, b.length)
  let length = 0
  while (length < limit && a.charCodeAt(length) === b.charCodeAt(length)) length += 1
  return length
}

function commonSuffix(a: string, b: string, limit: number): number {
  let length = 0
  while (length < limit && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length += 1
  return length
}
