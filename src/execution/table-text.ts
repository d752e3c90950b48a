/**
 * The text of a table as spreadsheets save it: UTF-8, UTF-16 with a byte order mark ("Unicode text"), else Windows' code
 * page 932, which is what Excel in Japan means by CSV. Undefined where it is none of them.
 */
export function decodeTable(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return decode(bytes, 'utf-16le')
  if (first === 0xfe && second === 0xff) return decode(bytes, 'utf-16be')
  const text = decode(bytes, 'utf-8') ?? decode(bytes, 'shift_jis')
  // No table of text: a spreadsheet's own file is one, and valid in code page 932 by chance.
  return text?.includes('\0') ? undefined : text
}

/** Undefined where a byte is no text. A byte order mark is taken away. */
function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
