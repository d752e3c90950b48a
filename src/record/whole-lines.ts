import { randomUUID } from 'node:crypto'

/** A record in memory of which every line is JSON. */
export interface WholeLines {
  /** As raw bytes without their line ends. */
  readonly lines: readonly Uint8Array[]
  /** What each line says. */
  readonly values: readonly unknown[]
}

// As `readLineObject` decodes: neither a replaced byte nor a byte order mark may pass for what was written.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Stands between two lines, so that all of them are parsed in one call. Nobody can know it beforehand: where it is found as
 * every second value, no line holds the beginning of a value that another one ends.
 */
const border = randomUUID()
const between = `,"${border}",`

/** Undefined where any line is no JSON: then lines have to be read one by one. */
export function wholeLines(bytes: Uint8Array): WholeLines | undefined {
  const lines = linesOf(bytes)
  const values = valuesOf(bytes, lines.length)
  return values && { lines, values }
}

function linesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = []
  let from = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
    lines.push(bytes.subarray(from, bytes[at - 1] === 13 ? at - 1 : at))
    from = at + 1
  }
  if (from < bytes.length) lines.push(bytes.subarray(from))
  return lines
}

function valuesOf(bytes: Uint8Array, count: number): readonly unknown[] | undefined {
  try {
    const text = decoder.decode(bytes)
    const body = text.endsWith('\n') ? text.slice(0, -1) : text
    const values: unknown = JSON.parse(`[${body.replaceAll('\n', between)}]`)
    if (!Array.isArray(values) || values.length !== count * 2 - 1) return undefined
    if (!values.every((value, index) => index % 2 === 0 || value === border)) return undefined
    return values.filter((_, index) => index % 2 === 0)
  } catch {
    return undefined
  }
}
