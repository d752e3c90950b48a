import type { Attachment } from '../execution/event.ts'
import type { PrunedRecord } from './act.ts'
import { attachmentsIn } from './attachment.ts'
import { texts } from './json-fields.ts'
import { isClosing, sealHolds, sha256 } from './line.ts'
import { prunedBytes, prunedHash } from './pruned-line.ts'
import { vouchedBy } from './read-description.ts'
import { type LineObject, readLineObject } from './read-line.ts'
import { createLineSplitter, lineLimit, type RawLine } from './split.ts'

export type Verification =
  | {
      readonly kind: 'ok' | 'abandoned'
      readonly lines: number
      readonly head: string
      readonly pruned?: PrunedLines
    }
  /**
   * What is there is a chain, and it has no end: the run goes on, or the file was cut. `torn` has the hashes of lines at its
   * end that were cut while they were written. `head` is missing where no line is whole.
   */
  | {
      readonly kind: 'incomplete'
      readonly lines: number
      readonly head?: string
      readonly torn: readonly string[]
      readonly pruned?: PrunedLines
    }
  | Tampered

/** Lines whose output was taken out; their hashes are part of the chain. Only an act on record tells by whom. */
export interface PrunedLines {
  /** The first of them, 1-based. */
  readonly line: number
  readonly count: number
  /** Of the text that was in them, as the lines say: UTF-8. */
  readonly bytes: number
}

interface Tampered {
  readonly kind: 'tampered'
  /** 1-based. */
  readonly line: number
  readonly what: Tampering
}

export type Tampering =
  /** The line is not what was written. */
  | 'altered'
  /** Lines before it were taken out. */
  | 'lines-missing'
  /** It was put in, or stands in the wrong place. */
  | 'line-inserted'
  /** No JSON object with a place in the chain. */
  | 'not-a-line'
  /** The file begins neither with the start of a run nor with an act. */
  | 'not-a-record'
  /** It comes after the end of the run, or after an act. */
  | 'after-end'
  /** Output was taken out, and no act on record vouches for the file as it is. */
  | 'output-removed'

export interface Verifier {
  push(chunk: Uint8Array): void
  end(): Verification
  /** Which heads the first line names, once it is read: also where it was changed, and they are not to be had. */
  parents(): readonly string[]
  /** Records as an act says that it left them; empty for every other record. */
  vouches(): readonly PrunedRecord[]
  /** The files that steps of the record say are attached. */
  attachments(): readonly Attachment[]
}

/** Lines that are cut off and followed by more: a crash leaves one, and a crash while that was closed another. */
const tornLimit = 16

/**
 * Checks a record that arrives in chunks of any size, holding one line at a time. `onHash` hears the hash of every whole
 * line, which is what another record's `parents` may name.
 */
