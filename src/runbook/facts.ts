import type { Code, Html, Link, List, ListItem, Nodes, Parent, Root } from 'mdast'
import { gfmTaskListItemFromMarkdown } from 'mdast-util-gfm-task-list-item'
import { toString as plainText } from 'mdast-util-to-string'
import { gfmTaskListItem } from 'micromark-extension-gfm-task-list-item'
import remarkFrontmatter from 'remark-frontmatter'
import remarkParse from 'remark-parse'
import { type Processor, unified } from 'unified'
import type { Choice } from './runbook.ts'
import type { Position, Range } from './source.ts'

/** What a stretch of Markdown says that matters to a runbook, in document order. Places count from the start of the stretch. */
export type Fact =
  | { readonly kind: 'frontmatter'; readonly range: Range }
  | {
      readonly kind: 'heading'
      readonly level: number
      readonly title: string
      readonly range: Range
      readonly isTop: boolean
    }
  | {
      readonly kind: 'fence'
      /** Info string as written. */
      readonly info: string
      /** Content without the indentation of what it stands in; LF line ends. */
      readonly text: string
      /** Zero-based line of the content's first line. */
      readonly textLine: number
      readonly isClosed: boolean
      readonly range: Range
    }
  | { readonly kind: 'comment'; readonly text: string; readonly range: Range }
  | { readonly kind: 'task'; readonly title: string; readonly text: string; readonly range: Range }
  | { readonly kind: 'decision'; readonly title: string; readonly choices: readonly Choice[]; readonly range: Range }
  | { readonly kind: 'link'; readonly label: string; readonly target: string; readonly range: Range }

export interface Facts {
  readonly facts: readonly Fact[]
  /** Offsets of the headings that stand in nothing else: there the text can be cut and read in parts. */
  readonly cuts: readonly number[]
}

/** Task lists are all that runbooks need of GitHub's extensions; the others would cost half of the time. */
function taskLists(this: Processor): void {
  const data = this.data()
  data.micromarkExtensions = [...(data.micromarkExtensions ?? []), gfmTaskListItem()]
  data.fromMarkdownExtensions = [...(data.fromMarkdownExtensions ?? []), gfmTaskListItemFromMarkdown()]
}

const withFrontmatter = unified().use(remarkParse).use(remarkFrontmatter, ['yaml']).use(taskLists).freeze()
const withoutFrontmatter = unified().use(remarkParse).use(taskLists).freeze()

/**
 * Reads a stretch of Markdown (CommonMark 0.31 with task lists).
 * @param isStart the stretch begins the file: only there is a frontmatter
 */
export function readFacts(text: string, isStart: boolean): Facts {
  const root: Root = (isStart ? withFrontmatter : withoutFrontmatter).parse(text)
  const facts: Fact[] = []
  for (const node of root.children) visit(node, true)
  const cuts = facts.flatMap((fact) => (fact.kind === 'heading' && fact.isTop ? [fact.range.start.offset] : []))
  return { facts, cuts }

  function visit(node: Nodes, isTop: boolean): void {
    switch (node.type) {
      case 'yaml':
        facts.push({ kind: 'frontmatter', range: rangeOf(node) })
        return
      case 'heading':
        facts.push({ kind: 'heading', level: node.depth, title: plainText(node), range: rangeOf(node), isTop })
        return
      case 'code':
        addFence(node)
        return
      case 'html':
        addComment(node)
        return
      case 'list':
        if (!addDecision(node, facts, root)) visitAll(node)
        return
      case 'listItem':
        if (typeof node.checked === 'boolean') addTask(node)
        visitAll(node)
        return
      case 'link':
        facts.push({ kind: 'link', label: plainText(node), target: node.url, range: rangeOf(node) })
        return
      default:
        if ('children' in node) visitAll(node)
    }
  }

  function visitAll(node: Parent): void {
    for (const child of node.children) visit(child, false)
  }

  function addFence(node: Code): void {
    const range = rangeOf(node)
    const source = text.slice(range.start.offset, range.end.offset)
    const opening = /^(`{3,}|~{3,})([^\r\n]*)/.exec(source)
    if (opening === null) return // Indented code has no language and so never runs.
    const [, marker = '', info = ''] = opening
    const last = /[\r\n][\s>]*([`~]+)[ \t]*$/.exec(source)?.[1]
    const isClosed =
      last !== undefined &&
      last[0] === marker[0] &&
      last.length >= marker.length &&
      !/[^`]/.test(last.replaceAll('~', '`'))
    facts.push({
      kind: 'fence',
      info: info.trim(),
      text: node.value.replace(/\r\n?/g, '\n'),
      textLine: range.start.line + 1,
      isClosed,
      range,
    })
  }

  function addComment(node: Html): void {
    if (/^\s*<!--/.test(node.value)) facts.push({ kind: 'comment', text: node.value, range: rangeOf(node) })
  }

  function addTask(item: ListItem): void {
    const [first, ...rest] = item.children
    if (first === undefined) return
    // What is listed or fenced below a task are steps of their own: its text ends before the first of them.
    const until = rest.findIndex((child) => child.type === 'list' || child.type === 'code')
    const prose = [first, ...(until < 0 ? rest : rest.slice(0, until))].filter((child) => child.type !== 'code')
    const start = rangeOf(first).start.offset
    const end = rangeOf(prose.at(-1) ?? first).end.offset
    const source = text.slice(start, end).replace(/^\s*\[[ xX]\]\s+/, '')
    const lines = source.replace(/\r\n?/g, '\n').split('\n')
    facts.push({
      kind: 'task',
      title: plainText(first).replace(/\s+/g, ' ').trim(),
      text: lines
        .map((line, index) => (index === 0 ? line : line.replace(/^[ \t>]{1,12}/, '')))
        .join('\n')
        .trim(),
      range: rangeOf(item),
    })
  }
}

/** A list in which every item is just a link to a heading of the same file. */
function addDecision(list: List, facts: Fact[], root: Root): boolean {
  const links = list.children.map(onlyLink)
  if (links.length === 0 || !links.every((link) => link !== undefined)) return false
  const index = root.children.indexOf(list)
  const before = index > 0 ? root.children[index - 1] : undefined
  facts.push({
    kind: 'decision',
    title: before?.type === 'paragraph' ? plainText(before).replace(/\s+/g, ' ').trim() : '',
    choices: links.map((link) => ({ label: plainText(link).trim(), target: anchorOf(link.url), range: rangeOf(link) })),
    range: rangeOf(list),
  })
  return true
}

function onlyLink(item: ListItem): Link | undefined {
  const [paragraph, ...more] = item.children
  if (typeof item.checked === 'boolean' || more.length > 0 || paragraph?.type !== 'paragraph') return undefined
  const children = paragraph.children.filter((child) => child.type !== 'text' || child.value.trim() !== '')
  const [link] = children
  return children.length === 1 && link?.type === 'link' && link.url.startsWith('#') && link.url.length > 1
    ? link
    : undefined
}

function anchorOf(url: string): string {
  try {
    return decodeURIComponent(url.slice(1))
  } catch {
    return url.slice(1)
  }
}

function rangeOf(node: Nodes): Range {
  return { start: positionOf(node.position?.start), end: positionOf(node.position?.end) }
}

function positionOf(point: { line: number; column: number; offset?: number } | undefined): Position {
  return { line: (point?.line ?? 1) - 1, character: (point?.column ?? 1) - 1, offset: point?.offset ?? 0 }
}
