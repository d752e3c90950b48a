import type * as vscode from 'vscode'
import { noAnnotations, type RunAnnotations } from '../record/annotations.ts'
import { relatedRecords } from '../record/related.ts'
import { createReplayDesk, type ReplayDesk, type ReplayDeskSetup } from './replay-desk.ts'
import type { RunHistory } from './run-history.ts'

export interface Replays extends vscode.Disposable {
  /** Plays the run of a record; shows the panel that plays it already, where there is one. */
  open(record: vscode.Uri): Promise<void>
}

export interface ReplaysSetup extends Omit<ReplayDeskSetup, 'annotationsTo' | 'onClose'> {
  readonly history: RunHistory
}

/** The panels that are open: one for each record. */
export function createReplays({ history, ...setup }: ReplaysSetup): Replays {
  const desks = new Map<string, ReplayDesk>()

  async function annotationsTo(record: vscode.Uri): Promise<RunAnnotations> {
    const records = await history.records()
    const path = records.find((entry) => entry.record.path === record.path)?.summary.path
    const summaries = records.map(({ summary }) => summary)
    return path === undefined ? noAnnotations : relatedRecords(path, summaries).annotations
  }

  return {
    async open(record) {
      const open = desks.get(record.path)
      if (open) return open.reveal()
      const known = (await history.records()).find((entry) => entry.record.path === record.path)
      const desk = await createReplayDesk(record, known?.runbook, {
        ...setup,
        annotationsTo,
        onClose: () => desks.delete(record.path),
      })
      desks.set(record.path, desk)
    },
    dispose() {
      for (const desk of desks.values()) desk.dispose()
    },
  }
}
