const encodings = [
  { mark: [0xff, 0xfe], label: 'utf-16le' },
  { mark: [0xfe, 0xff], label: 'utf-16be' },
] as const

/**
 * The text of a file without its byte order mark: UTF-8, or UTF-16 where a mark says so. Undefined when the bytes are not
 * valid in that encoding or hold a NUL, which no text has and every binary format does.
 */
export function decodeFile(bytes: Uint8Array): string | undefined {
  const label = encodings.find(({ mark }) => mark.every((byte, index) => bytes[index] === byte))?.label ?? 'utf-8'
  if (label === 'utf-8' && bytes.includes(0)) return undefined
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}
