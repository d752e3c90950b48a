import * as vscode from 'vscode'
import type { BatchRow } from '../execution/batch.ts'
import { type RecordedRow, type RowResult, rowsToResume, runBatch, summariseBatch } from '../execution/batch-run.ts'
import type { RunPorts } from '../execution/run-api.ts'
import { ranOnce } from '../execution/secret-command.ts'
import type { Transcript } from '../record/transcript.ts'
import type { Runbook } from '../runbook/runbook.ts'
import { batchResumptionSentence, batchSummarySentence } from '../wording/batch.ts'
import { outcomeSymbol, outcomeWord } from '../wording/outcomes.ts'
import { batchMarkdown } from './batch-markdown.ts'
import { type BatchTable, chooseTable, openLine, readTable } from './batch-table.ts'
import { openBatchTerminal } from './batch-terminal.ts'
import { HumanError } from './command-boundary.ts'
import { duration, locale, t } from './language.ts'
import type { Pages } from './pages.ts'
import { type RecordSources, recordPage } from './record-page.ts'
import type { RunController } from './run-controller.ts'
import type { RunHistory } from './run-history.ts'
import type { OpenedRunbook } from './run-opening.ts'
import { Refusal } from './run-refusal.ts'
import { fileName, type RunbookLibrary } from './runbook-library.ts'
import { shortTitle } from './short-title.ts'
import type { Afterglow } from './status-bar.ts'

export interface BatchSetup {
  readonly controller: RunController
  readonly library: RunbookLibrary
  readonly history: RunHistory
  readonly memory: vscode.Memento
  readonly pages: Pages
  /** Says how it went when it is over. */
  readonly afterglow: Afterglow
  readonly transcriptOf: (record: vscode.Uri) => Promise<Transcript>
  readonly trustOf: RecordSources['trustOf']
}

interface Batch extends OpenedRunbook {
  readonly id: string
  readonly title: string
  readonly table: BatchTable & { readonly rows: readonly BatchRow[] }
}

/** Runs a runbook once for each row of a CSV file. */
export async function startBatch(uri: vscode.Uri, setup: BatchSetup): Promise<void> {
  const opened = await open(uri, setup)
  const title = titleOf(opened)
  const file = await chooseTable(uri, title)
  const table = file && (await readTable(file, parametersOf(opened.runbook), title, {}))
  if (table === undefined) return
  const id = crypto.randomUUID().replaceAll('-', '').slice(0, 12)
  const batch: Batch = { ...opened, id, title, table }
  await setup.memory.update(`batch:${id}`, {
    file: table.file.toString(),
    fixed: unhidden(opened.runbook, table.fixed),
  })
  await carryOut(batch, table.rows, setup)
}

/** Runs the rows of a batch that did not succeed, or were never reached. */
export async function resumeBatch(uri: vscode.Uri, batchId: string, setup: BatchSetup): Promise<void> {
  const opened = await open(uri, setup)
  const title = titleOf(opened)
  const known = setup.memory.get<{ readonly file: string; readonly fixed: Readonly<Record<string, string>> }>(
    `batch:${batchId}`,
  )
  const file = known ? vscode.Uri.parse(known.file) : await chooseTable(uri, title)
  const declarations = parametersOf(opened.runbook)
  const table = file && (await readTable(file, declarations, title, known?.fixed ?? {}))
  if (table === undefined) return
  const hidden = declarations.flatMap(({ name, sensitive }) => (sensitive ? [name] : []))
  const found = rowsToResume(table.rows, await recordedRows(batchId, setup), hidden)
  if (found.kind !== 'rows') {
    const line = found.kind === 'rows-changed' ? 1 : found.row.line
    const open = { label: t('Open'), run: () => openLine(table.file, line) }
    throw new HumanError(batchResumptionSentence(found, t), [open])
  }
  if (found.rows.length === 0) throw new HumanError(t('Every row of this batch succeeded.'))
  await carryOut({ ...opened, id: batchId, title, table }, found.rows, setup)
}

/** What the records of a batch say of its rows. */
async function recordedRows(batchId: string, { history, transcriptOf }: BatchSetup): Promise<readonly RecordedRow[]> {
  const rows = (await history.list()).map(async ({ record, summary }): Promise<readonly RecordedRow[]> => {
    if (summary.outcome === 'unreadable' || summary.batch?.id !== batchId) return []
    const { batch, outcome, startedAt } = summary
    const parameters = (await transcriptOf(record)).run?.parameters ?? {}
    return [{ row: batch.row, rows: batch.rows, parameters, outcome, startedAt }]
  })
  return (await Promise.all(rows)).flat()
}

