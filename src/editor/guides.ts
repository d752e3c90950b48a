import * as vscode from 'vscode'
import { chooseRunToFollow } from './follow-choice.ts'
import { createGuideDesk, type GuideDesk, type GuideDeskSetup, type GuideWish } from './guide-desk.ts'
import { readGuideMemory } from './guide-memory.ts'
import { t } from './language.ts'
import { mustBeThere } from './must-be-there.ts'
import type { Target } from './target.ts'
import { rememberedOf, restorePanel } from './webview-panel.ts'

export interface Guides extends vscode.Disposable {
  /** Shows the Guide of a runbook, at a step where one is given; the one that is open where there is one. */
  open(target: Target): Promise<void>
  /** Shows it beside the record of a run; `undefined` has that chosen. */
  follow(runbook: vscode.Uri, record: vscode.Uri | undefined): Promise<void>
  /** Shows again what a panel showed that VS Code kept while the window was loaded anew. */
  restore(panel: vscode.WebviewPanel, state: unknown): Promise<void>
}

export type GuidesSetup = Omit<GuideDeskSetup, 'onClose'>

/** The Guides that are open: one for each runbook. */
export function createGuides(setup: GuidesSetup): Guides {
  const desks = new Map<string, GuideDesk>()

  async function begin(uri: vscode.Uri, wish: GuideWish): Promise<void> {
    const key = uri.toString()
    const desk = await createGuideDesk(uri, wish, {
      ...setup,
      onClose: () => {
        if (desks.get(key) === desk) desks.delete(key)
      },
    })
    desks.set(key, desk)
  }

  async function choose(uri: vscode.Uri): Promise<vscode.Uri | undefined> {
    const site = await setup.following.siteOf(uri)
    return chooseRunToFollow(site, await setup.following.recordsOf(site.root))
  }

  return {
    async open({ uri, stepId }) {
      const key = uri.toString()
      const open = desks.get(key)
      if (open) {
        open.reveal()
        if (stepId !== undefined) open.go({ kind: 'step', stepId })
        return
      }
      await begin(uri, { stepId })
    },
    async follow(uri, record) {
      const followed = record ?? (await choose(uri))
      if (followed === undefined) return
      desks.get(uri.toString())?.dispose()
      await begin(uri, { followed })
    },
    restore(panel, state) {
      const memory = readGuideMemory(rememberedOf(state))
      if (memory === undefined || desks.has(memory.runbook)) {
        panel.dispose()
        return Promise.resolve()
      }
      const runbook = vscode.Uri.parse(memory.runbook)
      const followed = memory.followed === undefined ? undefined : vscode.Uri.parse(memory.followed)
      return restorePanel(
        panel,
        async () => {
          await mustBeThere(runbook, (path) => t('The runbook is not there any more: {0}', path))
          if (followed) await mustBeThere(followed, (path) => t('The record is not there any more: {0}', path))
          await begin(runbook, { followed, restored: { panel, memory } })
        },
        setup.log,
      )
    },
    dispose() {
      for (const desk of desks.values()) desk.dispose()
    },
  }
}
