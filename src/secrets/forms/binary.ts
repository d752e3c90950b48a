/** The bytes of a text written in letters, as base64 and hexadecimal. */
export function binaryForms(text: string): readonly string[] {
  const utf8 = Buffer.from(text, 'utf8')
  // Windows' own encoding: `powershell -EncodedCommand`, exported registry values.
  const utf16 = Buffer.from(text, 'utf16le')
  return [...base64Forms(utf8), ...base64Forms(utf16), ...hexForms(utf8), ...hexForms(utf16)]
}

/**
 * Base64 (RFC 4648, sections 4 and 5) at each of the three places that a byte can have in a group of four letters: alone, and
 * inside of something longer. A letter at an end that holds bits of a neighbour, too, is not part of it, unless the text or a
 * line end after it ends there.
 */
export function base64Forms(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const head = Math.ceil((before * 8) / 6)
    const encoded = (...after: readonly number[]) =>
      Buffer.concat([Buffer.alloc(before), bytes, Buffer.from(after)])
        .toString('base64')
        .slice(head)
    const alone = encoded()
    const certain = alone.slice(0, Math.floor(((before + bytes.length) * 8) / 6) - head)
    const unpadded = alone.replace(/=+$/, '')
    return [certain, unpadded, alone, encoded(10), encoded(13, 10)].flatMap(base64Spellings)
  })
}

/** As it is, for URLs and file names, URL-encoded, and as JSON and XML writers escape it. */
function base64Spellings(base64: string): readonly string[] {
  const spelled = (plus: string, slash: string, equals = '=') =>
    base64.replaceAll('+', plus).replaceAll('/', slash).replaceAll('=', equals)
  return [
    base64,
    spelled('-', '_'),
    spelled('%2B', '%2F', '%3D'),
    spelled('%2b', '%2f', '%3d'),
    spelled('+', '\\/'),
    spelled('\\u002B', '/'),
    spelled('\\u002b', '/', '\\u003d'),
  ]
}

const pairOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** With what programs put between the bytes: nothing, `od` and `hexdump` spaces, `openssl` colons, .NET hyphens, C `\x`. */
function hexForms(bytes: Buffer): readonly string[] {
  const lower = Array.from(bytes, (byte) => pairOf[byte] ?? '')
  return [lower, lower.map((byte) => byte.toUpperCase())].flatMap((pairs) => [
    ...['', ' ', ':', '-'].map((between) => pairs.join(between)),
    pairs.map((pair) => `\\x${pair}`).join(''),
    pairs.map((pair) => `0x${pair}`).join(', '),
    // `xxd` puts two bytes together, from the first on or from the second.
    inTwos(pairs, 0),
    inTwos(pairs, 1),
  ])
}

function inTwos(pairs: readonly string[], offset: number): string {
  return pairs.map((pair, index) => (index > 0 && (index - offset) % 2 === 0 ? ` ${pair}` : pair)).join('')
}
