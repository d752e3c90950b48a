import type { Transcript, TranscriptNote, TranscriptStep } from '../record/transcript.ts'
import type { Verification } from '../record/verify.ts'
import { formatDateTime, formatTime } from '../wording/dates.ts'
import { formatDuration } from '../wording/durations.ts'
import { doneWord, outcomeSymbol, outcomeWord, succeededOfAll } from '../wording/outcomes.ts'
import { recordedProblemSentence } from '../wording/recorded-problems.ts'
import { shellName } from '../wording/shell-names.ts'
import type { Translate } from '../wording/translate.ts'
import { verificationSentence } from '../wording/verification.ts'
import { escapeHtml, escapeMarkdown, fence, quote } from './markdown-escape.ts'

export interface PageLanguage {
  readonly t: Translate
  readonly locale: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** More lines of output than this are folded, unless the step failed. */
const foldedLines = 15

/**
 * A record as a Markdown page: what, who, when, whether it is as it was written, then each step with its text, output and
 * note. All that comes from the record is data: nothing of it becomes Markdown or HTML.
 */
export function recordMarkdown(transcript: Transcript, verification: Verification, language: PageLanguage): string {
  const { t } = language
  const { run } = transcript
  if (!run) return `# ${escapeMarkdown(t('This file is no record'))}\n`
  return [
    `# ${escapeMarkdown(run.runbook.title || run.runbook.path)}`,
    headline(transcript, language),
    facts(transcript, verification, language),
    ...transcript.notes.filter(({ after }) => after === 0).map((note) => noteSection(note, language)),
    ...transcript.steps.flatMap((step, index) => [
      stepSection(step, index + 1, language),
      ...transcript.notes.filter(({ after }) => after === index + 1).map((note) => noteSection(note, language)),
    ]),
    ...(transcript.unknownLines > 0
      ? [`*${escapeMarkdown(t('Lines that could not be read: {0}', transcript.unknownLines))}*`]
      : []),
  ].join('\n\n')
}

function headline({ startedAt, end, run }: Transcript, { t, locale, now }: PageLanguage): string {
  const outcome = end.kind === 'ended' ? end.outcome : end.kind === 'abandoned' ? 'abandoned' : undefined
  const state = outcome ? `${outcomeSymbol(outcome)} ${outcomeWord(outcome, t)}` : t('running, or cut off')
  const parts = [
    `**${escapeMarkdown(state)}**`,
    escapeMarkdown(run?.operator.name ?? ''),
    escapeMarkdown(formatDateTime(startedAt, now, locale)),
    ...(end.kind === 'ended' ? [escapeMarkdown(formatDuration(end.durationMs, t, locale))] : []),
  ]
  return parts.join(' · ')
}

function facts({ run, end }: Transcript, verification: Verification, { t }: PageLanguage): string {
  if (!run) return ''
  const { git, operator, host } = run
  const commit = git?.commit?.slice(0, 10)
  const rows: (readonly [string, string | undefined])[] = [
    [t('Record'), verificationSentence(verification, t)],
    [t('Runbook'), run.runbook.path],
    [
      t('Version'),
      commit &&
        [commit, git?.branch, git?.changed && t('with changes that are not committed')].filter(Boolean).join(' · '),
    ],
    [t('Operator'), operator.email ? `${operator.name} (${operator.email})` : operator.name],
    [t('Computer'), host.name],
    [t('Steps'), end.kind === 'ended' ? succeededOfAll(end.counts) : undefined],
    ...Object.entries(run.parameters),
    [t('Secrets'), run.secrets.join(', ')],
  ]
  const cells = rows
    .filter(([, value]) => value)
    .map(([name, value]) => `<tr><td><strong>${escapeHtml(name)}</strong></td><td>${escapeHtml(value ?? '')}</td></tr>`)
  return `<table>\n${cells.join('\n')}\n</table>`
}

function noteSection({ time, text }: TranscriptNote, { t, locale }: PageLanguage): string {
  return `**${escapeMarkdown(t('Note'))}** · ${escapeMarkdown(formatTime(time, locale))}\n\n${quote(text)}`
}

function stepSection(step: TranscriptStep, number: number, language: PageLanguage): string {
  const { t } = language
  const { result } = step
  const symbol = result ? `${outcomeSymbol(result.outcome)} ` : ''
  return [
    `## ${number}. ${symbol}${escapeMarkdown(step.title)}`,
    stepFacts(step, language),
    stepText(step),
    ...(result?.problem ? [quote(recordedProblemSentence(result.problem, t))] : []),
    ...(result?.choice ? [`**${escapeMarkdown(t('Chosen'))}:** ${escapeMarkdown(result.choice)}`] : []),
    output(step, language),
    ...(result?.note ? [`**${escapeMarkdown(t('Note'))}:**\n\n${quote(result.note)}`] : []),
  ]
    .filter(Boolean)
    .join('\n\n')
}

function stepFacts(step: TranscriptStep, { t, locale }: PageLanguage): string {
  const { result } = step
  const ending = result && [
    result.isDone === undefined ? outcomeWord(result.outcome, t) : doneWord(result.isDone, t),
    ...(result.outcome === 'failed' && result.exitCode !== undefined ? [t('exit code {0}', result.exitCode)] : []),
    formatDuration(result.durationMs, t, locale),
  ]
  const parts = [
    ...(ending ?? [t('no end on record')]),
    formatTime(step.startedAt, locale),
    ...(step.procedure ? [step.procedure] : []),
    ...(step.shell ? [shellName(step.shell)] : []),
    t('line {0}', step.line),
  ]
  return parts.map(escapeMarkdown).join(' · ')
}

function stepText(step: TranscriptStep): string {
  if (step.kind === 'command') return fence(step.text, step.shell === 'pwsh' ? 'powershell' : step.shell)
  return step.text.trim() === step.title.trim() ? '' : quote(step.text)
}

function output({ output: text, omitted, result }: TranscriptStep, { t, locale }: PageLanguage): string {
  const trimmed = text.replace(/\n+$/, '')
  if (trimmed === '') return ''
  const lines = trimmed.split('\n').length
  const number = new Intl.NumberFormat(locale)
  const title = t('Output ({0})', lines === 1 ? t('1 line') : t('{0} lines', number.format(lines)))
  const body = fence(trimmed, 'text')
  const left =
    omitted > 0 ? `\n\n*${escapeMarkdown(t('Characters left out in the middle: {0}', number.format(omitted)))}*` : ''
  const open = lines <= foldedLines || result?.outcome === 'failed' ? ' open' : ''
  return `<details${open}>\n<summary>${escapeHtml(title)}</summary>\n\n${body}${left}\n\n</details>`
}
