import type { Outcome, OutcomeCounts } from '../execution/event.ts'
import { type Fields, isFields, isNumber, isText, number, some, text, textFields, texts } from './json-fields.ts'
import {
  type ChainLink,
  type PrunedText,
  type RecordEntry,
  type RecordedProblem,
  type RecordLine,
  recordFormat,
} from './line.ts'
import { parseObject } from './parse-object.ts'
import { prunedBytes, prunedHash } from './pruned-line.ts'
import { readAct, readEndingDetails, readRun, readStep } from './read-description.ts'

/** A JSON object of a record: its place in the chain, and whatever it says. */
export interface LineObject extends ChainLink {
  readonly type: string
  readonly fields: Fields
}

/** Undefined for what is no line of a record in any version of the format. Unknown types and fields are kept. */
export function readLineObject(bytes: Uint8Array): LineObject | undefined {
  const fields = parseObject(bytes)
  if (!fields) return undefined
  const { seq, prev, time, type } = fields
  if (typeof seq !== 'number' || !Number.isInteger(seq) || typeof time !== 'string' || typeof type !== 'string') {
    return undefined
  }
  if (prev !== null && typeof prev !== 'string') return undefined
  return { seq, prev, time, type, fields }
}

/** The format of a first line, where it is one that this version does not know yet. */
export function newerFormat({ type, fields }: LineObject): number | undefined {
  if (type !== 'run-start' && type !== 'act') return undefined
  return isNumber(fields.format) && fields.format > recordFormat ? fields.format : undefined
}

/** The line in this version's types; undefined when its type or shape is not known, as in a newer format. */
export function readLine(bytes: Uint8Array): RecordLine | undefined {
  const object = readLineObject(bytes)
  return object && knownLine(object)
}

/** The same of a line that was parsed. */
export function knownLine(object: LineObject): RecordLine | undefined {
  const entry = readEntry(object.type, object.fields)
  if (!entry || Number.isNaN(Date.parse(object.time))) return undefined
  return { seq: object.seq, prev: object.prev, time: object.time, ...entry }
}

function readEntry(type: string, from: Fields): RecordEntry | undefined {
  switch (type) {
    case 'run-start':
      return readRunStart(from)
    case 'step-start':
      return readStepStart(from)
    case 'output':
      return readOutput(from)
    case 'output-omitted':
      return isNumber(from.execution) && isNumber(from.bytes)
        ? { type, execution: from.execution, at: number(from.at) ?? 0, bytes: from.bytes }
        : undefined
    case 'step-end':
      return readStepEnd(from)
    case 'note':
      return isText(from.text) ? { type, text: from.text } : undefined
    case 'run-end':
      return isOutcome(from.outcome) && isNumber(from.durationMs)
        ? { type, outcome: from.outcome, counts: countsOf(from.counts), durationMs: from.durationMs }
        : undefined
    case 'run-abandoned':
      return isText(from.by) && isText(from.reason)
        ? { type, by: from.by, reason: from.reason, torn: texts(from.torn) }
        : undefined
    case 'act':
      return readActLine(from)
    default:
      return undefined
  }
}

function readOutput(from: Fields): RecordEntry | undefined {
  const { execution, at } = from
  if (!isNumber(execution) || !isNumber(at)) return undefined
  const pruned = prunedText('output', from)
  if (pruned !== undefined) return { type: 'output', execution, at, text: '', pruned }
  return isText(from.text) ? { type: 'output', execution, at, text: from.text } : undefined
}

function prunedText(type: 'output' | 'step-end', from: Fields): PrunedText | undefined {
  const sha256 = prunedHash(type, from)
  return sha256 === undefined ? undefined : { sha256, bytes: prunedBytes(from) }
}

function readActLine(from: Fields): RecordEntry | undefined {
  const act = readAct(from)
  if (!act || !isNumber(from.format)) return undefined
  return { type: 'act', format: from.format, ...act, parents: texts(from.parents) }
}

function readRunStart(from: Fields): RecordEntry | undefined {
  const run = readRun(from)
  if (!run || !isNumber(from.format)) return undefined
  return { type: 'run-start', format: from.format, ...run, parents: texts(from.parents) }
}

function readStepStart(from: Fields): RecordEntry | undefined {
  const step = readStep(from)
  if (!step || !isNumber(from.execution)) return undefined
  return { type: 'step-start', execution: from.execution, ...step, textSha256: text(from.textSha256) ?? '' }
}

function readStepEnd(from: Fields): RecordEntry | undefined {
  if (!isNumber(from.execution) || !isText(from.id) || !isOutcome(from.outcome)) return undefined
  return {
    type: 'step-end',
    execution: from.execution,
    id: from.id,
    outcome: from.outcome,
    durationMs: number(from.durationMs) ?? 0,
    ...some('problem', problemOf(from.problem)),
    ...readEndingDetails(from),
    outputBytes: number(from.outputBytes) ?? 0,
    outputSha256: text(from.outputSha256) ?? '',
    ...some('pruned', prunedText('step-end', from)),
  }
}

function isOutcome(value: unknown): value is Outcome {
  return isText(value) && Object.hasOwn(noCounts, value)
}

/** A count of nothing. */
export const noCounts: OutcomeCounts = { succeeded: 0, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 }

function countsOf(value: unknown): OutcomeCounts {
  const from = isFields(value) ? value : {}
  return {
    succeeded: number(from.succeeded) ?? 0,
    failed: number(from.failed) ?? 0,
    skipped: number(from.skipped) ?? 0,
    cancelled: number(from.cancelled) ?? 0,
    'timed-out': number(from['timed-out']) ?? 0,
  }
}

function problemOf(value: unknown): RecordedProblem | undefined {
  return isFields(value) && isText(value.code) ? { code: value.code, values: textFields(value.values) } : undefined
}
