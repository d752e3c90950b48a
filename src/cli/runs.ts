import { annotationsOf, type NotesByRun, notesByRun } from '../record/annotations.ts'
import { copyOfRow } from '../record/looked-up-rows.ts'
import { runsById } from '../record/related.ts'
import { createRunFilter } from '../record/run-filter.ts'
import type { ActSummary, ReadableRun, RecordSummary } from '../record/summary.ts'
import { actSentence, actSubject } from '../wording/acts.ts'
import { formatDay, formatTime } from '../wording/dates.ts'
import { formatDuration } from '../wording/durations.ts'
import { systemReason } from '../wording/execution-problems.ts'
import { followsSentence } from '../wording/follow.ts'
import { noteCount } from '../wording/notes.ts'
import { outcomeSymbol, outcomeWord, succeededOfAll } from '../wording/outcomes.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { type RunFilterOptions, runFilterOf } from './runs-filter.ts'
import { type Style, styleFor } from './style.ts'

export interface RunsOptions extends RunFilterOptions {
  readonly json?: true
  readonly limit: number
}

/** `baton runs`: the records of this repo, also of what was done outside of runs, newest first, by day. */
export async function runs(options: RunsOptions, line: CommandLine): Promise<ExitCode> {
  const { t, records, out, err } = line
  const matches = createRunFilter(runFilterOf(options, t))
  const root = await records.rootOf(line.cwd)
  const progress = readingProgress(line)
  const all = await records.all(root, progress.report)
  const search = options.search === undefined ? undefined : await records.search(root, options.search)
  progress.end()
  const found = all.filter((record) => matches(record) && (search === undefined || search.isFound(record)))
  const shown = found.slice(0, options.limit)
  const notes = await notesByRun(all)
  if (options.json) {
    const list = shown.map((run) => jsonOf(run, notes))
    out.write(`${JSON.stringify(list, null, 2)}\n`)
  } else {
    if (all.length === 0) err.write(`${t('Nothing has been run here yet.')}\n`)
    else if (found.length === 0) err.write(`${t('None of the {0} records here is like that.', all.length)}\n`)
    await print(shown, all, line)
    const left = found.length - shown.length
    if (left > 0) err.write(`${t('{0} older ones are not shown. Use --limit to see more.', left)}\n`)
  }
  if (await records.settled(root))
    err.write(`${t('Some records are not what they were when they were read last. Ask again to see them.')}\n`)
  return exitCodes.fine
}

/** Reading many records for the first time takes some seconds, which nobody should wonder about. */
function readingProgress({ err, t, locale }: CommandLine) {
  const percent = new Intl.NumberFormat(locale, { style: 'percent' })
  let isShown = false
  return {
    report(done: number, all: number): void {
      if (!err.isTerminal || all < 1000) return
      isShown = true
      err.write(`\r${t('Reading records… {0}', percent.format(done / all))}`)
    },
    end(): void {
      if (isShown) err.write('\r\x1b[K')
    },
  }
}

/** What the other records of the repo say about one of them. */
interface Context {
  readonly notes: NotesByRun
  readonly runOf: (id: string) => ReadableRun | undefined
}

async function print(
  shown: readonly RecordSummary[],
  recorded: readonly RecordSummary[],
  line: CommandLine,
): Promise<void> {
  const { t, locale, out } = line
  const style = styleFor(out)
  let day = ''
  const context: Context = { notes: await notesByRun(recorded), runOf: await runsById(recorded) }
  for (const run of shown) {
    const itsDay = formatDay(run.startedAt, line.now(), t, locale)
    if (itsDay !== day) out.write(`${style.strong(itsDay)}\n`)
    day = itsDay
    out.write(`  ${textOf(run, context, style, line)}\n    ${style.quiet(plain(run.path))}\n`)
  }
}

function textOf(record: RecordSummary, context: Context, style: Style, line: CommandLine): string {
  switch (record.outcome) {
    case 'unreadable':
      return unreadable(record.reason, line)
    case 'act':
      return act(record, context, style, line)
    default:
      return readable(record, context, style, line)
  }
}

function act(record: ActSummary, { runOf }: Context, style: Style, { t, locale, now }: CommandLine): string {
  const subject = actSubject(record, runOf, { t, locale, now: now() })
  const details = [subject, record.operator.name].filter(Boolean).map(plain).join(' · ')
  const time = formatTime(record.startedAt, locale)
  return `• ${time}  ${plain(actSentence(record, t))}  ${style.quiet(details)}`
}

function readable(run: ReadableRun, { notes, runOf }: Context, style: Style, { t, locale, now }: CommandLine): string {
  const { count } = annotationsOf(run, notes)
  const { follows } = run
  const details = [
    plain(run.operator.name),
    run.durationMs === undefined ? undefined : formatDuration(run.durationMs, t, locale),
    succeededOfAll(run.tally, t),
    count > 0 && noteCount(count, t, locale),
    follows && plain(followsSentence(runOf(follows), follows, { t, locale, now: now() })),
  ]
  const title = plain(run.runbook.title || run.runbook.path)
  const time = formatTime(run.startedAt, locale)
  return `${outcome(run.outcome, style, { t })}  ${time}  ${title}  ${style.quiet(details.filter(Boolean).join(' · '))}`
}

function outcome(outcome: ReadableRun['outcome'], style: Style, { t }: Pick<CommandLine, 't'>): string {
  if (outcome === 'running') return style.notice(`… ${t('running')}`)
  const text = `${outcomeSymbol(outcome)} ${outcomeWord(outcome, t)}`
  if (outcome === 'succeeded') return style.good(text)
  return outcome === 'failed' || outcome === 'timed-out' ? style.bad(text) : style.notice(text)
}

function unreadable(reason: string, { t }: CommandLine): string {
  switch (reason) {
    case 'empty':
      return t('The record cannot be read: {0}', t('it is empty'))
    case 'newer-format':
      return t('The record cannot be read: {0}', t('a newer version of Baton wrote it'))
    case 'not-a-record':
      return t('The record cannot be read: {0}', t('it does not begin as a record does'))
    default:
      return t('The record cannot be read: {0}', systemReason(reason, t))
  }
}

function jsonOf(run: RecordSummary, notes: NotesByRun) {
  const startedAt = new Date(run.startedAt).toISOString()
  if (run.outcome === 'unreadable' || run.outcome === 'act') return { ...copyOfRow(run), startedAt }
  const { results: _, endedAt, ...rest } = copyOfRow(run)
  return {
    ...rest,
    startedAt,
    endedAt: endedAt === undefined ? undefined : new Date(endedAt).toISOString(),
    notes: annotationsOf(run, notes).count,
  }
}
