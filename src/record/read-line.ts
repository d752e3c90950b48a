import type { Outcome, OutcomeCounts, StepDescription } from '../execution/event.ts'
import type { ChainLink, RecordEntry, RecordedProblem, RecordLine } from './line.ts'

/** A JSON object of a record: its place in the chain, and whatever it says. */
export interface LineObject extends ChainLink {
  readonly type: string
  readonly fields: Fields
}

type Fields = Readonly<Record<string, unknown>>

// Neither a replaced byte nor a byte order mark may pass for what was written.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

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

function parseObject(bytes: Uint8Array): Fields | undefined {
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes))
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The line in this version's types; undefined when its type or shape is not known, as in a newer format. */
export function readLine(bytes: Uint8Array): RecordLine | undefined {
  const object = readLineObject(bytes)
  const entry = object && readEntry(object.type, object.fields)
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
      return isNumber(from.execution) && isNumber(from.at) && isText(from.text)
        ? { type, execution: from.execution, at: from.at, text: from.text }
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
    default:
      return undefined
  }
}

function readRunStart(from: Fields): RecordEntry | undefined {
  const { runbook, operator, host, git } = from
  if (!isNumber(from.format) || !isText(from.id)) return undefined
  if (!isFields(runbook) || !isText(runbook.path)) return undefined
  if (!isFields(operator) || !isText(operator.name)) return undefined
  return {
    type: 'run-start',
    format: from.format,
    id: from.id,
    runbook: { path: runbook.path, title: text(runbook.title) ?? '', sha256: text(runbook.sha256) ?? '' },
    ...(isFields(git) && {
      git: { ...some('commit', text(git.commit)), ...some('branch', text(git.branch)), changed: git.changed === true },
    }),
    operator: { name: operator.name, ...some('email', text(operator.email)) },
    host: isFields(host)
      ? { name: text(host.name) ?? '', platform: text(host.platform) ?? '', pid: number(host.pid) ?? 0 }
      : { name: '', platform: '', pid: 0 },
    parameters: textFields(from.parameters),
    secrets: texts(from.secrets),
    origin: from.origin === 'editor' ? 'editor' : 'command-line',
    version: text(from.version) ?? '',
    parents: texts(from.parents),
  }
}

function readStepStart(from: Fields): RecordEntry | undefined {
  if (!isNumber(from.execution) || !isText(from.id) || !isText(from.text) || !isKind(from.kind)) return undefined
  return {
    type: 'step-start',
    execution: from.execution,
    id: from.id,
    kind: from.kind,
    title: text(from.title) ?? from.id,
    ...some('procedure', text(from.procedure)),
    line: number(from.line) ?? 1,
    ...some('shell', text(from.shell)),
    text: from.text,
    textSha256: text(from.textSha256) ?? '',
  }
}

function readStepEnd(from: Fields): RecordEntry | undefined {
  if (!isNumber(from.execution) || !isText(from.id) || !isOutcome(from.outcome)) return undefined
  return {
    type: 'step-end',
    execution: from.execution,
    id: from.id,
    outcome: from.outcome,
    ...some('exitCode', number(from.exitCode)),
    ...some('signal', text(from.signal)),
    durationMs: number(from.durationMs) ?? 0,
    ...some('problem', problemOf(from.problem)),
    ...some('note', text(from.note)),
    ...some('isDone', typeof from.isDone === 'boolean' ? from.isDone : undefined),
    ...some('choice', text(from.choice)),
    outputBytes: number(from.outputBytes) ?? 0,
    outputSha256: text(from.outputSha256) ?? '',
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

function isKind(value: unknown): value is StepDescription['kind'] {
  return value === 'command' || value === 'manual' || value === 'decision'
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

function text(value: unknown): string | undefined {
  return isText(value) ? value : undefined
}

function number(value: unknown): number | undefined {
  return isNumber(value) ? value : undefined
}

/** The strings of a list; empty for anything else. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(isText) : []
}

function textFields(value: unknown): Readonly<Record<string, string>> {
  if (!isFields(value)) return {}
  const pairs = Object.entries(value).flatMap(([name, field]) => (isText(field) ? [[name, field] as const] : []))
  return Object.fromEntries(pairs)
}

function some<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value } {
  const result: { [N in Name]?: Value } = {}
  if (value !== undefined) result[name] = value
  return result
}
