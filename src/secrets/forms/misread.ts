/**
 * What becomes of a text whose bytes are taken for those of another encoding, as happens between Windows programs: UTF-16 read
 * as UTF-8, UTF-8 read as the code page of Japan or of western Europe.
 */
export function misreadForms(text: string): readonly string[] {
  const utf16 = Buffer.from(text, 'utf16le')
  const readings = [readAs(utf16, 'utf-8'), readAs(utf16, 'shift_jis')]
  if (/^[\0-~]*$/.test(text)) return readings
  const utf8 = Buffer.from(text, 'utf8')
  return [...readings, readAs(utf8, 'shift_jis'), readAs(utf8, 'windows-1252'), utf8.toString('latin1')]
}

const readAs = (bytes: Uint8Array, encoding: string): string =>
  new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes)
