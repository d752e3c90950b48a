/** What a place in a script stands in. */
export type Quoting =
  | { readonly kind: 'none' | 'comment' }
  /** `open` is the offset of the string's first character, a prefix (`f"`) included; `quote` what opens and closes it. */
  | { readonly kind: 'double' | 'single' | 'template'; readonly open: number; readonly quote: string }
  /** The lines of a here-document in which variables are put in. */
  | { readonly kind: 'here' }
  /** A place at which no variable would be put in, or that is not understood. */
  | { readonly kind: 'closed' }

export type ShellFamily = 'posix' | 'fish' | 'powershell' | 'cmd' | 'python' | 'node' | 'ruby' | 'perl'

/** Shells whose variables are known; undefined for every other interpreter. */
export function familyOf(shell: string): ShellFamily | undefined {
  switch (shell) {
    case 'bash':
    case 'sh':
    case 'zsh':
      return 'posix'
    case 'pwsh':
    case 'powershell':
      return 'powershell'
    case 'fish':
    case 'cmd':
    case 'python':
    case 'node':
    case 'ruby':
    case 'perl':
      return shell
    default:
      return undefined
  }
}

type StringPlace = Extract<Quoting, { quote: string }>
type Place = { readonly kind: 'none' } | StringPlace

/** Where the reading stands: in which strings and expressions, innermost last. */
interface Reading {
  readonly script: string
  readonly family: ShellFamily
  readonly stack: { place: Place; depth?: number }[]
  /** The here-document that begins with the next line. */
  here?: { readonly end: RegExp; readonly kind: 'here' | 'closed' }
}

/**
 * What the place `at` of a script stands in. Reads strings, comments, `$(…)` and here-documents, and nothing else: what is
 * made of it is looked at by a person before it runs.
 */
export function quotingAt(script: string, at: number, family: ShellFamily): Quoting {
  if (family === 'cmd') return cmdQuoting(script, at)
  const reading: Reading = { script, family, stack: [{ place: { kind: 'none' } }] }
  for (let i = 0; i < at; ) {
    const { place } = reading.stack.at(-1) ?? { place: { kind: 'none' } }
    if ('quote' in place) i += inString(reading, i, place)
    else {
      const passed = passedOver(reading, i)
      if (passed !== undefined && at < i + passed.length) return passed.quoting
      i += passed?.length ?? inCode(reading, i)
    }
  }
  return reading.stack.at(-1)?.place ?? { kind: 'none' }
}

/** One step through a string; how many characters it took. */
function inString({ script, family, stack }: Reading, i: number, { kind, quote }: StringPlace): number {
  const isRaw = kind === 'single' && (family === 'posix' || family === 'powershell')
  if (script[i] === escapeOf(family) && !isRaw) return 2
  if (script.startsWith(quote, i)) {
    if (family === 'powershell' && script[i + 1] === quote) return 2
    stack.pop()
    return quote.length
  }
  if (kind !== 'single' && opensExpression(script.slice(i, i + 2), family, kind)) {
    stack.push({ place: { kind: 'none' }, depth: 1 })
    return 2
  }
  return 1
}

/** A comment or a here-document that begins here, as a whole. */
function passedOver(reading: Reading, i: number): { readonly length: number; readonly quoting: Quoting } | undefined {
  const { script, family, here } = reading
  if (script[i] === '\n' && here !== undefined) {
    delete reading.here
    const body = script.slice(i + 1)
    return { length: 1 + (here.end.exec(body)?.index ?? body.length), quoting: { kind: here.kind } }
  }
  const hereString = family === 'powershell' ? /^@(["'])\r?\n/.exec(script.slice(i, i + 4)) : null
  if (hereString) {
    const end = script.indexOf(`\n${hereString[1]}@`, i)
    const length = (end === -1 ? script.length : end + 3) - i
    return { length, quoting: { kind: hereString[1] === '"' ? 'here' : 'closed' } }
  }
  const length = commentAt(script, i, family)
  return length > 0 ? { length, quoting: { kind: 'comment' } } : undefined
}

/** One step through what is no string; how many characters it took. */
function inCode(reading: Reading, i: number): number {
  const { script, family, stack } = reading
  const character = script[i] ?? ''
  if (character === escapeOf(family) && family !== 'ruby' && family !== 'perl') return 2
  const opening = family === 'posix' ? /^<<-?[ \t]*(["'\\]?)([A-Za-z_]\w*)\1?/.exec(script.slice(i, i + 100)) : null
  if (opening) {
    const end = new RegExp(`^[ \\t>]*${opening[2]}[ \\t\\r]*$`, 'm')
    reading.here = { end, kind: opening[1] === '' ? 'here' : 'closed' }
    return opening[0].length
  }
  const string = stringAt(script, i, family)
  if (string !== undefined) {
    stack.push({ place: { kind: string.kind, quote: string.quote, open: i - string.before } })
    return string.quote.length
  }
  const top = stack.at(-1)
  if (top?.depth !== undefined) {
    top.depth += (/[({]/.test(character) ? 1 : 0) - (/[)}]/.test(character) ? 1 : 0)
    if (top.depth === 0) stack.pop()
  }
  return 1
}

function escapeOf(family: ShellFamily): string {
  return family === 'powershell' ? '`' : '\\'
}

function opensExpression(two: string, family: ShellFamily, kind: 'double' | 'template'): boolean {
  if (family === 'posix' || family === 'fish' || family === 'powershell') return two === '$('
  if (family === 'ruby') return two === '#{'
  return family === 'node' && kind === 'template' && two === '${'
}

/** The length of the comment that begins here, with its line end; 0 where none does. */
function commentAt(script: string, at: number, family: ShellFamily): number {
  const rest = (pattern: RegExp) => pattern.exec(script.slice(at))?.[0].length ?? 0
  if (family === 'node') return rest(/^(?:\/\/[^\n]*\n?|\/\*[\s\S]*?(?:\*\/|$))/)
  if (family === 'powershell' && script.startsWith('<#', at)) return rest(/^<#[\s\S]*?(?:#>|$)/)
  const isWord = at > 0 && /[^\s;&|()]/.test(script[at - 1] ?? '')
  return script[at] === '#' && !(isWord && family !== 'python') ? rest(/^#[^\n]*\n?/) : 0
}

function stringAt(
  script: string,
  at: number,
  family: ShellFamily,
): { readonly kind: 'double' | 'single' | 'template'; readonly quote: string; readonly before: number } | undefined {
  const character = script[at]
  if (character === '`' && family === 'node') return { kind: 'template', quote: '`', before: 0 }
  if (character !== '"' && character !== "'") return undefined
  const triple = character.repeat(3)
  const quote = family === 'python' && script.startsWith(triple, at) ? triple : character
  const before = family === 'python' ? (/(?<!\w)[rRbBfFuU]{1,2}$/.exec(script.slice(0, at))?.[0].length ?? 0) : 0
  return { kind: character === '"' ? 'double' : 'single', quote, before }
}

/** cmd puts variables in everywhere; only a comment is not run. */
function cmdQuoting(script: string, at: number): Quoting {
  const line = script.slice(script.lastIndexOf('\n', at - 1) + 1, at)
  return { kind: /^[ \t>]*@?(?:rem\b|::)/i.test(line) ? 'comment' : 'none' }
}
