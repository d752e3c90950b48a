import { resolve } from 'node:path'
import type { RunNote } from '../record/act.ts'
import { draftNote, type NoteDraft } from '../record/note-draft.ts'
import type { ReadableRun } from '../record/summary.ts'
import type { Transcript, TranscriptStep } from '../record/transcript.ts'
import { chainOfStores } from '../secrets/chain-of-stores.ts'
import { formatDateTime } from '../wording/dates.ts'
import { noteConcernSentence, noteRefusalSentence } from '../wording/note-drafts.ts'
import { closeAbandoned } from './before-a-run.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { recordNamed } from './record-named.ts'
import { recordFailure } from './secret-problems.ts'
import { styleFor } from './style.ts'
import { UsageError } from './usage-error.ts'

export interface NoteOptions {
  /** The step that the note is about. */
  readonly step?: string
  readonly yes?: true
}

/**
 * `baton runs note`: keeps what somebody wants to be known of a run that is over, in a record of its own.
 * @param named a record's file, or the id of its run
 * @param words the text; none or `-` for what comes through the standard input
 */
export async function noteRun(
  named: string,
  words: readonly string[],
  options: NoteOptions,
  line: CommandLine,
): Promise<ExitCode> {
  const { t, locale, out, err, secrets } = line
  const { root, run, transcript } = await runNamed(named, line)
  const step = options.step === undefined ? undefined : stepOf(options.step, transcript.steps, line)
  const typed = await typedOrPiped(words, line)
  if (typed === undefined) return exitCodes.cancelled
  const draft = await draftNote(typed, transcript.run?.secrets ?? [], {
    secret: (name) => chainOfStores([line.runs.environmentSecrets], line.runs.keychain).get(name),
    credentials: line.credentials,
  })
  if (draft.kind === 'refused') throw new UsageError(noteRefusalSentence(draft, t, locale))
  if (!(await isWanted(draft, options, line))) return exitCodes.cancelled

  const act: RunNote = {
    act: 'run-noted',
    about: { run: run.id, head: run.head },
    ...(step && { execution: step.execution }),
    text: draft.text,
  }
  const failure = await secrets.recordAct(root, act)
  if (failure) {
    const { path, reason } = recordFailure(failure.problem, line)
    err.write(`${styleFor(err).bad(t('The note could not be kept: {0} ({1}).', reason, path))}\n`)
    return exitCodes.unable
  }
  const title = plain(run.runbook.title || run.runbook.path)
  const about = [title, ...(step ? [plain(step.title)] : []), formatDateTime(run.startedAt, line.now(), locale)]
  out.write(`✓ ${t('The note is kept with: {0}', about.join(' · '))}\n`)
  return exitCodes.fine
}

interface NotedRun {
  readonly root: string
  readonly run: ReadableRun
  readonly transcript: Transcript
}

async function runNamed(named: string, line: CommandLine): Promise<NotedRun> {
  const { t, records } = line
  const { root, path } = await recordNamed(named, line)
  // A note points at the end of a record: what a crash left open gets its end first.
  await closeAbandoned(root, line)
  const file = resolve(root, path)
  const run = (await records.list(root)).find((one) => resolve(root, one.path) === file)
  if (run === undefined || run.outcome === 'unreadable') {
    throw new UsageError(t('{0} is no record of a run in this repository.', plain(named)))
  }
  if (run.outcome === 'running' && (await records.isBeingWritten(root, run.path))) {
    throw new UsageError(t('This run is going on. Write the note when it is over.'))
  }
  return { root, run, transcript: await records.read(root, run.path) }
}

/** The last execution of a step. */
function stepOf(named: string, steps: readonly TranscriptStep[], { t }: CommandLine): TranscriptStep {
  const id = named.replace(/^#/, '').normalize('NFC')
  const found = steps.findLast((step) => step.id.normalize('NFC') === id)
  if (found) return found
  const known = [...new Set(steps.map((step) => `#${plain(step.id)}`))]
  const list = known.length > 10 ? `${known.slice(0, 10).join(' ')} …` : known.join(' ')
  throw new UsageError(t('This run has no step #{0}. It has: {1}', plain(named), list))
}

/** Undefined when the person withdrew. */
async function typedOrPiped(words: readonly string[], line: CommandLine): Promise<string | undefined> {
  const { t, prompt, secrets } = line
  const isPiped = words.length === 0 || (words.length === 1 && words[0] === '-')
  if (!isPiped) return words.join(' ')
  if (words.length === 0 && prompt !== undefined) return prompt.line(`${t('Note')}: `)
  const bytes = (await secrets.piped()) ?? new Uint8Array()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UsageError(t('What came through the standard input is no text in UTF-8.'))
  }
}

/** Whether the note is kept as it is, although there may be something in it that should be in no record. */
async function isWanted(
  { concerns }: NoteDraft & { kind: 'ready' },
  { yes }: NoteOptions,
  { t, locale, err, prompt }: CommandLine,
): Promise<boolean> {
  if (concerns.length === 0) return true
  const style = styleFor(err)
  for (const concern of concerns) err.write(`${style.notice(plain(noteConcernSentence(concern, t, locale)))}\n`)
  if (yes) return true
  if (prompt === undefined) {
    throw new UsageError(t('The note was not kept. Take that out, or use --yes to keep it as it is.'))
  }
  const typed = await prompt.line(style.notice(`  ${t('Enter: keep it as it is · Ctrl+C: stop')} `))
  return typed?.trim() === ''
}
