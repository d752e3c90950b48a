import type { Annotation, RunAnnotations } from '../record/annotations.ts'
import type { ActSummary } from '../record/summary.ts'
import type { TranscriptStep } from '../record/transcript.ts'
import { formatBytes } from '../wording/byte-sizes.ts'
import { formatTime } from '../wording/dates.ts'
import { formatDuration } from '../wording/durations.ts'
import { noteByline } from '../wording/notes.ts'
import { doneWord, outcomeSymbol, outcomeWord } from '../wording/outcomes.ts'
import { prunedSentence } from '../wording/pruning.ts'
import { recordedProblemSentence } from '../wording/recorded-problems.ts'
import { shellName } from '../wording/shell-names.ts'
import { escapeHtml, escapeMarkdown, fence, quote } from './markdown-escape.ts'
import type { PageLanguage } from './page-language.ts'

/** More lines of output than this are folded, unless the step failed. */
const foldedLines = 15

/** What a step's section needs to know of its run. */
export interface RunOfStep {
  /** The title of a step by its id. */
  readonly titleOf: (stepId: string) => string
  /** Where the attachments of the record are, as people know the folder. */
  readonly folder?: string
  /** Executions of which the work was taken back later. */
  readonly undone: ReadonlySet<number>
  /** What was written to its executions later. */
  readonly annotations: RunAnnotations['byExecution']
  /** What took output out of the record. */
  readonly pruning: ActSummary | undefined
}

/**
 * One step of a record's page: what ran, how it ended, what it printed.
 *
 * @param number from 1
 */
