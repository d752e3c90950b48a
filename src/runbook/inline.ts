import type { Nodes } from 'mdast'
import { toString as plainText } from 'mdast-util-to-string'
import { parseWhole } from './markdown.ts'

/** What one paragraph or heading says. */
export interface Inline {
  /** Without markup. */
  readonly text: string
  readonly links: readonly InlineLink[]
  /** The paragraph is one link and nothing else. */
  readonly isOnlyLink: boolean
}

export interface InlineLink {
  readonly label: string
  readonly target: string
  /** UTF-16 offsets in the source. */
  readonly start: number
  readonly end: number
}

/** Definitions of a file, `[identifier]: url`: the first of a name counts. */
export type Definitions = ReadonlyMap<string, string>

/** Reads the source of a paragraph or heading; remembers what it read, as long as the definitions stay the same. */
export type InlineReader = (source: string) => Inline

/** Longer ones have a megabyte of brackets in them, not a title. */
const longest = 10_000
const marked = /[\\`*_[\]<>&!]/

export function createInlineMemory(): { reader(definitions: Definitions): InlineReader } {
  const kept = { memory: new Map<string, Inline>(), definitions: '' }
  return {
    reader(definitions) {
      const written = [...definitions].map(([identifier]) => `[${identifier}]: <>\n`).join('')
      const signature = JSON.stringify([...definitions])
      if (signature !== kept.definitions || kept.memory.size > 20_000) kept.memory.clear()
      kept.definitions = signature
      return (source) => {
        if (!marked.test(source) || source.length > longest) return { text: tidy(source), links: [], isOnlyLink: false }
        const known = kept.memory.get(source)
        if (known !== undefined) return known
        const read = readInline(source, definitions, source.includes('[') ? written : '')
        kept.memory.set(source, read)
        return read
      }
    },
  }
}

/** A heading holds what a paragraph does and nothing else: with its marks around, no source can be read as another block. */
const opening = '# '

function readInline(source: string, definitions: Definitions, written: string): Inline {
  const [heading] = parseWhole(`${opening}${source.replace(/\r\n?|\n/g, ' ')} #\n${written}`).children
  if (heading?.type !== 'heading') return { text: tidy(source), links: [], isOnlyLink: false }
  const links: InlineLink[] = []
  const visit = (node: Nodes): void => {
    const target =
      node.type === 'link' ? node.url : node.type === 'linkReference' ? definitions.get(node.identifier) : undefined
    if (target !== undefined) {
      const start = (node.position?.start.offset ?? 0) - opening.length
      const end = (node.position?.end.offset ?? 0) - opening.length
      links.push({ label: tidy(plainText(node)), target, start, end })
    } else if ('children' in node) for (const child of node.children) visit(child)
  }
  visit(heading)
  const content = heading.children.filter((child) => child.type !== 'text' || child.value.trim() !== '')
  const isOnlyLink = content.length === 1 && (content[0]?.type === 'link' || content[0]?.type === 'linkReference')
  return { text: tidy(plainText(heading, { includeHtml: false })), links, isOnlyLink }
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
