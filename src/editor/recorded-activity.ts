import * as vscode from 'vscode'
import { openBatches } from '../record/batches.ts'
import { createBreath } from '../record/breath.ts'
import { driftedSteps, mayHoldNewest, overdueOf, stepsOfLastVersion } from '../record/drift.ts'
import { isStopped } from '../record/resume.ts'
import type { ReadableRun } from '../record/summary.ts'
import type { Runbook } from '../runbook/runbook.ts'
import type { LastResult, LastRun, Left, LiveDrift, RunActivity } from './run-activity.ts'
import type { RunController } from './run-controller.ts'
import type { HistoryEntry, RunHistory } from './run-history.ts'

/** For so long what was told of schedules stays true enough. */
const freshMs = 60_000

interface FromRecords {
  readonly run?: LastRun
  readonly left: Left
  readonly steps: ReadonlyMap<string, LastResult>
  /** The newest first. */
  readonly runs: readonly ReadableRun[]
}

/** Joins what runs now with what records say. */
export function createRunActivity(controller: RunController, history: RunHistory): RunActivity & vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri | undefined>()
  let known: ReadonlyMap<string, FromRecords> = new Map()
  /** What was told of a runbook, which trees and lenses ask for at every change. */
  const drifts = new WeakMap<
    Runbook,
    { readonly past: FromRecords; readonly time: number; readonly drift: LiveDrift }
  >()
  let isReading = false
  let isStale = false

  async function read(): Promise<void> {
    if (isReading) {
      isStale = true
      return
    }
    isReading = true
    try {
      known = await byRunbook(await history.list())
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
    drift(uri, runbook) {
      const past = known.get(uri.toString())
      if (past === undefined) return { changed: [], gone: [] }
      const now = Date.now()
      const before = drifts.get(runbook)
      if (before?.past === past && now - before.time < freshMs) return before.drift
      const overdue = overdueOf(runbook, past.runs, now)
      const { steps, runs } = past
      const drifted = driftedSteps(runbook, { steps, lastVersion: stepsOfLastVersion(runs) }, (last) => last.recordPath)
      const drift = { ...drifted, ...(overdue && { overdue }) }
      drifts.set(runbook, { past, time: now, drift })
      return drift
    },
    left: (uri) => known.get(uri.toString())?.left ?? { run: false, batch: false },
    dispose() {
      for (const listener of listeners) listener.dispose()
      changed.dispose()
    },
  }
}

interface Gathered extends FromRecords {
  run?: LastRun
  left: Left
  readonly steps: Map<string, LastResult>
  readonly runs: ReadableRun[]
}

function* runsAmong(entries: readonly HistoryEntry[]): Generator<ReadableRun> {
  for (const { summary } of entries) if (summary.outcome !== 'unreadable') yield summary
}

/** @param entries newest first */
async function byRunbook(entries: readonly HistoryEntry[]): Promise<ReadonlyMap<string, FromRecords>> {
  const breathe = createBreath()
  const found = new Map<string, Gathered>()
  const batches = await openBatches(runsAmong(entries))
  for (const listed of entries) {
    await breathe()
    const { runbook, summary } = listed
    if (runbook === undefined || summary.outcome === 'unreadable') continue
    const key = runbook.toString()
    const entry = found.get(key) ?? {
      left: { run: isStopped(summary.outcome), batch: false },
      steps: new Map<string, LastResult>(),
      runs: [],
    }
    found.set(key, entry)
    entry.runs.push(summary)
    if (summary.batch && batches.has(summary.batch.id)) entry.left = { ...entry.left, batch: true }
    const operator = summary.operator.name
    if (summary.outcome !== 'running' && summary.outcome !== 'abandoned') {
      entry.run ??= {
        outcome: summary.outcome,
        time: summary.endedAt ?? summary.startedAt,
        durationMs: summary.durationMs ?? 0,
        operator,
        recordPath: listed.record.fsPath,
      }
    }
    if (!mayHoldNewest(summary, entry.steps)) continue
    for (const [stepId, result] of Object.entries(summary.results)) {
      const newest = entry.steps.get(stepId)
      if (newest === undefined || newest.time < result.time)
        entry.steps.set(stepId, { ...result, operator, recordPath: listed.record.fsPath })
    }
  }
  return found
}
