import type { BatchRow } from '../execution/batch.ts'
import type { BatchSummary, RowResult } from '../execution/batch-run.ts'
import type { Outcome } from '../execution/event.ts'
import type { ParameterDeclaration } from '../runbook/parameter.ts'
import { MASK } from '../secrets/mask.ts'
import { batchSummarySentence } from '../wording/batch.ts'
import { outcomeSymbol, outcomeWord } from '../wording/outcomes.ts'
import { plain } from './plain.ts'
import type { CommandLine, Output } from './ports.ts'
import type { ReadFile } from './read-runbooks.ts'
import { type Style, styleFor } from './style.ts'

/** What is said of a batch beside what its runs show. */
export interface BatchDisplay {
  /** For what is said while a row runs: it takes the bar's place where that stays in its line. */
  readonly err: Output
  begin(row: BatchRow): void
  end(result: RowResult): void
  /** Every row with its outcome and its record, and what it all comes to. */
  close(results: readonly RowResult[], summary: BatchSummary): void
  /** Instead of running: the rows that would. */
  rehearsal(rows: readonly BatchRow[], declarations: readonly ParameterDeclaration[]): void
}

const barWidth = 24

export function batchDisplay(
  batch: { readonly id: string; readonly rows: number; readonly file: ReadFile },
  options: { readonly json?: true },
  line: CommandLine,
): BatchDisplay {
  const { t, locale, out, err } = line
  const write = (object: object) => out.write(`${JSON.stringify(object)}\n`)
  // Where the steps' output goes elsewhere, the bar can stay in its line.
  const staysInLine = err.isTerminal && !out.isTerminal
  let stands = false

  function progress(done: number, text: string): void {
    const style = styleFor(err)
    const counted = `${done}/${batch.rows}`
    if (!err.isTerminal) err.write(`${counted} ${text}\n`)
    else if (staysInLine) {
      err.write(`\r\x1b[K${bar(done, batch.rows, style)} ${counted} ${text}`)
      stands = true
    } else err.write(`${bar(done, batch.rows, style)} ${counted} ${text}\n`)
  }

  return {
    err: {
      ...err,
      write(text) {
        err.write(stands ? `\r\x1b[K${text}` : text)
        stands = false
      },
    },
    begin({ row, key }) {
      if (err.isTerminal) progress(row - 1, plain(key))
    },
    end({ row, outcome }) {
      if (outcome === 'not-run') return
      const style = styleFor(err)
      progress(row.row, `${plain(row.key)} ${marked(outcome, style, line)}`)
    },
    close(results, summary) {
      if (stands) err.write('\n')
      if (options.json) {
        const rows = results.map(({ row: { row, line: at, key }, outcome, record, problem }) => ({
          row,
          line: at,
          key,
          outcome,
          record,
          problem,
        }))
        write({
          type: 'batch',
          id: batch.id,
          outcome: summary.outcome,
          counts: summary.counts,
          notRun: summary.notRun,
          rows,
        })
      } else if (results.some(({ record }) => record !== undefined)) {
        const style = styleFor(out)
        out.write('\n')
        for (const { row, outcome, record } of results) {
          const place = record === undefined ? '' : `  ${style.quiet(record)}`
          out.write(`${String(row.row).padStart(4)}  ${marked(outcome, style, line)}  ${plain(row.key)}${place}\n`)
        }
        out.write(`${style.strong(batchSummarySentence(summary, t, locale))}\n`)
      }
      const isOpen = results.some(({ outcome }) => outcome !== 'succeeded' && outcome !== 'skipped')
      const someRan = results.some(({ record }) => record !== undefined)
      if (isOpen && someRan) err.write(`${t('To run the rows that are left: add --resume {0}', batch.id)}\n`)
    },
    rehearsal(rows, declarations) {
      const hidden = new Set(declarations.flatMap(({ name, sensitive }) => (sensitive ? [name] : [])))
      const shown = rows.map(({ row, line: at, key, values }) => ({
        row,
        line: at,
        key,
        values: Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, hidden.has(name) && value !== '' ? MASK : value]),
        ),
      }))
      if (options.json) {
        out.write(`${JSON.stringify({ rows: shown }, null, 2)}\n`)
        return
      }
      const style = styleFor(out)
      for (const { row, values } of shown) {
        const pairs = Object.entries(values).map(([name, value]) => `${style.quiet(`${name}=`)}${plain(value)}`)
        out.write(`${String(row).padStart(4)}  ${pairs.join('  ')}\n`)
      }
      err.write(`${t('Rows that could run: {0}. Nothing was run.', shown.length)}\n`)
    },
  }
}

function bar(done: number, all: number, style: Style): string {
  const filled = Math.round((done / Math.max(1, all)) * barWidth)
  return `${style.good('█'.repeat(filled))}${style.quiet('░'.repeat(barWidth - filled))}`
}

function marked(outcome: Outcome | 'not-run', style: Style, { t }: CommandLine): string {
  if (outcome === 'not-run') return style.quiet(`· ${t('not run')}`)
  const text = `${outcomeSymbol(outcome)} ${outcomeWord(outcome, t)}`
  if (outcome === 'succeeded') return style.good(text)
  return outcome === 'failed' || outcome === 'timed-out' ? style.bad(text) : style.notice(text)
}
