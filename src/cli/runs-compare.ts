import { compareRuns, type RunComparison, type StepComparison, verdictOf } from '../record/compare.ts'
import { runBefore } from '../record/run-before.ts'
import { isReadable } from '../record/summary.ts'
import type { Transcript } from '../record/transcript.ts'
import { changedTextSentence, comparisonHeadline } from '../wording/comparison.ts'
import { formatDateTime } from '../wording/dates.ts'
import { outcomeSymbol, outcomeWord } from '../wording/outcomes.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { comparedStepLines } from './follow-text.ts'
import { drawnLines } from './line-diff.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { type NamedRecord, recordNamed } from './record-named.ts'
import { styleFor } from './style.ts'
import { UsageError } from './usage-error.ts'
import { tellWrong } from './wrong-record.ts'

interface Side extends NamedRecord {
  readonly transcript: Transcript
  readonly run: NonNullable<Transcript['run']>
}

/** `baton runs compare`: two runs of a runbook, step by step. With one named, the run before it is the other. */
export async function compareNamedRuns(
  first: string,
  second: string | undefined,
  options: { readonly json?: true },
  line: CommandLine,
): Promise<ExitCode> {
  const { t, out } = line
  const named = await sideOf(await recordNamed(first, line), line)
  const [before, after] =
    second === undefined
      ? [await sideBefore(named, line), named]
      : [named, await sideOf(await recordNamed(second, line), line)]
  if (before.run.runbook.path !== after.run.runbook.path) {
    const [one, other] = [before, after].map(({ run }) => plain(run.runbook.path))
    throw new UsageError(t('These are runs of different runbooks: {0} and {1}.', one ?? '', other ?? ''))
  }
  const comparison = compareRuns(before.transcript, after.transcript)
  if (options.json) out.write(`${JSON.stringify(jsonOf(before, after, comparison), null, 2)}\n`)
  else for (const text of linesOf(before, after, comparison, line)) out.write(`${text}\n`)
  return exitCodes.fine
}

async function sideOf(record: NamedRecord, line: CommandLine): Promise<Side> {
  const { records, t } = line
  await tellWrong(record, line)
  const transcript = await records.read(record.root, record.path)
  if (transcript.run === undefined) throw new UsageError(t('{0} is no record of a run.', plain(record.path)))
  return { ...record, transcript, run: transcript.run }
}

async function sideBefore({ root, run, transcript, path }: Side, line: CommandLine): Promise<Side> {
  const { records, t } = line
  const all = (await records.list(root)).filter(isReadable)
  const own = all.find(({ id, startedAt }) => id === run.id && startedAt === transcript.startedAt)
  const before = runBefore({ runbook: run.runbook, startedAt: transcript.startedAt, path: own?.path ?? path }, all)
  if (before === undefined) throw new UsageError(t('There is no earlier run of this runbook.'))
  return sideOf({ root, path: before.path }, line)
}

function linesOf(before: Side, after: Side, comparison: RunComparison, line: CommandLine): readonly string[] {
  const { t, locale, out, now } = line
  const style = styleFor(out)
  const heading = ({ run, transcript: { startedAt, end } }: Side) => {
    const outcome = end.kind === 'ended' ? [`${outcomeSymbol(end.outcome)} ${outcomeWord(end.outcome, t)}`] : []
    return [formatDateTime(startedAt, now(), locale), run.operator.name, ...outcome].map(plain).join(' · ')
  }
  return [
    style.strong(plain(after.run.runbook.title || after.run.runbook.path)),
    `  A  ${heading(before)}`,
    `  B  ${heading(after)}`,
    ...comparison.parameters.map(({ name, before: was, after: is }) =>
      style.notice(`  ${plain(name)}: ${plain(was ?? '–')} → ${plain(is ?? '–')}`),
    ),
    ...comparison.steps.flatMap((step) => stepLines(step, line)),
    style.strong(comparisonHeadline(comparison, t)),
  ]
}

function stepLines(step: StepComparison, line: CommandLine): readonly string[] {
  const style = styleFor(line.out)
  const { title } = step.kind === 'only-before' ? step.before : step.after
  const changed = step.kind === 'both' ? step.changedText : undefined
  return [
    '',
    style.strong(plain(title)),
    ...(changed ? [style.notice(`△ ${changedTextSentence(step, line.t)}`), ...drawnLines(changed, style)] : []),
    ...comparedStepLines(step, line),
  ]
}

function jsonOf(before: Side, after: Side, { parameters, steps }: RunComparison) {
  const side = ({ path, run, transcript }: Side) => ({
    path,
    id: run.id,
    operator: run.operator,
    startedAt: new Date(transcript.startedAt).toISOString(),
  })
  return {
    runbook: after.run.runbook.path,
    before: side(before),
    after: side(after),
    parameters,
    steps: steps.map((step) => {
      const { id, title } = step.kind === 'only-before' ? step.before : step.after
      if (step.kind !== 'both') return { id, title, verdict: verdictOf(step) }
      const { isSameOutcome, changedText, output } = step
      const result = (which: 'before' | 'after') => {
        const { outcome, durationMs, exitCode } = step[which].result ?? {}
        return { outcome, durationMs, exitCode }
      }
      return {
        id,
        title,
        verdict: verdictOf(step),
        before: result('before'),
        after: result('after'),
        isSameOutcome,
        changedText,
        output,
      }
    }),
  }
}
