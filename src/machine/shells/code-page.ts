let table: ReadonlyMap<string, readonly number[]> | undefined

/**
 * The way back of the decoder that the Encoding Standard calls `shift_jis`, which is Windows' code page 932. Where two
 * codes mean one character the first counts, except for NEC's copies of IBM's extensions (lead bytes ED and EE), which
 * Windows never writes.
 */
const reverseTable = (): ReadonlyMap<string, readonly number[]> => {
  const decoder = new TextDecoder('shift_jis', { fatal: true })
  const found = new Map<string, readonly number[]>()
  const add = (...code: readonly number[]) => {
    try {
      const char = decoder.decode(Uint8Array.from(code))
      if (!found.has(char)) found.set(char, code)
    } catch {
      // No character has this code.
    }
  }
  for (let byte = 0; byte < 0xe0; byte++) add(byte)
  for (let lead = 0x81; lead <= 0xfc; lead++) {
    if ((lead > 0x9f && lead < 0xe0) || lead === 0xed || lead === 0xee) continue
    for (let trail = 0x40; trail <= 0xfc; trail++) add(lead, trail)
  }
  return found
}

/** The text in code page 932, or undefined when it holds a character that the code page lacks. */
export const encodeCodePage932 = (text: string): Buffer | undefined => {
  table ??= reverseTable()
  const bytes: number[] = []
  for (const char of text) {
    const code = table.get(char)
    if (!code) return undefined
    bytes.push(...code)
  }
  return Buffer.from(bytes)
}
