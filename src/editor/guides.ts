import type * as vscode from 'vscode'
import { createGuideDesk, type GuideDesk, type GuideDeskSetup } from './guide-desk.ts'
import type { Target } from './target.ts'

export interface Guides extends vscode.Disposable {
  /** Shows the Guide of a runbook, at a step where one is given; the one that is open where there is one. */
  open(target: Target): Promise<void>
}

export type GuidesSetup = Omit<GuideDeskSetup, 'onClose'>

/** The Guides that are open: one for each runbook. */
export function createGuides(setup: GuidesSetup): Guides {
  const desks = new Map<string, GuideDesk>()

  return {
    async open({ uri, stepId }) {
      const key = uri.toString()
      const open = desks.get(key)
      if (open) {
        open.reveal()
        if (stepId !== undefined) open.go({ kind: 'step', stepId })
        return
      }
      const desk = await createGuideDesk(uri, stepId, { ...setup, onClose: () => desks.delete(key) })
      desks.set(key, desk)
    },
    dispose() {
      for (const desk of desks.values()) desk.dispose()
    },
  }
}