export function stepSection(step: TranscriptStep, number: number, run: RunOfStep, language: PageLanguage): string {
  const { t } = language
  const { result } = step
  const symbol = result ? `${outcomeSymbol(result.outcome)} ` : ''
  return [
    `## ${number}. ${symbol}${escapeMarkdown(step.title)}`,
    stepFacts(step, run, language),
    stepText(step),
    answers(step, language),
    secretCommands(step, language),
    ...(result?.problem ? [quote(recordedProblemSentence(result.problem, t))] : []),
    ...(result?.choice ? [`**${escapeMarkdown(t('Chosen'))}:** ${escapeMarkdown(result.choice)}`] : []),
    ...(result?.difference
      ? [`**${escapeMarkdown(t('Expected output and what came'))}:**\n\n${fence(result.difference, 'diff')}`]
      : []),
    output(step, language),
    pruned(step, run, language),
    undecodable(step, language),
    attachments(step, run, language),
    ...(result?.note ? [`**${escapeMarkdown(t('Note'))}:**\n\n${quote(result.note)}`] : []),
    ...(run.annotations.get(step.execution) ?? []).map((note) => annotationSection(note, language)),
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** What somebody wrote to a run when it was over, and who that was. */
export function annotationSection(note: Annotation, { t, locale, now }: PageLanguage): string {
  const byline = escapeMarkdown(noteByline(note, t, locale, now))
  return `**${escapeMarkdown(t('Note added later'))}** · ${byline}\n\n${quote(note.text)}`
}

function stepFacts(step: TranscriptStep, { titleOf, undone }: RunOfStep, { t, locale }: PageLanguage): string {
  const { result, serves, approval } = step
  const ending = result && [
    result.isDone === undefined ? outcomeWord(result.outcome, t) : doneWord(result.isDone, t),
    // Of a step that failed by what it printed, 0 says nothing.
    ...(result.outcome === 'failed' && result.exitCode ? [t('exit code {0}', result.exitCode)] : []),
    ...(result.endedWithRun ? [t('ended with the run')] : []),
    formatDuration(result.durationMs, t, locale),
  ]
  const parts = [
    ...(ending ?? [t('no end on record')]),
    ...(undone.has(step.execution) ? [t('undone later')] : []),
    ...(step.attempt === undefined ? [] : [t('try {0}', step.attempt)]),
    ...(serves?.as === 'check' ? [t('check of “{0}”', titleOf(serves.stepId))] : []),
    ...(serves?.as === 'undo' ? [t('undo of “{0}”', titleOf(serves.stepId))] : []),
    formatTime(step.startedAt, locale),
    ...(step.procedure ? [step.procedure] : []),
    ...(step.shell ? [shellName(step.shell)] : []),
    ...(step.interactive ? [t('on a terminal')] : []),
    ...(step.background ? [t('in the background')] : []),
    ...(approval === 'now' ? [t('approved for this run')] : []),
    ...(approval === 'earlier' ? [t('approved before')] : []),
    t('line {0}', step.line),
  ]
  return parts.map(escapeMarkdown).join(' · ')
}

function stepText(step: TranscriptStep): string {
  if (step.kind === 'command') return fence(step.text, step.shell === 'pwsh' ? 'powershell' : step.shell)
  return step.text.trim() === step.title.trim() ? '' : quote(step.text)
}

function answers({ answers: given = {} }: TranscriptStep, { t }: PageLanguage): string {
  const lines = Object.entries(given).map(([name, value]) => `${name} = ${value}`)
  return lines.length === 0 ? '' : `**${escapeMarkdown(t('Answers'))}:**\n\n${quote(lines.join('\n'))}`
}

function secretCommands({ secretCommands: commands = {} }: TranscriptStep, { t }: PageLanguage): string {
  const lines = Object.entries(commands).map(([name, { command, approval }]) => {
    const since = approval === 'now' ? ` (${t('approved for this run')})` : approval && ` (${t('approved before')})`
    return `${t('{0} is printed by: {1}', name, command)}${since ?? ''}`
  })
  return lines.length === 0 ? '' : quote(lines.join('\n'))
}

function output({ output: text, omitted, result }: TranscriptStep, { t, locale }: PageLanguage): string {
  const parts = [text, omitted?.tail ?? ''].map((part) => part.replace(/\n+$/, ''))
  if (parts.join('') === '' && omitted === undefined) return ''
  const lines = parts.filter((part) => part !== '').flatMap((part) => part.split('\n')).length
  const number = new Intl.NumberFormat(locale)
  const shown = lines === 1 ? t('1 line') : t('{0} lines', number.format(lines))
  const title = omitted === undefined ? t('Output ({0})', shown) : t('Output ({0}, and what is left out)', shown)
  const gap = omitted && `*${escapeMarkdown(t('Left out here: {0}', formatBytes(omitted.bytes, locale)))}*`
  const blocks = parts.map((part) => (part === '' ? '' : fence(part, 'text')))
  const body = [blocks[0], gap, blocks[1]].filter(Boolean).join('\n\n')
  const open = lines <= foldedLines || result?.outcome === 'failed' ? ' open' : ''
  return `<details${open}>\n<summary>${escapeHtml(title)}</summary>\n\n${body}\n\n</details>`
}

function pruned({ prunedBytes = 0 }: TranscriptStep, { pruning }: RunOfStep, { t, locale, now }: PageLanguage): string {
  if (prunedBytes === 0) return ''
  return `*${escapeMarkdown(prunedSentence(prunedBytes, pruning, t, locale, now))}*`
}

function attachments({ result }: TranscriptStep, { folder }: RunOfStep, { t, locale }: PageLanguage): string {
  if (!result?.attachments?.length) return ''
  // No links: a preview follows none to a file that is not beside its page.
  const files = result.attachments.map(
    ({ name, bytes }) => `- ${escapeMarkdown(`${name} (${formatBytes(bytes, locale)})`)}`,
  )
  const place = folder === undefined ? '' : ` ${escapeMarkdown(folder)}`
  return `**${escapeMarkdown(t('Attachments'))}:**${place}\n\n${files.join('\n')}`
}

function undecodable({ result }: TranscriptStep, { t, locale }: PageLanguage): string {
  const { bytes, sha256 } = result?.undecodable ?? { bytes: 0, sha256: '' }
  if (bytes === 0) return ''
  const count = new Intl.NumberFormat(locale).format(bytes)
  return `*${escapeMarkdown(t('Output held bytes that are no text: {0}. SHA-256 of these bytes: {1}', count, sha256))}*`
}
