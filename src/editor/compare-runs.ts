import * as vscode from 'vscode'
import { runBefore } from '../record/run-before.ts'
import { isReadable, type ReadableRun } from '../record/summary.ts'
import type { Transcript } from '../record/transcript.ts'
import { HumanError, registerCommands } from './command-boundary.ts'
import { locale, t } from './language.ts'
import type { Pages } from './pages.ts'
import type { HistoryEntry, RunHistory } from './run-history.ts'
import { shortTitle } from './short-title.ts'

export interface CompareRunsSetup {
  readonly history: RunHistory
  readonly pages: Pages
  readonly transcriptOf: (record: vscode.Uri) => Promise<Transcript>
  readonly log: vscode.LogOutputChannel
}

type RunEntry = HistoryEntry<ReadableRun>

/** Holds two runs of a runbook against one another: a run and the one before it, or two that are selected in the view. */
export function registerCompareRuns(setup: CompareRunsSetup): vscode.Disposable {
  const { history, pages, transcriptOf, log } = setup

  async function runsOf(): Promise<readonly RunEntry[]> {
    return (await history.list()).filter((entry): entry is RunEntry => isReadable(entry.summary))
  }

  async function compareWithBefore(argument: unknown): Promise<void> {
    const record = recordOf(argument)
    const runs = await runsOf()
    const entry = record && runs.find((one) => one.record.toString() === record.toString())
    if (entry === undefined) throw new HumanError(t('Choose a run in the view “Runs”.'))
    const own = runs.filter(({ runbook }) => runbook?.toString() === entry.runbook?.toString())
    const before = runBefore(
      entry.summary,
      own.map(({ summary }) => summary),
    )
    const found = own.find(({ summary }) => summary === before)
    if (found === undefined) throw new HumanError(t('There is no earlier run of this runbook.'))
    await show(found, entry)
  }

  async function compareSelected(_: unknown, selected: unknown): Promise<void> {
    const wanted = new Set((Array.isArray(selected) ? selected : []).map((one) => recordOf(one)?.toString()))
    // Newest first.
    const [after, before, ...others] = (await runsOf()).filter(({ record }) => wanted.has(record.toString()))
    if (after === undefined || before === undefined || others.length > 0)
      throw new HumanError(t('Select two runs of one runbook.'))
    if (after.runbook?.toString() !== before.runbook?.toString()) {
      const [one, other] = [before.summary.runbook.path, after.summary.runbook.path]
      throw new HumanError(t('These are runs of different runbooks: {0} and {1}.', one, other))
    }
    await show(before, after)
  }

  async function show(before: RunEntry, after: RunEntry): Promise<void> {
    const [from, to] = await Promise.all([transcriptOf(before.record), transcriptOf(after.record)])
    const { comparisonPage } = await import('./comparison-page.ts')
    const title = shortTitle(after.summary.runbook.title || after.summary.runbook.path)
    await pages.show(t('Compared: {0}', title), comparisonPage(from, to, { t, locale, now: Date.now() }))
  }

  return registerCommands(log, {
    'baton.runs.compareWithBefore': compareWithBefore,
    'baton.runs.compareSelected': compareSelected,
  })
}

/** An element of the view, or the address of a record. */
function recordOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument
  if (typeof argument !== 'object' || argument === null || !('record' in argument)) return undefined
  return argument.record instanceof vscode.Uri ? argument.record : undefined
}
