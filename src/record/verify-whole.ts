import { hash } from 'node:crypto'
import type { Attachment } from '../execution/event.ts'
import type { PrunedRecord } from './act.ts'
import { attachmentsIn } from './attachment.ts'
import { type Fields, isText, texts } from './json-fields.ts'
import { isClosing, sealHolds } from './line.ts'
import { parseObject } from './parse-object.ts'
import { prunedHash } from './pruned-line.ts'
import { vouchedBy } from './read-description.ts'
import { splitLines } from './split.ts'
import type { Verification } from './verify.ts'

export interface WholeRecord {
  readonly verification: Verification
  readonly parents: readonly string[]
  /** Missing where there are none. */
  readonly vouches?: readonly PrunedRecord[]
  /** The files that steps of the record say are attached. */
  readonly attachments: readonly Attachment[]
}

/**
 * The common record, whole and closed, in a fifth of the time: that it is as `createVerifier` accepts it. Undefined for every
 * other, of which `createVerifier` says what it is.
 */
export function verifyWhole(bytes: Uint8Array): WholeRecord | undefined {
  const lines = splitLines(bytes)
  let head: string | null = null
  let type = ''
  let first: Fields | undefined
  let last: Fields | undefined
  const attachments: Attachment[] = []
  for (const [index, { bytes: line }] of lines.entries()) {
    const object = parseObject(line)
    first ??= object
    last = object
    if (!object || object.seq !== index || object.prev !== head) return undefined
    if (!isText(object.type) || !isText(object.time)) return undefined
    type = object.type
    // Its hash is not that of the line.
    if (object.pruned !== undefined && prunedHash(type, object) !== undefined) return undefined
    const isLast = index === lines.length - 1
    // A closing line in the middle, or a line that has lost its type and kept its seal, is for the other one to judge.
    if (isLast ? !isClosing(type) || !sealHolds(line) : isClosing(type) || object.seal !== undefined) return undefined
    if (type === 'step-end') attachments.push(...attachmentsIn(object.attachments))
    head = hash('sha256', line)
  }
  if (!first || !last || head === null) return undefined
  // An act is a record of its own, and nothing else is.
  if (lines.length === 1 ? type !== 'act' : first.type !== 'run-start' || type === 'act') return undefined
  // Torn lines are for the other one as well.
  if (type === 'run-abandoned' && texts(last.torn).length > 0) return undefined
  const kind = type === 'run-abandoned' ? 'abandoned' : 'ok'
  const vouches = vouchedBy(first)
  return {
    verification: { kind, lines: lines.length, head },
    parents: texts(first.parents),
    attachments,
    ...(vouches.length > 0 && { vouches }),
  }
}
