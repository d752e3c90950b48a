import { type RowResult, summariseBatch } from '../execution/batch-run.ts'
import { batchSummarySentence } from '../wording/batch.ts'
import { formatDuration } from '../wording/durations.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { outcomeSymbol, outcomeWord } from '../wording/outcomes.ts'
import type { Translate } from '../wording/translate.ts'
import { escapeMarkdown } from './markdown-escape.ts'

export interface BatchPage {
  readonly title: string
  /** The table, as people read its path. */
  readonly file: string
  /** Of the whole table: rows without a result had succeeded before. */
  readonly rows: number
  readonly results: readonly RowResult[]
  readonly durationMs: number
  /** Addresses of pages, by record. */
  readonly links: ReadonlyMap<string, string>
}

/** How a batch went, row by row, as a Markdown page: nothing of the table becomes Markdown or HTML. */
export function batchMarkdown(
  { title, file, rows, results, durationMs, links }: BatchPage,
  t: Translate,
  locale: string,
): string {
  const summary = summariseBatch(results)
  const { notRun, outcome } = summary
  const isComplete = notRun === 0 && (outcome === 'succeeded' || outcome === 'skipped')
  const { format: number } = new Intl.NumberFormat(locale)
  const parts = [batchSummarySentence(summary, t, locale), formatDuration(durationMs, t, locale), file]
  return [
    `# ${escapeMarkdown(t('Batch: {0}', title))}`,
    `**${escapeMarkdown(`${outcomeSymbol(outcome)} ${outcomeWord(outcome, t)}`)}** ${escapeMarkdown(parts.join(' · '))}`,
    ...(results.length < rows
      ? [escapeMarkdown(t('Rows that had succeeded before: {0} of {1}', number(rows - results.length), number(rows)))]
      : []),
    ...(isComplete
      ? []
      : [
          escapeMarkdown(
            t(
              'To run the rows that did not succeed, right-click one of this batch in the view “Runs”: Resume Batch with the Rows That Did Not Succeed.',
            ),
          ),
        ]),
    [
      `| ${[t('Row'), '', t('Result'), t('Record')].map(escapeMarkdown).join(' | ')} |`,
      '|---:|---|---|---|',
      ...results.map((result) => rowOf(result, links, t)),
    ].join('\n'),
  ].join('\n\n')
}

function rowOf({ row, outcome, record, problem }: RowResult, links: ReadonlyMap<string, string>, t: Translate): string {
  const word = outcome === 'not-run' ? `○ ${t('not run')}` : `${outcomeSymbol(outcome)} ${outcomeWord(outcome, t)}`
  const why = problem === undefined ? '' : ` · ${executionProblemSentence(problem, t)}`
  const link = record === undefined ? undefined : links.get(record)
  const cells = [
    String(row.row),
    escapeMarkdown(row.key),
    escapeMarkdown(word + why),
    link === undefined ? '' : `[${escapeMarkdown(t('Open record'))}](<${link}>)`,
  ]
  return `| ${cells.join(' | ')} |`
}
