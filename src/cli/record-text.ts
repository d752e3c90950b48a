import type { RecordedAct } from '../record/act.ts'
import type { Annotation } from '../record/annotations.ts'
import type { RelatedRecords } from '../record/related.ts'
import type { ActSummary } from '../record/summary.ts'
import { endedSteps, tallySteps } from '../record/tally.ts'
import type { Transcript, TranscriptNote, TranscriptStep } from '../record/transcript.ts'
import { actSentence } from '../wording/acts.ts'
import { formatBytes } from '../wording/byte-sizes.ts'
import { formatDateTime, formatTime } from '../wording/dates.ts'
import { formatDuration } from '../wording/durations.ts'
import { newerFormatWords } from '../wording/newer-format.ts'
import { noteByline } from '../wording/notes.ts'
import { outcomeSymbol, outcomeWord, succeededOfAll } from '../wording/outcomes.ts'
import { prunedSentence } from '../wording/pruning.ts'
import { recordedProblemSentence } from '../wording/recorded-problems.ts'
import { shellName } from '../wording/shell-names.ts'
import { stepEnding } from '../wording/terminal-lines.ts'
import { unifiedDiffLines } from './line-diff.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { readableLines } from './readable.ts'
import { type Style, styleFor } from './style.ts'

/**
 * A record as a text to read, part by part: what, who and when; then each step with its text, output and how it ended.
 * @param related what was written to it, and taken out of it, later
 */
export function* recordText(
  path: string,
  transcript: Transcript,
  { annotations, pruning }: Pick<RelatedRecords, 'annotations' | 'pruning'>,
  line: CommandLine,
): Iterable<string> {
  const { t } = line
  const style = styleFor(line.out)
  const { act, steps, notes, unknownLines } = transcript
  yield textOf(act ? actLines(act, path, transcript, style, line) : headLines(path, transcript, style, line))
  yield* added(annotations.ofRun)
  yield* noted(0)
  for (const [index, step] of steps.entries()) {
    yield `\n${textOf(stepLines(step, index + 1, pruning, style, line))}`
    yield* added(annotations.byExecution.get(step.execution))
    yield* noted(index + 1)
  }
  if (unknownLines > 0) yield `\n${style.notice(t('Lines that could not be read: {0}', unknownLines))}\n`

  function* added(later: readonly Annotation[] = []): Iterable<string> {
    for (const note of later) yield `\n${textOf(annotationLines(note, style, line))}`
  }

  function* noted(after: number): Iterable<string> {
    for (const note of notes) if (note.after === after) yield `\n${textOf(noteLines(note, style, line))}`
  }
}

function textOf(lines: readonly string[]): string {
  return lines.map((one) => `${one}\n`).join('')
}

function actLines(
  act: RecordedAct,
  path: string,
  { startedAt, newerFormat }: Transcript,
  style: Style,
  { t, locale, now }: CommandLine,
): readonly string[] {
  return [
    style.strong(plain(actSentence(act, t))),
    ...(act.act === 'run-noted' ? indented(readableLines(act.text ?? '', style)) : []),
    ...facts([
      [t('Run'), act.about?.run],
      [t('Own run'), act.own?.run],
      [t('Operator'), operatorName(act.operator)],
      [t('Began'), formatDateTime(startedAt, now(), locale)],
      [t('Computer'), act.host.name],
      [t('Format'), newerFormatWords(newerFormat, t)],
      [t('Record'), path],
    ]),
  ]
}

