import * as vscode from 'vscode'
import type { RunSite } from '../execution/run-site.ts'
import { openBatches } from '../record/batches.ts'
import type { Transcript } from '../record/transcript.ts'
import { resumeBatch, startBatch } from './batch-run.ts'
import { HumanError, registerCommands } from './command-boundary.ts'
import { dryRun } from './dry-run.ts'
import { t } from './language.ts'
import type { Pages } from './pages.ts'
import type { RecordSources } from './record-page.ts'
import { resumeRun } from './resume-run.ts'
import type { RunController } from './run-controller.ts'
import type { HistoryEntry, RunHistory } from './run-history.ts'
import type { RunbookLibrary } from './runbook-library.ts'
import type { Afterglow } from './status-bar.ts'
import { targetOf } from './target.ts'

export interface SeriesCommandsSetup {
  readonly controller: RunController
  readonly library: RunbookLibrary
  readonly history: RunHistory
  readonly memory: vscode.Memento
  readonly pages: Pages
  readonly afterglow: Afterglow
  readonly siteOf: (runbook: vscode.Uri) => Promise<RunSite>
  readonly transcriptOf: (record: vscode.Uri) => Promise<Transcript>
  readonly trustOf: RecordSources['trustOf']
  readonly log: vscode.LogOutputChannel
}

/** What can be asked for beside one run: to look at it before, to go on with an earlier one, to run for many rows. */
export function registerSeriesCommands(setup: SeriesCommandsSetup): vscode.Disposable {
  const { history, log } = setup

  function runbookOf(argument: unknown): vscode.Uri {
    const uri = targetOf(argument)?.uri
    if (uri === undefined) throw new HumanError(t('Open a runbook first.'))
    return uri
  }

  /** The run of the record that a command was called for, else the runs of the runbook that it was called for, newest first. */
  async function entriesOf(argument: unknown): Promise<readonly HistoryEntry[]> {
    const record = recordOf(argument)
    const uri = record === undefined ? runbookOf(argument) : undefined
    return (await history.list()).filter(({ record: file, runbook }) =>
      record === undefined ? runbook?.toString() === uri?.toString() : file.fsPath === record.fsPath,
    )
  }

  return registerCommands(log, {
    async 'baton.dryRun'(argument) {
      const found = targetOf(argument)
      const selection =
        found?.stepId !== undefined
          ? ({ kind: 'step', stepId: found.stepId } as const)
          : found?.procedureId !== undefined
            ? ({ kind: 'procedure', procedureId: found.procedureId } as const)
            : ({ kind: 'runbook' } as const)
      await dryRun(runbookOf(argument), selection, setup)
    },
    async 'baton.resumeRun'(argument) {
      const entries = await entriesOf(argument)
      const isNamed = recordOf(argument) !== undefined
      const entry = entries.find(({ summary }) => isNamed || isUnfinished(summary.outcome))
      if (entry === undefined) throw new HumanError(t('No run of this runbook failed or was cut off.'))
      await resumeRun(entry.record, setup)
    },
    'baton.runBatch': (argument) => startBatch(runbookOf(argument), setup),
    async 'baton.resumeBatch'(argument) {
      const runs = (await entriesOf(argument)).flatMap(({ runbook, summary }) =>
        runbook === undefined || summary.outcome === 'unreadable' || summary.batch === undefined
          ? []
          : [{ outcome: summary.outcome, startedAt: summary.startedAt, uri: runbook, batch: summary.batch }],
      )
      const open = await openBatches(runs)
      const chosen = runs.find(({ batch }) => open.has(batch.id)) ?? runs[0]
      if (chosen === undefined) throw new HumanError(t('This runbook has no batch yet.'))
      await resumeBatch(chosen.uri, chosen.batch.id, setup)
    },
  })
}

/** A run that there may be something to go on with. */
function isUnfinished(outcome: HistoryEntry['summary']['outcome']): boolean {
  return outcome !== 'unreadable' && outcome !== 'succeeded' && outcome !== 'skipped'
}

function recordOf(argument: unknown): vscode.Uri | undefined {
  if (typeof argument === 'string') return vscode.Uri.file(argument)
  if (argument instanceof vscode.Uri) return argument
  if (typeof argument !== 'object' || argument === null || !('record' in argument)) return undefined
  return argument.record instanceof vscode.Uri ? argument.record : undefined
}
