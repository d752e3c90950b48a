import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { createVerifier } from '../record/verify.ts'
import type { CheckedRecord } from '../record/verify-store.ts'
import { verifyWhole } from '../record/verify-whole.ts'
import { chunksOf, errnoOf } from './record-reading.ts'

/** What a record is, without its name. */
export type RecordCheck = Omit<CheckedRecord, 'path'>

/** Filled again by every read: memory that is there already is by far the fastest. */
const buffer = Buffer.allocUnsafeSlow(1024 * 1024)

/**
 * Checks a record while other things go on.
 * @param file absolute
 * @param onHash see `createVerifier`
 */
export async function checkRecord(file: string, onHash?: (hash: string) => void): Promise<RecordCheck> {
  const verifier = createVerifier(onHash)
  let last: Uint8Array | undefined
  let chunks = 0
  try {
    // One behind, so that it is known whether a chunk is all there is.
    for await (const chunk of chunksOf(file)) {
      if (last !== undefined) verifier.push(last)
      last = chunk
      chunks += 1
    }
  } catch (error) {
    return { verification: { kind: 'unreadable', reason: errnoOf(error) }, parents: [] }
  }
  if (last !== undefined) {
    const whole = onHash === undefined && chunks === 1 ? verifyWhole(last) : undefined
    if (whole !== undefined) return whole
    verifier.push(last)
  }
  return { verification: verifier.end(), parents: verifier.parents() }
}

/**
 * Checks a record and waits for the disk meanwhile: for a thread that has nothing else to do.
 * @param file absolute
 * @param onHash see `createVerifier`
 */
export function checkRecordSync(file: string, onHash?: (hash: string) => void): RecordCheck {
  try {
    const descriptor = openSync(file, 'r')
    try {
      return checkOpened(descriptor, onHash)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    return { verification: { kind: 'unreadable', reason: errnoOf(error) }, parents: [] }
  }
}

function checkOpened(descriptor: number, onHash: ((hash: string) => void) | undefined): RecordCheck {
  const { size } = fstatSync(descriptor)
  let chunk = fill(descriptor)
  if (onHash === undefined && chunk.length === size) {
    const whole = verifyWhole(chunk)
    if (whole !== undefined) return whole
  }
  const verifier = createVerifier(onHash)
  for (; chunk.length > 0; chunk = fill(descriptor)) verifier.push(chunk)
  return { verification: verifier.end(), parents: verifier.parents() }
}

/** The next piece of a file; empty at its end. */
function fill(descriptor: number): Uint8Array {
  let length = 0
  while (length < buffer.length) {
    const read = readSync(descriptor, buffer, length, buffer.length - length, null)
    if (read === 0) break
    length += read
  }
  return buffer.subarray(0, length)
}
