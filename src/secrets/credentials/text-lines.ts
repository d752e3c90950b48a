import { canonicalShell, shellOf } from '../../runbook/languages.ts'

/** What a line of a text is: each kind writes passwords in its own way. */
export type LineContext =
  /** Sentences and lists; in a record, what programs printed. */
  | { readonly kind: 'prose' }
  /** The text of a step, or of a fence in a language that could be one. */
  | { readonly kind: 'code'; readonly shell: string }
  /** Settings: the frontmatter, YAML, JSON, INI. */
  | { readonly kind: 'data' }

export interface TextLine {
  /** Zero-based. */
  readonly line: number
  /** Offset of its first character. */
  readonly start: number
  /** Without its line end. */
  readonly text: string
  readonly context: LineContext
}

const prose: LineContext = { kind: 'prose' }
const data: LineContext = { kind: 'data' }

/** The lines of a text that is all of one kind. */
export function linesOf(text: string, context: LineContext): readonly TextLine[] {
  return cut(text).map((line) => ({ ...line, context }))
}

/**
 * The lines of a Markdown file. Fences are told by their marks alone, wherever they stand: that is enough to know how a
 * line has to be read, and it holds while a file is being written.
 */
export function linesOfMarkdown(text: string): readonly TextLine[] {
  let fence: { readonly mark: string; readonly context: LineContext } | undefined
  const lines = cut(text)
  const frontmatterEnd = endOfFrontmatter(lines)
  return lines.map((line, index) => {
    if (index < frontmatterEnd) return { ...line, context: data }
    const found = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})[ \t]*([^`]*)$/.exec(line.text)
    const [, mark = '', info = ''] = found ?? []
    if (fence === undefined) {
      if (found) fence = { mark, context: contextOf(info) }
      return { ...line, context: prose }
    }
    if (found && info.trim() === '' && mark.startsWith(fence.mark)) {
      fence = undefined
      return { ...line, context: prose }
    }
    return { ...line, context: fence.context }
  })
}

/** The number of lines that the frontmatter takes, with both its fences. */
function endOfFrontmatter(lines: readonly { readonly text: string }[]): number {
  if (!/^\ufeff?---[ \t]*$/.test(lines[0]?.text ?? '')) return 0
  return lines.findIndex(({ text }, index) => index > 0 && /^---[ \t]*$/.test(text)) + 1
}

const settings = new Set(
  'yaml yml json jsonc json5 toml ini properties conf config env dotenv xml ldif reg hcl tf nginx'.split(' '),
)

function contextOf(info: string): LineContext {
  const language = /^[^\s{]*/.exec(info)?.[0].toLowerCase() ?? ''
  if (settings.has(language)) return data
  const named = /[{\s]shell["=:\s]+([\w.-]+)/.exec(info)?.[1]
  const shell = named === undefined ? shellOf(language, undefined) : canonicalShell(named)
  // What stands in a fence without a language may be anything, also what a program printed.
  return shell === undefined ? (language === '' ? prose : { kind: 'code', shell: '' }) : { kind: 'code', shell }
}

function cut(text: string): readonly Omit<TextLine, 'context'>[] {
  const lines: Omit<TextLine, 'context'>[] = []
  let start = 0
  for (const match of text.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ line: lines.length, start, text: text.slice(start, match.index) })
    start = match.index + match[0].length
  }
  lines.push({ line: lines.length, start, text: text.slice(start) })
  return lines
}
