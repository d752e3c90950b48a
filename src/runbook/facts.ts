import type { Code, Html, List, ListItem, Nodes, Paragraph, Parents } from 'mdast'
import { toString as plainText } from 'mdast-util-to-string'
import { isHastyTask } from './hasty-task.ts'
import { parseBlocks } from './markdown.ts'
import type { Position, Range } from './source.ts'

/** What a stretch of Markdown says that matters to a runbook, in document order. Places count from the start of the stretch. */
export type Fact =
  | { readonly kind: 'frontmatter'; readonly range: Range }
  | {
      readonly kind: 'heading'
      readonly level: number
      readonly source: string
      readonly range: Range
      readonly isTop: boolean
    }
  | FenceFact
  | { readonly kind: 'comment'; readonly text: string; readonly range: Range }
  | { readonly kind: 'task'; readonly source: string; readonly text: string; readonly range: Range }
  /** A list whose items may all be links and nothing else. `lead` is the paragraph before it. */
  | { readonly kind: 'choices'; readonly lead: string; readonly items: readonly Prose[]; readonly range: Range }
  /** A paragraph that may hold links to files. */
  | ({ readonly kind: 'prose' } & Prose)
  /** A line that was meant as a task and is none. */
  | { readonly kind: 'misspelt-task'; readonly range: Range }
  | { readonly kind: 'definition'; readonly identifier: string; readonly url: string; readonly range: Range }
  /** Anything else that can be seen: what stands after it does not directly follow what stands before it. */
  | { readonly kind: 'other'; readonly range: Range }

export interface FenceFact {
  readonly kind: 'fence'
  /** Info string as written. */
  readonly info: string
  /** Column of the info string in the first line. */
  readonly infoCharacter: number
  /** What closes it. */
  readonly marker: string
  /** Content without the indentation of what it stands in; LF line ends. */
  readonly text: string
  /** Zero-based line of the content's first line. */
  readonly textLine: number
  readonly isClosed: boolean
  readonly range: Range
}

export interface Prose {
  readonly source: string
  readonly range: Range
}

export interface Facts {
  readonly facts: readonly Fact[]
  /** Offsets of the lines with headings (`#`) that stand in nothing else: there the text can be cut and read in parts. */
  readonly cuts: readonly number[]
}

