import type { Ending, PrerequisiteState, RunDescription, StepDescription } from '../execution/event.ts'
import { masteries, type PrunedRecord, type RecordedAct, type RunReference } from './act.ts'
import { attachmentsIn } from './attachment.ts'
import {
  type Fields,
  flag,
  isFields,
  isNumber,
  isText,
  number,
  some,
  text,
  textFields,
  texts,
  word,
} from './json-fields.ts'

/** Undefined without what every record says of its run; anything else that is missing or of a newer form is left out. */
export function readRun(from: Fields): RunDescription | undefined {
  const { runbook, git } = from
  const witness = readWitness(from)
  if (!witness || !isFields(runbook) || !isText(runbook.path)) return undefined
  return {
    ...witness,
    runbook: { path: runbook.path, title: text(runbook.title) ?? '', sha256: text(runbook.sha256) ?? '' },
    ...(isFields(git) && {
      git: { ...some('commit', text(git.commit)), ...some('branch', text(git.branch)), changed: git.changed === true },
    }),
    parameters: textFields(from.parameters),
    secrets: texts(from.secrets),
    ...flag('unattended', from.unattended),
    ...some('batch', batchOf(from.batch)),
    ...some('resumes', resumesOf(from.resumes)),
    ...some('follows', text(from.follows)),
    ...(Array.isArray(from.prerequisites) && { prerequisites: from.prerequisites.flatMap(prerequisiteOf) }),
  }
}

/** Undefined without what every record says of its act; an act of a newer version is kept by its name. */
export function readAct(from: Fields): RecordedAct | undefined {
  const witness = readWitness(from)
  if (!witness || !isText(from.act)) return undefined
  return {
    ...witness,
    act: from.act,
    ...(Array.isArray(from.secrets) && { secrets: texts(from.secrets) }),
    ...(Array.isArray(from.to) && { to: texts(from.to) }),
    ...some('file', text(from.file)),
    ...some('about', referenceOf(from.about)),
    ...some('execution', number(from.execution)),
    ...some('own', referenceOf(from.own)),
    ...some('mastery', word(from.mastery, masteries)),
    ...some('with', text(from.with)),
    ...some('text', text(from.text)),
    ...(Array.isArray(from.pruned) && { pruned: from.pruned.flatMap(prunedOf) }),
  }
}

/** Records as the act of a line says that it left them; empty for every other line. */
export function vouchedBy(from: Fields): readonly PrunedRecord[] {
  return from.type === 'act' && from.act === 'output-pruned' && Array.isArray(from.pruned)
    ? from.pruned.flatMap(prunedOf)
    : []
}

function referenceOf(value: unknown): RunReference | undefined {
  return isFields(value) && isText(value.run) && isText(value.head) ? { run: value.run, head: value.head } : undefined
}

function prunedOf(value: unknown): readonly PrunedRecord[] {
  const reference = referenceOf(value)
  if (!reference || !isFields(value)) return []
  const { lines, bytes, sha256 } = value
  return isNumber(lines) && isNumber(bytes) && isText(sha256) ? [{ ...reference, lines, bytes, sha256 }] : []
}

/** Who did it, where and with what. */
function readWitness({ id, operator, host, origin, version }: Fields) {
  if (!isText(id) || !isFields(operator) || !isText(operator.name)) return undefined
  return {
    id,
    operator: { name: operator.name, ...some('email', text(operator.email)) },
    host: isFields(host)
      ? { name: text(host.name) ?? '', platform: text(host.platform) ?? '', pid: number(host.pid) ?? 0 }
      : { name: '', platform: '', pid: 0 },
    origin: origin === 'editor' ? ('editor' as const) : ('command-line' as const),
    version: text(version) ?? '',
  }
}

function batchOf(value: unknown): RunDescription['batch'] {
  if (!isFields(value)) return undefined
  const { id, row, rows } = value
  return isText(id) && isNumber(row) && isNumber(rows) ? { id, row, rows } : undefined
}

function resumesOf(value: unknown): RunDescription['resumes'] {
  return isFields(value) && isText(value.run) && isText(value.step) ? { run: value.run, step: value.step } : undefined
}

function prerequisiteOf(value: unknown): readonly PrerequisiteState[] {
  if (!isFields(value) || !isText(value.path)) return []
  const state = word(value.state, ['done', 'ran', 'waived'])
  return state === undefined ? [] : [{ path: value.path, state, ...some('run', text(value.run)) }]
}

const approvals = ['now', 'earlier'] as const

export function readStep(from: Fields): StepDescription | undefined {
  const kind = word(from.kind, ['command', 'manual', 'decision'])
  const approval = word(from.approval, approvals)
  if (!isText(from.id) || !isText(from.text) || kind === undefined) return undefined
  return {
    id: from.id,
    kind,
    title: text(from.title) ?? from.id,
    ...some('procedure', text(from.procedure)),
    line: number(from.line) ?? 1,
    ...some('shell', text(from.shell)),
    text: from.text,
    ...some('attempt', number(from.attempt)),
    ...some('serves', servesOf(from.serves)),
    ...flag('background', from.background),
    ...flag('interactive', from.interactive),
    ...some('approval', approval),
    ...(isFields(from.answers) && { answers: textFields(from.answers) }),
    ...(isFields(from.secretCommands) && { secretCommands: commandsOf(from.secretCommands) }),
  }
}

function commandsOf(value: Fields): StepDescription['secretCommands'] {
  const commands = Object.entries(value).flatMap(([name, entry]) => {
    if (!isFields(entry) || !isText(entry.command)) return []
    return [[name, { command: entry.command, ...some('approval', word(entry.approval, approvals)) }] as const]
  })
  return Object.fromEntries(commands)
}

function servesOf(value: unknown): StepDescription['serves'] {
  if (!isFields(value) || !isText(value.stepId)) return undefined
  const as = word(value.as, ['check', 'undo'])
  return as && { as, stepId: value.stepId }
}

/** What an ending says beside its outcome and its problem. */
export function readEndingDetails(from: Fields): Omit<Ending, 'outcome' | 'problem'> {
  return {
    ...some('exitCode', number(from.exitCode)),
    ...some('signal', text(from.signal)),
    ...some('note', text(from.note)),
    ...some('isDone', typeof from.isDone === 'boolean' ? from.isDone : undefined),
    ...attached(from.attachments),
    ...some('choice', text(from.choice)),
    ...some('difference', text(from.difference)),
    ...some('undecodable', undecodableOf(from.undecodable)),
    ...flag('endedWithRun', from.endedWithRun),
  }
}

function attached(value: unknown): Pick<Ending, 'attachments'> {
  const attachments = attachmentsIn(value)
  return attachments.length === 0 ? {} : { attachments }
}

function undecodableOf(value: unknown): Ending['undecodable'] {
  if (!isFields(value) || !isNumber(value.bytes)) return undefined
  return { bytes: value.bytes, sha256: text(value.sha256) ?? '' }
}
