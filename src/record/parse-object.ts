import { bufferOf } from './bytes.ts'
import { type Fields, isFields } from './json-fields.ts'

// Neither a replaced byte nor a byte order mark may pass for what was written.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The JSON object of a line without its line end; undefined where it is no UTF-8, no JSON, or no object. */
export function parseObject(line: Uint8Array): Fields | undefined {
  try {
    const value: unknown = JSON.parse(textOf(line))
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}

function textOf(line: Uint8Array): string {
  // It has U+FFFD for what is no UTF-8.
  const text = bufferOf(line).toString('utf8')
  return text.includes('\ufffd') ? decoder.decode(line) : text
}
