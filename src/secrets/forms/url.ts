/** What is left as it is, beside letters, digits and `-_.`, by the programs that write URLs. */
const safeSets = [
  // encodeURIComponent
  "!~*'()",
  // encodeURI
  "!~*'();/?:@&=+$,#",
  // RFC 3986, section 2.3: curl, Python's quote with safe=''
  '~',
  // Python's quote
  '~/',
  // HTML forms (WHATWG URL, application/x-www-form-urlencoded), Java
  '*',
  // .NET's UrlEncode
  '!*()',
  // the user and password of a URL (RFC 3986, section 3.2.1)
  "~!$&'()*+,;=",
  // the same, its path and its query as browsers write them (WHATWG URL, section 1.3)
  "~!$&'()*+,%",
  "~!$&'()*+,%/:;=@[\\]|",
  '~!$&()*+,%/:;=@[\\]|?^`{}',
] as const

/** Percent-encoded (RFC 3986, section 2.1), in both cases and with `+` for a space; also encoded twice. */
export function urlForms(text: string): readonly string[] {
  if (/^[A-Za-z0-9_.-]*$/.test(text)) return []
  return [legacyEscaped(text), ...safeSets.flatMap((safe) => encodedWith(safe, text))]
}

function encodedWith(safe: string, text: string): readonly string[] {
  return [true, false].flatMap((upper) =>
    ['%20', '+'].flatMap((space) => {
      const once = percentEncoded(text, safe, upper, space)
      return once === text ? [] : [once, percentEncoded(once, safe, upper, space)]
    }),
  )
}

/** JavaScript's and VBScript's `escape` (ECMA-262, B.2.1.1). */
function legacyEscaped(text: string): string {
  return text.replace(/[^A-Za-z0-9@*_+\-./]/g, (unit) => {
    const digits = unit.charCodeAt(0).toString(16).toUpperCase()
    return digits.length > 2 ? `%u${digits.padStart(4, '0')}` : `%${digits.padStart(2, '0')}`
  })
}

function percentEncoded(text: string, safe: string, upper: boolean, space: string): string {
  return text.replace(/[^A-Za-z0-9_.-]/gu, (char) => {
    if (safe.includes(char)) return char
    if (char === ' ') return space
    const pairs = (char <= '~' ? asciiPairs[char.charCodeAt(0)] : undefined) ?? pairsOf(char)
    return upper ? pairs.toUpperCase() : pairs
  })
}

const pairsOf = (char: string) =>
  Array.from(Buffer.from(char, 'utf8'), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
/** Most characters that are encoded are among these. */
const asciiPairs = Array.from({ length: 128 }, (_, code) => pairsOf(String.fromCharCode(code)))
