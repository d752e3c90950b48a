import type { SyntaxProblem } from '../../execution/syntax.ts'

/** PowerShell takes typographic quotes for plain ones. */
const single = "'\u2018\u2019\u201a\u201b"
const double = '"\u201c\u201d\u201e'

const messages = {
  '{': "Missing closing '}' in statement block or type definition.",
  '(': "Missing closing ')' in expression.",
  '}': "Unexpected token '}' in expression or statement.",
  ')': "Unexpected token ')' in expression or statement.",
  "'": "The string is missing the terminator: '.",
  '"': 'The string is missing the terminator: ".',
  "@'": "The string is missing the terminator: '@.",
  '@"': 'The string is missing the terminator: "@.',
  '<#': "The terminator '#>' is missing from the multiline comment.",
} as const

/** Where something began that does not end, or ended that did not begin. */
interface Imbalance {
  readonly kind: keyof typeof messages
  readonly at: number
}

/** Runs over texts by one position that moves on; what is found wrong ends it. */
interface Scan {
  readonly text: string
  at: number
  problem?: Imbalance
}

/** The first bracket, quote, here-string or block comment that has no counterpart. In PowerShell's words. */
export const findImbalance = (text: string): SyntaxProblem | undefined => {
  const scan: Scan = { text, at: 0 }
  scanCode(scan, undefined)
  if (!scan.problem) return undefined
  const before = text.slice(0, scan.problem.at).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message: messages[scan.problem.kind] }
}

/** @param opened where `(` of a subexpression in a string stands, after whose `)` the string goes on */
const scanCode = (scan: Scan, opened: number | undefined): void => {
  const open: Imbalance[] = opened === undefined ? [] : [{ kind: '(', at: opened }]
  const { text } = scan
  while (scan.at < text.length) {
    const from = scan.at
    const char = text[from] ?? ''
    if (skipToken(scan)) {
      if (scan.problem) return
    } else {
      scan.at += 1
      if (char === '{' || char === '(') open.push({ kind: char, at: from })
      if (char === '}' || char === ')') {
        const last = open.pop()
        if (last?.kind !== (char === '}' ? '{' : '(')) {
          scan.problem = last ?? { kind: char, at: from }
          return
        }
        if (opened !== undefined && open.length === 0) return
      }
    }
  }
  scan.problem = open.at(-1)
}

/** Moves over what brackets do not count in; false where there is nothing of the kind. */
const skipToken = (scan: Scan): boolean => {
  const { text, at } = scan
  const char = text[at] ?? ''
  const next = text[at + 1] ?? ''
  // `a#b` and `a@'b'` are words.
  const beginsToken = at === 0 || /[\s;{}()|&,=!+*<>[\]]/.test(text[at - 1] ?? '')
  if (char === '`') return moveTo(scan, at + 2)
  if (char === '<' && next === '#') return skipUntil(scan, '#>', '<#')
  if (char === '#' && beginsToken) return moveTo(scan, lineEnd(text, at))
  if (beginsToken && /^--%(?:\s|$)/.test(text.slice(at, at + 4))) return moveTo(scan, lineEnd(text, at))
  if (char === '$' && next === '{') return skipBracedName(scan)
  if (char === '@' && beginsToken && /^[ \t]*\n/.test(text.slice(at + 2, lineEnd(text, at) + 1))) {
    if (single.includes(next) && next) return skipHereString(scan, "@'")
    if (double.includes(next) && next) return skipHereString(scan, '@"')
  }
  if (single.includes(char)) return skipString(scan, "'")
  if (double.includes(char)) return skipString(scan, '"')
  return false
}

const moveTo = (scan: Scan, at: number): true => {
  scan.at = Math.min(at, scan.text.length)
  return true
}

const lineEnd = (text: string, from: number): number => {
  const at = text.indexOf('\n', from)
  return at < 0 ? text.length : at
}

const skipUntil = (scan: Scan, end: string, kind: Imbalance['kind']): true => {
  const { at } = scan
  const found = scan.text.indexOf(end, at + kind.length)
  if (found < 0) scan.problem = { kind, at }
  return moveTo(scan, found < 0 ? scan.text.length : found + end.length)
}

/** `${name}`, in which a backtick takes the next character. */
const skipBracedName = (scan: Scan): true => {
  const [name] = /^\$\{(?:`[\s\S]|[^`}])*\}/.exec(scan.text.slice(scan.at)) ?? []
  if (name === undefined) scan.problem = { kind: '{', at: scan.at + 1 }
  return moveTo(scan, name === undefined ? scan.text.length : scan.at + name.length)
}

/** The same quote twice stands for one of it. */
const skipString = (scan: Scan, kind: "'" | '"'): true => {
  const quotes = kind === "'" ? single : double
  const from = scan.at
  scan.at += 1
  while (scan.at < scan.text.length) {
    const char = scan.text[scan.at] ?? ''
    if (quotes.includes(char)) {
      const after = scan.text[scan.at + 1]
      if (after === undefined || !quotes.includes(after)) return moveTo(scan, scan.at + 1)
      scan.at += 2
    } else if (kind === "'" || !skipInString(scan)) scan.at += 1
    if (scan.problem) return true
  }
  scan.problem = { kind, at: from }
  return true
}

const skipHereString = (scan: Scan, kind: "@'" | '@"'): true => {
  const quotes = kind === "@'" ? single : double
  const from = scan.at
  scan.at = lineEnd(scan.text, from)
  while (scan.at < scan.text.length) {
    const { text, at } = scan
    if (text[at] === '\n' && quotes.includes(text[at + 1] || '\n') && text[at + 2] === '@') return moveTo(scan, at + 3)
    if (kind === "@'" || !skipInString(scan)) scan.at += 1
    if (scan.problem) return true
  }
  scan.problem = { kind, at: from }
  return true
}

/** In a string that PowerShell fills in: `$(…)` holds code, whose own strings end nothing; a backtick takes the next character. */
const skipInString = (scan: Scan): boolean => {
  const { text, at } = scan
  if (text[at] === '`') return moveTo(scan, at + 2)
  if (text[at] !== '$' || text[at + 1] !== '(') return false
  scan.at = at + 2
  scanCode(scan, at + 1)
  return true
}
