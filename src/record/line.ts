import { hash } from 'node:crypto'
import type { Ending, Outcome, OutcomeCounts, RunDescription, StepDescription } from '../execution/event.ts'
import type { RecordedAct } from './act.ts'

/** The version of the format that is written: `docs/records.md`. */
export const recordFormat = 1

/** What a line says, without its place in the chain. */
export type RecordEntry =
  | (RunDescription & {
      readonly type: 'run-start'
      readonly format: number
      /** Heads of the records that were known and that no other record named, when the run started. */
      readonly parents: readonly string[]
    })
  | (StepDescription & {
      readonly type: 'step-start'
      readonly execution: number
      /** SHA-256 of `text` (UTF-8), hexadecimal: what tells whether the step changed since. */
      readonly textSha256: string
    })
  | {
      readonly type: 'output'
      readonly execution: number
      /** Milliseconds since the step's start at which the first part of `text` came. */
      readonly at: number
      /** Masked; at most `textLimit` UTF-16 units. */
      readonly text: string
      /** The text was taken out later; `text` is empty then. */
      readonly pruned?: PrunedText
    }
  /** Between the head of an output and its tail, when the record does not hold all of it. */
  | {
      readonly type: 'output-omitted'
      readonly execution: number
      /** Milliseconds since the step's start at which the first of what was left out came. */
      readonly at: number
      /** Of the masked text that is not on record, as UTF-8. */
      readonly bytes: number
    }
  | (Omit<Ending, 'problem'> & {
      readonly type: 'step-end'
      readonly execution: number
      /** The step's id. */
      readonly id: string
      readonly durationMs: number
      readonly problem?: RecordedProblem
      /** Of the whole masked output, also of what was left out, as UTF-8. */
      readonly outputBytes: number
      readonly outputSha256: string
      /** The difference was taken out later. */
      readonly pruned?: PrunedText
    })
  /** What the operator wrote down between steps; masked. */
  | { readonly type: 'note'; readonly text: string }
  | {
      readonly type: 'run-end'
      readonly outcome: Outcome
      readonly counts: OutcomeCounts
      readonly durationMs: number
    }
  | {
      readonly type: 'run-abandoned'
      /** Who found and closed the record. */
      readonly by: string
      /** `process-gone`: the process that wrote the record ended before its run did. */
      readonly reason: string
      /** SHA-256 of each line directly before this one that was cut while it was written: they count in `seq`. */
      readonly torn: readonly string[]
    }
  /** The one line of a record that is no run: it begins the record and closes it. */
  | (RecordedAct & { readonly type: 'act'; readonly format: number; readonly parents: readonly string[] })

/** What a line stands for whose output was taken out. */
export interface PrunedText {
  /** Of the line as it was written. */
  readonly sha256: string
  /** Of the output in it, as UTF-8. */
  readonly bytes: number
}

/** An `ExecutionProblem` as it was written; a newer version may have written a code that this one does not know. */
export interface RecordedProblem {
  readonly code: string
  readonly values: Readonly<Record<string, string>>
}

export interface ChainLink {
  /** From 0, without gaps. */
  readonly seq: number
  /** SHA-256 (hexadecimal) of the last whole line before, as raw bytes without its line end; null on the first line. */
  readonly prev: string | null
  /** ISO 8601 in UTC with milliseconds. */
  readonly time: string
}

export type RecordLine = ChainLink & RecordEntry

/** The most UTF-16 units of text that one `output` line holds. */
export const textLimit = 64 * 1024

/** What a closing line ends with: its own hash, because no line after it guards it. */
const sealKey = ',"seal":"'

export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data)
}

export interface EncodedLine {
  /** UTF-8 with the final line feed. */
  readonly bytes: Uint8Array
  /** What the next line's `prev` is. */
  readonly hash: string
}

const encoder = new TextEncoder()

export function encodeLine(seq: number, prev: string | null, time: number, entry: RecordEntry): EncodedLine {
  const { type, ...rest } = entry
  const plain = JSON.stringify({ seq, prev, time: new Date(time).toISOString(), type, ...rest })
  const bytes = encoder.encode(`${isClosing(type) ? sealed(plain) : plain}\n`)
  return { bytes, hash: sha256(bytes.subarray(0, -1)) }
}

/** Whether a line of that type is the last one of its record. */
export function isClosing(type: string): boolean {
  return type === 'run-end' || type === 'run-abandoned' || type === 'act'
}

function sealed(plain: string): string {
  const open = plain.slice(0, -1)
  return `${open}${sealKey}${sha256(open)}"}`
}

/** Whether a closing line (without its line end) is what was written: the last 75 bytes are the seal over all before. */
export function sealHolds(line: Uint8Array): boolean {
  const sealLength = sealKey.length + 64 + 2
  const open = line.subarray(0, Math.max(0, line.length - sealLength))
  const seal = encoder.encode(`${sealKey}${sha256(open)}"}`)
  const end = line.subarray(open.length)
  return end.length === seal.length && end.every((byte, index) => byte === seal[index])
}
