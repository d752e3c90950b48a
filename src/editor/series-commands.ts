import * as vscode from 'vscode'
import type { RunSite } from '../execution/run-site.ts'
import type { Transcript } from '../record/transcript.ts'
import { resumeBatch, startBatch } from './batch-run.ts'
import { HumanError, registerCommands } from './command-boundary.ts'
import { dryRun } from './dry-run.ts'
import { t } from './language.ts'
import type { Pages } from './pages.ts'
import { resumeRun } from './resume-run.ts'
import type { RunController } from './run-controller.ts'
import type { HistoryEntry, RunHistory } from './run-history.ts'
import type { RunbookLibrary } from './runbook-library.ts'
import { targetOf } from './target.ts'

export interface SeriesCommandsSetup {
  readonly controller: RunController
  readonly library: RunbookLibrary
  readonly history: RunHistory
  readonly memory: vscode.Memento
  readonly pages: Pages
  readonly siteOf: (runbook: vscode.Uri) => Promise<RunSite>
  readonly transcriptOf: (record: vscode.Uri) => Promise<Transcript>
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

  /** The run of a record that a command was called for, else one that is chosen of those that fit. */
  async function entryOf(argument: unknown, fits: (entry: HistoryEntry) => boolean): Promise<HistoryEntry | undefined> {
    const record = recordOf(argument)
    return (await history.list()).find((entry) =>
      record === undefined ? fits(entry) : entry.record.fsPath === record.fsPath,
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
      const uri = argument === undefined ? runbookOf(undefined) : undefined
      const entry = await entryOf(
        argument,
        ({ runbook, summary }) => runbook?.toString() === uri?.toString() && isUnfinished(summary.outcome),
      )
      if (entry === undefined) throw new HumanError(t('No run of this runbook failed or was cut off.'))
      await resumeRun(entry.record, setup)
    },
    'baton.runBatch': (argument) => startBatch(runbookOf(argument), setup),
    async 'baton.resumeBatch'(argument) {
      const uri = argument === undefined ? runbookOf(undefined) : undefined
      const entry = await entryOf(
        argument,
        ({ runbook, summary }) =>
          runbook?.toString() === uri?.toString() && summary.outcome !== 'unreadable' && summary.batch !== undefined,
      )
      const batch = entry?.summary.outcome === 'unreadable' ? undefined : entry?.summary.batch
      if (entry?.runbook === undefined || batch === undefined) throw new HumanError(t('This runbook has no batch yet.'))
      await resumeBatch(entry.runbook, batch.id, setup)
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
