import type { Prose } from './facts.ts'
import type { InlineReader } from './inline.ts'
import type { Choice, Link } from './runbook.ts'
import type { Range } from './source.ts'

/** A list under one of these is a table of contents, whose links nobody has to choose from. */
const contents = new Set(['contents', 'table of contents', 'toc', 'on this page', '目次', 'もくじ'])

const prerequisites = new Set(['prerequisites', 'prerequisite', 'pre-requisites', '前提条件'])

export function isContents(title: string): boolean {
  return contents.has(title.toLowerCase())
}

export function isPrerequisites(title: string): boolean {
  return prerequisites.has(title.toLowerCase())
}

/** The choices of a list in which every item is just a link to a heading of the same file; undefined when one is not. */
export function choicesOf(items: readonly Prose[], read: InlineReader): readonly Choice[] | undefined {
  const choices: Choice[] = []
  for (const { source, range } of items) {
    const { links, isOnlyLink } = read(source)
    const [link] = links
    if (!isOnlyLink || link === undefined || !/^#./.test(link.target)) return undefined
    choices.push({ label: link.label, target: link.target.slice(1), range })
  }
  return choices
}

/** Links that lead out of this file. */
export function linksToOthers({ source, range }: Prose, read: InlineReader): readonly Link[] {
  return read(source).links.flatMap(({ label, target, start, end }) => {
    if (target === '' || target.startsWith('#')) return []
    return [{ label, target, range: within(range, source, start, end) }]
  })
}

/** Offsets in a paragraph's source count as columns only while it is one line: what it stands in repeats on every other. */
function within(range: Range, source: string, start: number, end: number): Range {
  if (/[\r\n]/.test(source)) return range
  const at = (delta: number) => ({
    line: range.start.line,
    character: range.start.character + delta,
    offset: range.start.offset + delta,
  })
  return { start: at(start), end: at(end) }
}
