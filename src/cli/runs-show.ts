import { resolve } from 'node:path'
import { asciicast } from '../record/asciicast.ts'
import { castHead, castOf } from '../record/cast.ts'
import { nothingRelated, type RelatedRecords, relatedRecords } from '../record/related.ts'
import { isReadable } from '../record/summary.ts'
import type { Transcript } from '../record/transcript.ts'
import { castWords } from '../wording/cast-words.ts'
import { systemReason } from '../wording/execution-problems.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { type NamedRecord, recordNamed } from './record-named.ts'
import { recordText } from './record-text.ts'
import { shownPath } from './shown-path.ts'
import { UsageError } from './usage-error.ts'
import { tellWrong } from './wrong-record.ts'

export interface ShowOptions {
  readonly json?: true
  /** A file; true where the cast goes to the standard output. */
  readonly cast?: string | true
  readonly castVersion?: string
}

/** Of the terminal in which a cast is played, unless it is another one. */
const castSize = { columns: 100, rows: 30 }

/** `baton runs show`: one record as a text to read, as JSON, or as a cast that the asciinema tool plays. */
export async function showRun(named: string, options: ShowOptions, line: CommandLine): Promise<ExitCode> {
  const { t, records, out } = line
  if (options.json && options.cast !== undefined) throw new UsageError(t('--json and --cast exclude one another.'))
  const version = castVersion(options, line)
  const record = await recordNamed(named, line)
  await tellWrong(record, line)
  if (options.cast !== undefined) return writeCast(record, options.cast, version, line)
  const transcript = await records.read(record.root, record.path)
  if (transcript.run === undefined && transcript.act === undefined) {
    const isNewer = transcript.newerFormat !== undefined
    throw new UsageError(
      isNewer ? t('The record cannot be read: {0}', t('a newer version of Baton wrote it')) : notARecord(record, line),
    )
  }
  const related = await relatedTo(record, line)
  if (options.json) {
    out.write(`${JSON.stringify(jsonOf(record.path, transcript, related), null, 2)}\n`)
    return exitCodes.fine
  }
  for (const part of recordText(record.path, transcript, related, line)) {
    out.write(part)
    await out.drained()
  }
  return exitCodes.fine
}

function castVersion({ cast, castVersion: version }: ShowOptions, { t }: CommandLine): 2 | 3 {
  if (version === undefined) return 3
  if (cast === undefined) throw new UsageError(t('--cast-version goes with --cast.'))
  if (version !== '2' && version !== '3') {
    throw new UsageError(t('{0} takes 2 or 3, not “{1}”.', '--cast-version', plain(version)))
  }
  return version === '2' ? 2 : 3
}

async function writeCast(
  record: NamedRecord,
  target: string | true,
  version: 2 | 3,
  line: CommandLine,
): Promise<ExitCode> {
  const { t, locale, records, files, out, err, cwd } = line
  const open = records.opened(record.root, record.path)
  const head = await castHead(open)
  if (head === undefined) throw new UsageError(notARecord(record, line))
  const lines = asciicast(head, castOf(open, { words: castWords(t, locale) }), castSize, version)
  if (target === true) {
    for await (const text of lines) {
      out.write(text)
      await out.drained()
    }
    return exitCodes.fine
  }
  const file = resolve(cwd, target)
  const shown = plain(shownPath(file, cwd))
  const reason = await files.writeNew(file, lines)
  if (reason === 'EEXIST') {
    throw new UsageError(t('The file {0} is there already. Name another one, or delete it first.', shown))
  }
  if (reason !== undefined) {
    err.write(`${t('The file {0} cannot be written: {1}.', shown, systemReason(reason, t))}\n`)
    return exitCodes.unable
  }
  err.write(`${t('Written: {0}', shown)}\n`)
  return exitCodes.fine
}

/** What was written to the run, or taken out of it, when it was over. */
async function relatedTo({ root, path }: NamedRecord, { records }: CommandLine): Promise<RelatedRecords> {
  const all = await records.all(root)
  const run = all.filter(isReadable).find((one) => resolve(root, one.path) === resolve(root, path))
  return run ? relatedRecords(run, all) : nothingRelated
}

function jsonOf(
  path: string,
  { run, act, startedAt, end, steps, notes, unknownLines }: Transcript,
  { annotations: { ofRun, byExecution } }: RelatedRecords,
) {
  const iso = (time: number) => new Date(time).toISOString()
  return {
    path,
    ...(run && { run: withoutChain(run) }),
    ...(act && { act: withoutChain(act) }),
    startedAt: iso(startedAt),
    end: end.kind === 'none' ? end : { ...end, time: iso(end.time) },
    steps: steps.map(({ result, ...step }) => ({
      ...step,
      startedAt: iso(step.startedAt),
      ...(result && { result: { ...result, time: iso(result.time) } }),
    })),
    notes: notes.map((note) => ({ ...note, time: iso(note.time) })),
    annotations: [...ofRun, ...[...byExecution.values()].flat()].map(({ isOutdated, ...note }) => ({
      ...note,
      time: iso(note.time),
      outdated: isOutdated,
    })),
    unknownLines,
  }
}

function withoutChain(line: object) {
  const ofChain = new Set(['seq', 'prev', 'time', 'type', 'format', 'parents', 'seal'])
  return Object.fromEntries(Object.entries(line).filter(([key]) => !ofChain.has(key)))
}

function notARecord({ path }: NamedRecord, { t }: CommandLine): string {
  return t('{0} is not the record of a run.', plain(path))
}
