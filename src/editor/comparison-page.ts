import type { DifferenceLine } from '../execution/difference-lines.ts'
import { compareRuns, type RunComparison, type StepComparison, verdictOf } from '../record/compare.ts'
import type { Transcript } from '../record/transcript.ts'
import {
  changedTextSentence,
  comparisonHeadline,
  comparisonSentence,
  durationsCompared,
} from '../wording/comparison.ts'
import { formatDateTime } from '../wording/dates.ts'
import { formatDuration } from '../wording/durations.ts'
import { outcomeSymbol, outcomeWord } from '../wording/outcomes.ts'
import { escapeHtml, escapeMarkdown, fence } from './markdown-escape.ts'
import type { PageLanguage } from './page-language.ts'

/**
 * Two runs of a runbook as a Markdown page: first what is the same and what is not, then each step. All that comes from the
 * records is data: nothing of it becomes Markdown or HTML.
 */
export function comparisonPage(before: Transcript, after: Transcript, language: PageLanguage): string {
  const { t } = language
  const comparison = compareRuns(before, after)
  const title = after.run?.runbook.title || after.run?.runbook.path || ''
  return [
    `# ${escapeMarkdown(title)}`,
    `**${escapeMarkdown(comparisonHeadline(comparison, t))}**`,
    sidesTable(before, after, comparison, language),
    ...comparison.steps.map((step, index) => stepSection(step, index + 1, language)),
  ].join('\n\n')
}

function sidesTable(
  before: Transcript,
  after: Transcript,
  { parameters }: RunComparison,
  { t, locale, now }: PageLanguage,
): string {
  const both = (name: string, textOf: (side: Transcript) => string) => [name, textOf(before), textOf(after)] as const
  const rows = [
    both(t('Began'), ({ startedAt }) => formatDateTime(startedAt, now, locale)),
    both(t('Operator'), ({ run }) => run?.operator.name ?? ''),
    both(t('Result'), ({ end }) => {
      const outcome = end.kind === 'ended' ? end.outcome : end.kind === 'abandoned' ? 'abandoned' : undefined
      return outcome ? `${outcomeSymbol(outcome)} ${outcomeWord(outcome, t)}` : t('running, or cut off')
    }),
    both(t('Duration'), ({ end }) => (end.kind === 'ended' ? formatDuration(end.durationMs, t, locale) : '')),
    ...parameters.map(({ name, before: was = '', after: is = '' }) => [name, was, is] as const),
  ]
  const cells = rows.map(([name, was, is]) => {
    const [one, other] = [escapeHtml(was), escapeHtml(is)]
    return `<tr><td><strong>${escapeHtml(name)}</strong></td><td>${one}</td><td>${other}</td></tr>`
  })
  const head = `<tr><th></th><th>${escapeHtml(t('Earlier run'))}</th><th>${escapeHtml(t('Later run'))}</th></tr>`
  return `<table>\n${[head, ...cells].join('\n')}\n</table>`
}

function stepSection(step: StepComparison, number: number, { t, locale }: PageLanguage): string {
  const { title } = step.kind === 'only-before' ? step.before : step.after
  const sign = verdictOf(step) === 'same' ? '＝' : '≠'
  const facts = [comparisonSentence(step, t, locale), durationsCompared(step, t, locale)].filter(Boolean)
  const changed = step.kind === 'both' ? step.changedText : undefined
  const output = step.kind === 'both' && 'lines' in step.output ? step.output.lines : []
  return [
    `## ${number}. ${escapeMarkdown(title)}`,
    `${sign} ${escapeMarkdown(facts.join(' · '))}`,
    ...(changed ? [`**${escapeMarkdown(changedTextSentence(step, t))}:**`, diffFence(changed)] : []),
    ...(output.some(({ kind }) => kind === 'added' || kind === 'removed')
      ? [`**${escapeMarkdown(t('What was printed'))}:**`, diffFence(output)]
      : []),
  ].join('\n\n')
}

function diffFence(lines: readonly DifferenceLine[]): string {
  const signs = { added: '+', removed: '-', same: ' ', gap: '⋯' } as const
  return fence(lines.map(({ kind, text }) => `${signs[kind]}${text}`).join('\n'), 'diff')
}
