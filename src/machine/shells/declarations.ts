/** One variable as a POSIX shell lists it (`declare -p`, `export -p`). */
export interface Declaration {
  /** Attributes without the dash: `x` exported, `r` readonly, `a` and `A` arrays, `-` none. */
  readonly flags: string
  readonly name: string
  /** Undefined for arrays and for variables without a value. */
  readonly value: string | undefined
  /** The line or lines as listed, bytes as Latin-1 characters. */
  readonly source: string
}

const ansiEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
}

/** Where the value that begins at `from` ends (its line end), and what its quotes stand for. */
const readValue = (text: string, from: number): { readonly end: number; readonly value: string } => {
  let at = from
  let value = ''
  while (at < text.length && text[at] !== '\n') {
    const char = text[at] ?? ''
    if (char === "'") {
      const close = text.indexOf("'", at + 1)
      if (close < 0) return { end: text.length, value }
      value += text.slice(at + 1, close)
      at = close + 1
    } else if (char === '"') {
      at++
      while (at < text.length && text[at] !== '"') {
        if (text[at] === '\\' && '"\\$`\n'.includes(text[at + 1] ?? ' ')) at++
        value += text[at]
        at++
      }
      at++
    } else if (char === '$' && text[at + 1] === "'") {
      at += 2
      while (at < text.length && text[at] !== "'") {
        if (text[at] !== '\\') {
          value += text[at]
          at++
          continue
        }
        const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0]
        value += octal
          ? String.fromCharCode(Number.parseInt(octal, 8))
          : (ansiEscapes[text[at + 1] ?? ''] ?? text[at + 1])
        at += 1 + (octal?.length ?? 1)
      }
      at++
    } else {
      if (char === '\\') at++
      value += text[at] ?? ''
      at++
    }
  }
  return { end: at, value }
}

/**
 * Reads what `declare -p` (bash, zsh) or `export -p` (sh) printed. Values may hold line ends and anything else.
 * @param bytes as printed; bytes that are no UTF-8 come out as U+FFFD in `value` and unharmed in `source`
 */
export const readDeclarations = (bytes: Buffer): readonly Declaration[] => {
  const text = bytes.toString('latin1')
  const head = /(?:(?:declare|typeset) -(\S+)|export) ([A-Za-z_]\w*)(=)?/y
  const found: Declaration[] = []
  let at = 0
  while (at < text.length) {
    head.lastIndex = at
    const match = head.exec(text)
    const { end, value } = readValue(text, match ? head.lastIndex : at)
    if (match?.[2]) {
      const scalar = match[3] && !/[aA]/.test(match[1] ?? '')
      found.push({
        flags: match[1] ?? 'x',
        name: match[2],
        value: scalar ? Buffer.from(value, 'latin1').toString('utf8') : undefined,
        source: text.slice(at, end),
      })
    }
    at = end + 1
  }
  return found
}