export function createVerifier(onHash?: (hash: string) => void): Verifier {
  let verdict: Tampered | undefined
  /** Lines seen, which is also the next line's `seq`. */
  let count = 0
  /** The hash of the last whole line, and of the one before it: torn lines are no links of the chain. */
  let head: string | undefined
  let headBefore: string | undefined
  /** A line that does not name its predecessor's hash: one of the two was altered, and the next line tells which. */
  let suspect: number | undefined
  let parents: readonly string[] = []
  const attachments: Attachment[] = []
  let closing: 'ok' | 'abandoned' | undefined
  let torn: { readonly hash: string; readonly ended: boolean }[] = []
  let pruned: PrunedLines | undefined
  let vouches: readonly PrunedRecord[] = []

  function onLine({ bytes, ended }: RawLine): void {
    const object = bytes.length < lineLimit ? readLineObject(bytes) : undefined
    const stands = object && prunedHash(object.type, object.fields)
    const hash = stands ?? sha256(bytes)
    // Also behind a change: another record may name a line that stands there.
    onHash?.(hash)
    if (verdict) return
    if (object && stands) {
      const { line = count + 1, count: before = 0, bytes: sum = 0 } = pruned ?? {}
      pruned = { line, count: before + 1, bytes: sum + prunedBytes(object.fields) }
    }
    verdict = object ? judge(object, bytes, hash) : judgeBroken(bytes, ended, hash)
    count += 1
  }

  function judgeBroken(bytes: Uint8Array, ended: boolean, hash: string): Tampered | undefined {
    if (closing) return tampered(count, 'after-end')
    torn.push({ hash, ended })
    // What was cut has no whole line inside: then something was put behind a line instead.
    const whole = readLineObject(bytes.subarray(0, -1)) !== undefined
    return whole || torn.length > tornLimit ? tampered(count + 1 - torn.length, 'not-a-line') : undefined
  }

  function judge(object: LineObject, bytes: Uint8Array, hash: string): Tampered | undefined {
    const linked = count === 0 || object.prev === head
    if (count === 0) parents = texts(object.fields.parents)
    if (suspect !== undefined) return tampered(linked ? suspect - 1 : suspect, 'altered')
    const closes = isClosing(object.type)
    // A closing line whose type was changed still has its seal.
    if ((closes || object.fields.seal !== undefined) && !sealHolds(bytes)) return tampered(count, 'altered')
    const before = count - 1 - torn.length
    const fault = count === 0 ? judgeFirst(object) : (judgeTorn(object) ?? judgeBegun() ?? judgePlace(object))
    if (fault) return fault
    if (closing && linked) return tampered(count, 'after-end')
    if (closes && !linked) return tampered(before, 'altered')
    if (!linked) suspect = count
    if (closes) closing = object.type === 'run-abandoned' ? 'abandoned' : 'ok'
    if (object.type === 'step-end') attachments.push(...attachmentsIn(object.fields.attachments))
    headBefore = head
    head = hash
    return undefined
  }

  function judgeFirst(object: LineObject): Tampered | undefined {
    if (object.seq > 0) return tampered(0, 'lines-missing')
    if (object.type !== 'run-start' && object.type !== 'act') return tampered(0, 'not-a-record')
    if (object.type === 'act') vouches = vouchedBy(object.fields)
    return object.seq === 0 && object.prev === null ? undefined : tampered(0, 'altered')
  }

  /** What vouches for torn lines alone closes no record. */
  function judgeBegun(): Tampered | undefined {
    return head === undefined ? tampered(0, 'not-a-record') : undefined
  }

  function judgePlace(object: LineObject): Tampered | undefined {
    // An act is a record of its own.
    if (object.type === 'act') return tampered(count, closing ? 'after-end' : 'line-inserted')
    if (object.seq === count) return undefined
    if (object.prev === head) return tampered(count, 'altered')
    if (object.seq > count) return tampered(count, 'lines-missing')
    // Where the line stands that came between: it named its predecessor well, or it is the one that is looked at.
    return tampered(object.prev === headBefore ? count - 1 : Math.max(object.seq, 0) || count, 'line-inserted')
  }

  /** Torn lines are evidence that the closing line, whose seal holds, vouches for. */
  function judgeTorn(object: LineObject): Tampered | undefined {
    const first = count - torn.length
    const vouched = object.type === 'run-abandoned' ? texts(object.fields.torn) : []
    if (vouched.length > 0 && torn.length === 0) return tampered(count, 'lines-missing')
    if (vouched.length !== torn.length) return tampered(first, 'not-a-line')
    const changed = torn.findIndex(({ hash }, index) => hash !== vouched[index])
    torn = []
    return changed === -1 ? undefined : tampered(first + changed, 'altered')
  }

  const splitter = createLineSplitter(onLine)
  return {
    push(chunk) {
      if (!verdict || onHash) splitter.push(chunk)
    },
    end() {
      splitter.end()
      if (verdict) return verdict
      if (suspect !== undefined) return tampered(suspect - 1, 'altered')
      // A line that was cut has no line end, unless the line that closes the record gave it one.
      if (torn.at(-1)?.ended) return tampered(count - torn.length, 'not-a-line')
      const more = { ...(head && { head }), ...(pruned && { pruned }) }
      if (closing && head) return { kind: closing, lines: count, ...more, head }
      return { kind: 'incomplete', lines: count, ...more, torn: torn.map(({ hash }) => hash) }
    },
    parents: () => parents,
    vouches: () => vouches,
    attachments: () => attachments,
  }
}

/** @param index 0-based */
function tampered(index: number, what: Tampering): Tampered {
  return { kind: 'tampered', line: index + 1, what }
}

export function verifyRecord(record: Uint8Array | Iterable<Uint8Array>): Verification {
  const verifier = createVerifier()
  for (const chunk of record instanceof Uint8Array ? [record] : record) verifier.push(chunk)
  return verifier.end()
}
