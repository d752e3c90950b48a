import { type FrontmatterReading, readFrontmatter } from './frontmatter.ts'
import type { Range } from './source.ts'

export type { FrontmatterReading }

const nothing: FrontmatterReading = {
  frontmatter: { parameters: [], secrets: [] },
  problems: [],
  isSessionOutput: false,
}

/**
 * The frontmatter of a file, if it has one.
 * @param block its place with both fences, as the Markdown parser sees it
 */
export function frontmatterOf(text: string, block: Range | undefined): FrontmatterReading {
  if (block === undefined) return isUnclosed(text) ? unclosed : nothing
  const source = text.slice(block.start.offset, block.end.offset)
  const opening = /^.*(?:\r\n|\n|\r)/.exec(source)?.[0].length ?? 0
  const closing = Math.max(source.lastIndexOf('\n'), source.lastIndexOf('\r')) + 1
  return readFrontmatter(source.slice(opening, Math.max(opening, closing)), block, block.start.offset + opening)
}

/** The fences of a frontmatter, as micromark's extension sees them. */
const opensFrontmatter = /^---[ \t]*(?:\r\n|\n|\r)/

/** Whether a file that begins so has its frontmatter only if a second `---` is somewhere behind. */
export function mayHaveFrontmatter(text: string): boolean {
  return opensFrontmatter.test(text)
}

/** Whether a file has one. */
export function hasFrontmatter(text: string): boolean {
  const opening = opensFrontmatter.exec(text)
  if (opening === null) return false
  const closing = /[\r\n]---[ \t]*(?=[\r\n]|$)/g
  closing.lastIndex = opening[0].length - 1
  return closing.test(text)
}

/** A file that begins with `---` and a key, but has no second `---`, was meant to have a frontmatter. */
function isUnclosed(text: string): boolean {
  return /^---[ \t]*(?:\r\n|\n|\r)[\w-]+:/.test(text)
}

const start = { line: 0, character: 0, offset: 0 }
const unclosed: FrontmatterReading = {
  ...nothing,
  problems: [
    {
      code: 'frontmatter-unclosed',
      severity: 'error',
      range: { start, end: { line: 0, character: 3, offset: 3 } },
      values: {},
    },
  ],
}