async function carryOut(batch: Batch, rows: readonly BatchRow[], setup: BatchSetup): Promise<void> {
  const onFailure = await confirm(batch, rows)
  if (onFailure === undefined) return
  const preparation = await setup.controller.prepare(batch)
  if (preparation === undefined) return
  const terminal = openBatchTerminal(batch.title)
  let shared: RunPorts['secretCommand'] | undefined
  const secretCommand = (run: RunPorts['secretCommand']) => {
    shared ??= ranOnce(run)
    return shared
  }
  const startedAt = Date.now()
  const progress = { location: vscode.ProgressLocation.Notification, title: batch.title, cancellable: true }
  const results = await vscode.window.withProgress(progress, (report, token) => {
    let begun = 0
    const cancel = () => setup.controller.cancel(batch.uri)
    const listeners = [
      token.onCancellationRequested(cancel),
      // A row that was about to start when the operator cancelled has to end as well.
      setup.controller.onDidChange(() => token.isCancellationRequested && cancel()),
    ]
    const runRow = async (row: BatchRow): Promise<RowResult> => {
      report.report({
        message: `${begun + 1}/${rows.length} ${row.key}`,
        increment: begun++ === 0 ? 0 : 100 / rows.length,
      })
      try {
        const done = await setup.controller.run({
          uri: batch.uri,
          selection: { kind: 'runbook' },
          parameters: row.values,
          batch: { id: batch.id, row: row.row, rows: batch.table.rows.length },
          prerequisites: preparation.prerequisites ?? [],
          remarks: [
            ...(begun > 1 ? [''] : []),
            t('Row {0} of {1}: {2}', row.row, batch.table.rows.length, row.key),
            ...(preparation.remarks ?? []),
          ],
          terminal: terminal.lend,
          secretCommand,
          closes: true,
        })
        // The operator withdrew before anything of it ran.
        if (done === undefined) return { row, outcome: 'not-run' }
        return { row, outcome: done.outcome, ...(done.recordPath !== undefined && { record: done.recordPath }) }
      } catch (error) {
        if (error instanceof Refusal) return { row, outcome: 'not-run', problem: error.problem }
        throw error
      }
    }
    return runBatch(rows, onFailure, runRow, () => token.isCancellationRequested).finally(() => {
      for (const listener of listeners) listener.dispose()
    })
  })
  const going = { results, durationMs: Date.now() - startedAt }
  terminal.ended(batchSentence(going))
  const page = await showSummary(batch, going, setup)
  setup.afterglow(batchSentence(going), t('{0}. Click to open the summary.', batch.title), page)
}

/** The last look before the first row: what is to happen at a failure. Undefined when the operator withdrew. */
async function confirm({ title, table }: Batch, rows: readonly BatchRow[]): Promise<'stop' | 'continue' | undefined> {
  const count = new Intl.NumberFormat(locale).format(rows.length)
  const items: (vscode.QuickPickItem & { readonly onFailure?: 'stop' | 'continue' })[] = [
    { label: `$(play) ${t('Run for {0} rows and stop at a failure', count)}`, onFailure: 'stop' },
    { label: `$(run-all) ${t('Run for {0} rows and go on after a failure', count)}`, onFailure: 'continue' },
    { label: fileName(table.file), kind: vscode.QuickPickItemKind.Separator },
    ...rows.slice(0, 100).map(({ line, key }) => ({ label: key || '–', description: t('line {0}', line) })),
  ]
  for (;;) {
    const chosen = await vscode.window.showQuickPick(items, {
      title,
      placeHolder: t('All rows are valid. What should happen at a failure?'),
      ignoreFocusOut: true,
    })
    // The lines below only say what is meant.
    if (chosen === undefined || chosen.onFailure !== undefined) return chosen?.onFailure
  }
}

interface Going {
  readonly results: readonly RowResult[]
  readonly durationMs: number
}

/** "■ cancelled · Rows that succeeded: 1 of 5 · not run: 2 · 3.1 s". */
function batchSentence({ results, durationMs }: Going): string {
  const summary = summariseBatch(results)
  const outcome = `${outcomeSymbol(summary.outcome)} ${outcomeWord(summary.outcome, t)}`
  return [outcome, batchSummarySentence(summary, t, locale), duration(durationMs)].join(' · ')
}

async function showSummary(
  { title, table }: Batch,
  { results, durationMs }: Going,
  { pages, history, transcriptOf, trustOf }: BatchSetup,
): Promise<vscode.Command> {
  const links = new Map<string, string>()
  for (const { row, record } of results) {
    if (record === undefined) continue
    links.set(
      record,
      pages.link(`${title} ${row.key || row.row}`, () =>
        recordPage(vscode.Uri.file(record), { history, transcriptOf, trustOf }),
      ),
    )
  }
  const file = vscode.workspace.asRelativePath(table.file)
  const page = { title, file, rows: table.rows.length, results, durationMs, links }
  return pages.show(t('Batch: {0}', shortTitle(title)), batchMarkdown(page, t, locale))
}

async function open(uri: vscode.Uri, { library }: BatchSetup): Promise<OpenedRunbook> {
  const document = await vscode.workspace.openTextDocument(uri)
  return { uri, runbook: await library.ofDocument(document), text: document.getText() }
}

function titleOf({ runbook, uri }: OpenedRunbook): string {
  return runbook.title || fileName(uri)
}

function parametersOf({ frontmatter: { parameters } }: Runbook): Runbook['frontmatter']['parameters'] {
  if (parameters.length === 0) {
    throw new HumanError(t('This runbook has no parameters, so there is nothing that a row could give it.'))
  }
  return parameters
}

function unhidden({ frontmatter }: Runbook, values: Readonly<Record<string, string>>): Record<string, string> {
  const shown = new Set(frontmatter.parameters.filter(({ sensitive }) => !sensitive).map(({ name }) => name))
  return Object.fromEntries(Object.entries(values).filter(([name]) => shown.has(name)))
}