/** Reads a stretch of Markdown; `isStart` when it begins the file. */
export function readFacts(text: string, isStart: boolean): Facts {
  const root = parseBlocks(text, isStart)
  const facts: Fact[] = []
  /** What begins the last task, behind its brackets. */
  let firstOfTask: Nodes | undefined
  visitChildren(root)
  return { facts, cuts: facts.flatMap(cutBefore) }

  // Not before a heading that its underline makes one: it begins as a paragraph, which goes on what precedes.
  function cutBefore(fact: Fact): readonly number[] {
    if (fact.kind !== 'heading' || !fact.isTop) return []
    const { character, offset } = fact.range.start
    return text[offset] === '#' ? [offset - character] : []
  }

  function visitChildren(parent: Parents): void {
    let before: Nodes | undefined
    for (const child of parent.children) {
      visit(child, before, parent === root)
      before = child
    }
  }

  function visit(node: Nodes, before: Nodes | undefined, isTop: boolean): void {
    switch (node.type) {
      case 'yaml':
        facts.push({ kind: 'frontmatter', range: rangeOf(node) })
        return
      case 'heading':
        facts.push({ kind: 'heading', level: node.depth, source: plainText(node), range: rangeOf(node), isTop })
        return
      case 'code':
        addFence(node)
        return
      case 'html':
        addComment(node)
        return
      case 'definition':
        facts.push({ kind: 'definition', identifier: node.identifier, url: node.url, range: rangeOf(node) })
        return
      case 'paragraph':
        addProse(node)
        return
      case 'list': {
        const items = node.children.flatMap((item) => onlyParagraph(item) ?? [])
        if (items.length !== node.children.length) {
          visitChildren(node)
          return
        }
        const lead = before?.type === 'paragraph' ? plainText(before) : ''
        facts.push({ kind: 'choices', lead, items, range: rangeOf(node) })
        return
      }
      case 'listItem':
        if (typeof node.checked === 'boolean') {
          firstOfTask = node.children[0]
          addTask(node)
        }
        visitChildren(node)
        return
      default:
        if ('children' in node) visitChildren(node)
        else facts.push({ kind: 'other', range: rangeOf(node) })
    }
  }

  function addFence(node: Code): void {
    const range = rangeOf(node)
    const fences = node.data?.fences
    const lineEnd = text.slice(range.start.offset).search(/[\r\n]|$/)
    const opening = /^(`{3,}|~{3,})[ \t]*/.exec(text.slice(range.start.offset, range.start.offset + lineEnd))
    if (fences === undefined || opening === null) {
      facts.push({ kind: 'other', range }) // Indented code has no language and so never runs.
      return
    }
    const [{ length }, marker = ''] = opening
    facts.push({
      kind: 'fence',
      info: text.slice(range.start.offset + length, range.start.offset + lineEnd).trim(),
      infoCharacter: range.start.character + length,
      marker,
      text: node.value.replace(/\r\n?/g, '\n'),
      textLine: range.start.line + 1,
      isClosed: fences > 1,
      range,
    })
  }

  function addComment(node: Html): void {
    if (/^\s*<!--/.test(node.value)) facts.push({ kind: 'comment', text: node.value, range: rangeOf(node) })
    else facts.push({ kind: 'other', range: rangeOf(node) })
  }

  function addProse(node: Paragraph): void {
    const source = plainText(node)
    const range = rangeOf(node)
    if (source.includes('[')) facts.push({ kind: 'prose', source, range })
    else facts.push({ kind: 'other', range })
    if (/[[［]/.test(source))
      for (const line of misspeltTasks(node, range)) facts.push({ kind: 'misspelt-task', range: line })
  }

  /** Of the lines of a paragraph, those that begin as a task is hastily written; the first line of a task is none of them. */
  function misspeltTasks(paragraph: Paragraph, { start, end }: Range): readonly Range[] {
    const lineStart = start.offset - start.character
    return [...text.slice(lineStart, end.offset).matchAll(/([^\r\n]*)(?:\r\n|\r|\n|$)/g)].flatMap(
      ([, line = ''], index, lines) => {
        if (!isHastyTask(line) || (index === 0 && paragraph === firstOfTask)) return []
        const offset = lineStart + (lines[index]?.index ?? 0)
        const { length } = line.trimEnd()
        const at = { line: start.line + index, character: 0, offset }
        return [{ start: at, end: { ...at, character: length, offset: offset + length } }]
      },
    )
  }

  function addTask(item: ListItem): void {
    const [first, ...rest] = item.children
    if (first === undefined) return
    // What is listed or fenced below a task are steps of their own: its text ends before the first of them.
    const until = rest.findIndex((child) => child.type === 'list' || child.type === 'code')
    const last = (until < 0 ? rest : rest.slice(0, until)).at(-1) ?? first
    const source = text.slice(rangeOf(first).start.offset, rangeOf(last).end.offset)
    const lines = source.replace(/\r\n?/g, '\n').split('\n')
    facts.push({
      kind: 'task',
      source: plainText(first),
      text: lines
        .map((line, index) => (index === 0 ? line : line.replace(/^[ \t>]{1,12}/, '')))
        .join('\n')
        .trim(),
      range: rangeOf(item),
    })
  }
}

function onlyParagraph(item: List['children'][number]): Prose | undefined {
  const [paragraph, ...more] = item.children
  if (typeof item.checked === 'boolean' || more.length > 0 || paragraph?.type !== 'paragraph') return undefined
  const source = plainText(paragraph)
  return /^\[.*[\])]$/s.test(source.trim()) ? { source, range: rangeOf(paragraph) } : undefined
}

function rangeOf(node: Nodes): Range {
  return { start: positionOf(node.position?.start), end: positionOf(node.position?.end) }
}

function positionOf(point: { line: number; column: number; offset?: number } | undefined): Position {
  return { line: (point?.line ?? 1) - 1, character: (point?.column ?? 1) - 1, offset: point?.offset ?? 0 }
}