function headLines(path: string, transcript: Transcript, style: Style, line: CommandLine): readonly string[] {
  const { t, locale, now } = line
  const { run, end, steps, startedAt, newerFormat } = transcript
  if (run === undefined) return []
  const outcome = end.kind === 'ended' ? end.outcome : end.kind === 'abandoned' ? 'abandoned' : undefined
  const state =
    outcome === undefined ? t('running, or cut off') : `${outcomeSymbol(outcome)} ${outcomeWord(outcome, t)}`
  const took = end.kind === 'ended' ? [formatDuration(end.durationMs, t, locale)] : []
  const commit = run.git?.commit?.slice(0, 10)
  return [
    style.strong(plain(run.runbook.title || run.runbook.path)),
    (outcome === 'succeeded' ? style.good : outcome === 'skipped' ? style.notice : style.bad)(
      [state, ...took, succeededOfAll(tallySteps(endedSteps(steps)), t)].join(' · '),
    ),
    ...facts([
      [t('Runbook'), run.runbook.path],
      [t('Version'), commit && [commit, run.git?.branch].filter(Boolean).join(' · ')],
      [t('Operator'), operatorName(run.operator)],
      [t('Began'), formatDateTime(startedAt, now(), locale)],
      [t('Computer'), run.host.name],
      [t('Batch'), run.batch && t('row {0} of {1} of batch {2}', run.batch.row, run.batch.rows, run.batch.id)],
      [t('Goes on from'), run.resumes && t('run {0}, from step “{1}” on', run.resumes.run, run.resumes.step)],
      [t('Followed run'), run.follows],
      ...Object.entries(run.parameters).map(([name, value]): Fact => [name, value]),
      [t('Secrets'), run.secrets.join(', ')],
      [t('Format'), newerFormatWords(newerFormat, t)],
      [t('Record'), path],
    ]),
  ]
}

type Fact = readonly [string, string | undefined]

/** Those without a value are left out. */
function facts(all: readonly Fact[]): readonly string[] {
  return all.filter(([, value]) => value).map(([name, value]) => `  ${plain(name)}: ${plain(value ?? '')}`)
}

function operatorName({ name, email }: RecordedAct['operator']): string {
  return email ? `${name} (${email})` : name
}

function noteLines({ time, text }: TranscriptNote, style: Style, { t, locale }: CommandLine): readonly string[] {
  return [style.notice(`${t('Note')} · ${formatTime(time, locale)}`), ...indented(readableLines(text, style))]
}

/** What somebody wrote when the run was over. */
function annotationLines(note: Annotation, style: Style, { t, locale, now }: CommandLine): readonly string[] {
  const byline = plain(noteByline(note, t, locale, now()))
  return [style.notice(`${t('Note added later')} · ${byline}`), ...indented(readableLines(note.text, style))]
}

function stepLines(
  step: TranscriptStep,
  number: number,
  pruning: ActSummary | undefined,
  style: Style,
  line: CommandLine,
): readonly string[] {
  const { t, locale } = line
  const { result, output, omitted, prunedBytes = 0 } = step
  const place = [
    formatTime(step.startedAt, locale),
    step.procedure,
    step.shell && shellName(step.shell),
    t('line {0}', step.line),
    ...(step.attempt === undefined ? [] : [t('try {0}', step.attempt)]),
    ...(step.background ? [t('in the background')] : []),
  ]
  const isFine = result?.outcome === 'succeeded' || result?.outcome === 'skipped'
  const ending = result === undefined ? t('no end on record') : stepEnding(result, t, locale)
  const answers = Object.entries(step.answers ?? {}).map(([name, value]) => plain(`${name} = ${value}`))
  const isTitleOnly = step.kind !== 'command' && step.text.trim() === step.title.trim()
  return [
    `${style.strong(`${number}. ${plain(step.title)}`)} ${style.quiet(place.filter(Boolean).map(String).map(plain).join(' · '))}`,
    ...(isTitleOnly ? [] : readableLines(step.text.trimEnd(), style).map((one) => `  ${style.quiet('│')} ${one}`)),
    ...indented(answers),
    ...outputLines(output, style),
    ...(omitted ? [`  ${style.notice(`… ${t('Left out here: {0}', formatBytes(omitted.bytes, locale))}`)}`] : []),
    ...outputLines(omitted?.tail ?? '', style),
    ...(prunedBytes > 0
      ? [`  ${style.notice(plain(prunedSentence(prunedBytes, pruning, t, locale, line.now())))}`]
      : []),
    ...(result?.problem ? [`  ${style.bad(plain(recordedProblemSentence(result.problem, t)))}`] : []),
    ...indented(result?.difference === undefined ? [] : unifiedDiffLines(result.difference, style)),
    ...(result?.choice ? [`  ${t('Chosen')}: ${plain(result.choice)}`] : []),
    `  ${(isFine ? style.good : style.bad)(plain(ending))}`,
  ]
}

/** As a terminal showed it: what could still move a cursor stands there as its code. */
function outputLines(text: string, style: Style): readonly string[] {
  const shown = text.replace(/\n+$/, '')
  return shown === '' ? [] : indented(readableLines(shown, style))
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((one) => `  ${one}`)
}
