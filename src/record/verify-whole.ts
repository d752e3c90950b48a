import { hash, randomUUID } from 'node:crypto'
import { type Fields, isFields, isText, texts } from './json-fields.ts'
import { isClosing, sealHolds } from './line.ts'
import type { Verification } from './verify.ts'

export interface WholeRecord {
  readonly verification: Verification
  readonly parents: readonly string[]
}

// As `readLineObject` decodes: neither a replaced byte nor a byte order mark may pass for what was written.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Stands between two lines, so that all of them are parsed in one call. Nobody can know it beforehand: where it is found as
 * every second value, no line holds the beginning of a value that another one ends.
 */
const border = randomUUID()
const between = `,"${border}",`

/**
 * The common record, whole and closed, in a fifth of the time: that it is as `createVerifier` accepts it. Undefined for every
 * other, of which `createVerifier` says what it is.
 */
export function verifyWhole(bytes: Uint8Array): WholeRecord | undefined {
  const lines = linesOf(bytes)
  const objects = objectsOf(bytes, lines.length)
  if (objects === undefined) return undefined
  let head: string | null = null
  let type = ''
  for (const [index, line] of lines.entries()) {
    const object = objects[index * 2]
    if (!isFields(object) || object.seq !== index || object.prev !== head) return undefined
    if (!isText(object.type) || !isText(object.time)) return undefined
    type = object.type
    const isLast = index === lines.length - 1
    // A closing line in the middle, or a line that has lost its type and kept its seal, is for the other one to judge.
    if (isLast ? !isClosing(type) || !sealHolds(line) : isClosing(type) || object.seal !== undefined) return undefined
    head = hash('sha256', line)
  }
  const [first] = objects
  if (!isFields(first) || head === null) return undefined
  // An act is a record of its own, and nothing else is.
  if (lines.length === 1 ? type !== 'act' : first.type !== 'run-start' || type === 'act') return undefined
  // Torn lines are for the other one as well.
  if (type === 'run-abandoned' && texts(fieldsOf(objects.at(-1)).torn).length > 0) return undefined
  const kind = type === 'run-abandoned' ? 'abandoned' : 'ok'
  return { verification: { kind, lines: lines.length, head }, parents: texts(first.parents) }
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
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

/** The lines as every second value of one array; undefined where any of them is no JSON. */
function objectsOf(bytes: Uint8Array, count: number): readonly unknown[] | undefined {
  try {
    const text = decoder.decode(bytes)
    const body = text.endsWith('\n') ? text.slice(0, -1) : text
    const values: unknown = JSON.parse(`[${body.replaceAll('\n', between)}]`)
    if (!Array.isArray(values) || values.length !== count * 2 - 1) return undefined
    return values.every((value, index) => index % 2 === 0 || value === border) ? values : undefined
  } catch {
    return undefined
  }
}
