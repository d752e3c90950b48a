/** Escaped as data formats and programming languages do it. */
export function escapedForms(text: string): readonly string[] {
  return [...jsonForms(text), ...xmlForms(text), ...languageForms(text)]
}

/** Which characters JSON writers escape although they need not (RFC 8259, section 7). */
const jsonHabits = [
  { also: '', ascii: false, upper: false },
  { also: '', ascii: true, upper: false },
  { also: '', ascii: true, upper: true },
  // PHP escapes the slash.
  { also: '/', ascii: true, upper: false },
  // Go, and Ruby on Rails
  { also: '<>&', ascii: false, upper: false },
  // Windows PowerShell's ConvertTo-Json
  { also: "<>&'", ascii: false, upper: false },
  // .NET's System.Text.Json
  { also: '"<>&\'+`', ascii: true, upper: true },
] as const

type JsonHabit = (typeof jsonHabits)[number]

/** Inside of the quotes of a string. What is escaped twice comes out of the masker's look behind quoting characters. */
function jsonForms(text: string): readonly string[] {
  return jsonHabits.map((habit) => jsonEscaped(text, habit))
}

function jsonEscaped(text: string, { also, ascii, upper }: JsonHabit): string {
  return text.replace(/[^A-Za-z0-9 _.-]/g, (char) => {
    if (also.includes(char)) return char === '/' ? '\\/' : unicodeEscape(char, upper)
    if (ascii && char > '~') return unicodeEscape(char, upper)
    // Half of a pair must stay half of it.
    return char > '~' ? char : JSON.stringify(char).slice(1, -1)
  })
}

function unicodeEscape(unit: string, upper: boolean): string {
  const digits = unit.charCodeAt(0).toString(16).padStart(4, '0')
  return `\\u${upper ? digits.toUpperCase() : digits}`
}

const quotes = [
  { quot: '"', apos: "'" },
  { quot: '&quot;', apos: "'" },
  { quot: '&quot;', apos: '&apos;' },
  { quot: '&quot;', apos: '&#39;' },
  { quot: '&#34;', apos: '&#39;' },
  { quot: '&quot;', apos: '&#x27;' },
] as const

/** With the predefined entities (XML 1.0, section 4.6), and character references of whatever is not ASCII. */
function xmlForms(text: string): readonly string[] {
  const marks = quotes.map(({ quot, apos }) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', quot)
      .replaceAll("'", apos),
  )
  return [text, ...marks].flatMap((marked) => [
    marked,
    // Attributes keep tabs and line ends in this way.
    marked.replace(/[\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`),
    referenced(marked, (code) => String(code)),
    referenced(marked, (code) => `x${code.toString(16)}`),
    referenced(marked, (code) => `x${code.toString(16).toUpperCase()}`),
  ])
}

function referenced(text: string, number: (code: number) => string): string {
  return text.replace(/[^\0-~]/gu, (char) => `&#${number(char.codePointAt(0) ?? 0)};`)
}

/** What string literals of C, Python, SQL and CSV make of it, quoted-printable mail, and the filters of a directory. */
function languageForms(text: string): readonly string[] {
  const named = text.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t').replaceAll('\u001b', '\\e')
  const isOther = (byte: number) => byte > 0x7e || byte < 0x20
  return [
    named,
    named.replaceAll('\\e', '\\E'),
    bytesWhere(named, isOther, (byte) => `\\x${hex(byte)}`),
    bytesWhere(named, isOther, (byte) => `\\${byte.toString(8).padStart(3, '0')}`),
    named.replace(/[^\0-~]/g, (unit) => unicodeEscape(unit, false)),
    text.replaceAll('"', '""'),
    text.replaceAll("'", "''"),
    bytesWhere(
      text,
      (byte) => byte > 0x7e || byte === 0x3d,
      (byte) => `=${hex(byte).toUpperCase()}`,
    ),
    // RFC 4515, section 3.
    text.replace(/[\\*()]/g, (char) => `\\${hex(char.charCodeAt(0))}`),
  ]
}

const hex = (byte: number) => byte.toString(16).padStart(2, '0')

/** With some of its bytes (UTF-8) written in another way. */
export function bytesWhere(
  text: string,
  isMeant: (byte: number) => boolean,
  written: (byte: number) => string,
): string {
  // Most texts are left as they are, which is found out much faster.
  if (/^[\0-~]*$/.test(text) && !Buffer.from(text, 'latin1').some(isMeant)) return text
  return Array.from(text, (char) => {
    const bytes = Array.from(Buffer.from(char, 'utf8'))
    return bytes.some(isMeant) ? bytes.map(written).join('') : char
  }).join('')
}
