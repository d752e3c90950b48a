import * as vscode from 'vscode'
import { openBatches } from '../record/batches.ts'
import { isStopped } from '../record/resume.ts'
import type { ReadableRun } from '../record/summary.ts'
import type { LastResult, LastRun, Left, RunActivity } from './run-activity.ts'
import type { RunController } from './run-controller.ts'
import type { HistoryEntry, RunHistory } from './run-history.ts'

interface FromRecords {
  readonly run?: LastRun
  readonly left: Left
  readonly steps: ReadonlyMap<string, LastResult>
}

/** Joins what runs now with what records say. */
export function createRunActivity(controller: RunController, history: RunHistory): RunActivity & vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri | undefined>()
  let known: ReadonlyMap<string, FromRecords> = new Map()
  let isReading = false
  let isStale = false

  async function read(): Promise<void> {
    if (isReading) {
      isStale = true
      return
    }
    isReading = true
    try {
      known = byRunbook(await history.list())
    } finally {
      isReading = false
    }
    changed.fire(undefined)
    if (!isStale) return
    isStale = false
    await read()
  }

  const listeners = [
    controller.onDidChange((uri) => changed.fire(uri)),
    controller.onDidFinish(() => history.refresh()),
    history.onDidChange(() => void read()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire(undefined)),
  ]
  void read()

  return {
    onDidChange: changed.event,
    active: (uri) => controller.active(uri),
    last: (uri, stepId) => known.get(uri.toString())?.steps.get(stepId),
    lastRun: (uri) => known.get(uri.toString())?.run,
    left: (uri) => known.get(uri.toString())?.left ?? { run: false, batch: false },
    dispose() {
      for (const listener of listeners) listener.dispose()
      changed.dispose()
    },
  }
}

/** @param entries newest first */
function byRunbook(entries: readonly HistoryEntry[]): ReadonlyMap<string, FromRecords> {
  const found = new Map<string, { run?: LastRun; left: Left; steps: Map<string, LastResult> }>()
  const batches = openBatches(entries.flatMap(({ summary }) => (summary.outcome === 'unreadable' ? [] : [summary])))
  for (const { record, runbook, summary } of entries) {
    if (runbook === undefined || summary.outcome === 'unreadable') continue
    const key = runbook.toString()
    const entry = found.get(key) ?? {
      left: { run: isStopped(summary.outcome), batch: false },
      steps: new Map<string, LastResult>(),
    }
    found.set(key, entry)
    if (summary.batch && batches.has(summary.batch.id)) entry.left = { ...entry.left, batch: true }
    const operator = summary.operator.name
    if (summary.outcome !== 'running' && summary.outcome !== 'abandoned') {
      entry.run ??= {
        outcome: summary.outcome,
        time: summary.endedAt ?? summary.startedAt,
        durationMs: summary.durationMs ?? 0,
        operator,
        recordPath: record.fsPath,
      }
    }
    if (!mayHoldNewest(summary, entry.steps)) continue
    for (const [stepId, result] of Object.entries(summary.results)) {
      const newest = entry.steps.get(stepId)
      if (newest === undefined || newest.time < result.time)
        entry.steps.set(stepId, { ...result, operator, recordPath: record.fsPath })
    }
  }
  return found
}

/** A run that was over before what is known of its steps has nothing to add; its results are not even read then. */
function mayHoldNewest({ steps, endedAt }: ReadableRun, known: ReadonlyMap<string, LastResult>): boolean {
  return steps.some((stepId) => {
    const newest = known.get(stepId)
    return newest === undefined || endedAt === undefined || newest.time < endedAt
  })
}
