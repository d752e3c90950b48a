import { annotationsOf, type NotesByRun, notesByRun } from '../record/annotations.ts'
import { runsById } from '../record/related.ts'
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
import { type Style, styleFor } from './style.ts'

/** `baton runs`: the records of this repo, also of what was done outside of runs, newest first, by day. */
export async function runs(
  options: { readonly json?: true; readonly limit: number },
  line: CommandLine,
): Promise<ExitCode> {
  const root = await line.records.rootOf(line.cwd)
  const all = await line.records.all(root)
  const shown = all.slice(0, options.limit)
  const notes = notesByRun(all)
  if (options.json)
    line.out.write(
      `${JSON.stringify(
        shown.map((run) => jsonOf(run, notes)),
        null,
        2,
      )}\n`,
    )
  else print(shown, all, line)
  return exitCodes.fine
}

/** What the other records of the repo say about one of them. */
interface Context {
  readonly notes: NotesByRun
  readonly runOf: (id: string) => ReadableRun | undefined
}

function print(shown: readonly RecordSummary[], recorded: readonly RecordSummary[], line: CommandLine): void {
  const all = recorded.length
  const { t, locale, out } = line
  const style = styleFor(out)
  if (all === 0) line.err.write(`${t('Nothing has been run here yet.')}\n`)
  let day = ''
  const context: Context = { notes: notesByRun(recorded), runOf: runsById(recorded) }
  for (const run of shown) {
    const itsDay = formatDay(run.startedAt, line.now(), t, locale)
    if (itsDay !== day) out.write(`${style.strong(itsDay)}\n`)
    day = itsDay
    out.write(`  ${textOf(run, context, style, line)}\n    ${style.quiet(plain(run.path))}\n`)
  }
  if (shown.length < all) {
    line.err.write(`${t('{0} older ones are not shown. Use --limit to see more.', all - shown.length)}\n`)
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
    case 'not-a-record':
      return t('The record cannot be read: {0}', t('it does not begin as a record does'))
    default:
      return t('The record cannot be read: {0}', systemReason(reason, t))
  }
}

function jsonOf(run: RecordSummary, notes: NotesByRun) {
  const startedAt = new Date(run.startedAt).toISOString()
  if (run.outcome === 'unreadable' || run.outcome === 'act') return { ...run, startedAt }
  const { results: _, endedAt, ...rest } = run
  // Inherited by what comes from the cache.
  const { head } = run
  return {
    ...rest,
    head,
    startedAt,
    endedAt: endedAt === undefined ? undefined : new Date(endedAt).toISOString(),
    notes: annotationsOf(run, notes).count,
  }
}
