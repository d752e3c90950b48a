import * as vscode from 'vscode'
import { annotationsOf, noAnnotations, notesByRun, type RunAnnotations } from '../record/annotations.ts'
import { isReadable } from '../record/summary.ts'
import { t } from './language.ts'
import { mustBeThere } from './must-be-there.ts'
import { createReplayDesk, type ReplayDesk, type ReplayDeskSetup } from './replay-desk.ts'
import type { RunHistory } from './run-history.ts'
import { rememberedOf, restorePanel } from './webview-panel.ts'

export interface Replays extends vscode.Disposable {
  /** Plays the run of a record; shows the panel that plays it already, where there is one. */
  open(record: vscode.Uri): Promise<void>
  /** Plays again what a panel played that VS Code kept while the window was loaded anew. */
  restore(panel: vscode.WebviewPanel, state: unknown): Promise<void>
}

export interface ReplaysSetup extends Omit<ReplayDeskSetup, 'annotationsTo' | 'restored' | 'onClose'> {
  readonly history: RunHistory
}

/** The panels that are open: one for each record. */
export function createReplays({ history, ...setup }: ReplaysSetup): Replays {
  const desks = new Map<string, ReplayDesk>()

  async function annotationsTo(record: vscode.Uri): Promise<RunAnnotations> {
    const known = (await history.at(record))?.summary
    if (known === undefined || !isReadable(known)) return noAnnotations
    return annotationsOf(known, await notesByRun((await history.records()).map(({ summary }) => summary)))
  }

  async function begin(record: vscode.Uri, restored?: vscode.WebviewPanel): Promise<void> {
    const known = await history.at(record)
    const desk = await createReplayDesk(record, known?.runbook, {
      ...setup,
      annotationsTo,
      restored,
      onClose: () => desks.delete(record.path),
    })
    desks.set(record.path, desk)
  }

  return {
    async open(record) {
      const open = desks.get(record.path)
      if (open) return open.reveal()
      await begin(record)
    },
    restore(panel, state) {
      const address = rememberedOf(state)
      const record = typeof address === 'string' ? vscode.Uri.parse(address) : undefined
      if (record === undefined || desks.has(record.path)) {
        panel.dispose()
        return Promise.resolve()
      }
      return restorePanel(
        panel,
        async () => {
          await mustBeThere(record, (path) => t('The record is not there any more: {0}', path))
          await begin(record, panel)
        },
        setup.log,
      )
    },
    dispose() {
      for (const desk of desks.values()) desk.dispose()
    },
  }
}
