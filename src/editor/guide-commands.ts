import * as vscode from 'vscode'
import { HumanError, registerCommands } from './command-boundary.ts'
import type { Guides, GuidesSetup } from './guides.ts'
import { t } from './language.ts'
import { mustBeThere } from './must-be-there.ts'
import { recordScheme } from './record-page.ts'
import type { RunHistory } from './run-history.ts'
import { targetOf } from './target.ts'

/** The command that opens the Guide; what it opens is loaded when somebody first does. */
export function registerGuideCommands(setup: GuidesSetup & { readonly history: RunHistory }): vscode.Disposable {
  let loaded: Promise<Guides> | undefined
  const guides = () => {
    loaded ??= import('./guide-panel.ts').then(({ createGuides }) => createGuides(setup))
    return loaded
  }
  async function runbookOf(record: vscode.Uri): Promise<vscode.Uri> {
    const entry = await setup.history.at(record)
    if (entry?.runbook === undefined || entry.summary.outcome === 'act')
      throw new HumanError(t('This file is no record of a run.'))
    await mustBeThere(entry.runbook, (path) => t('The runbook is not there any more: {0}', path))
    return entry.runbook
  }

  return vscode.Disposable.from(
    registerCommands(setup.log, {
      async 'baton.openGuide'(argument) {
        const target = targetOf(argument)
        if (target === undefined) throw new HumanError(t('Open a runbook first.'))
        await (await guides()).open(target)
      },
      async 'baton.followRun'(argument) {
        const record = recordIn(argument ?? activePage())
        const runbook = record ? await runbookOf(record) : targetOf(argument)?.uri
        if (runbook === undefined) throw new HumanError(t('Open a runbook first.'))
        await (await guides()).follow(runbook, record)
      },
    }),
    ...['baton.guide', 'baton.follow'].map((type) =>
      vscode.window.registerWebviewPanelSerializer(type, {
        deserializeWebviewPanel: async (panel, state) => (await guides()).restore(panel, state),
      }),
    ),
    { dispose: () => void loaded?.then((open) => open.dispose()) },
  )
}

/** A record: an element of the view "Runs", its page, or its file. */
function recordIn(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) {
    if (argument.scheme === recordScheme) return vscode.Uri.parse(argument.query)
    return argument.path.endsWith('.jsonl') ? argument : undefined
  }
  if (typeof argument !== 'object' || argument === null || !('record' in argument)) return undefined
  return argument.record instanceof vscode.Uri ? argument.record : undefined
}

/** The page of a record, where that is in front. */
function activePage(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input
  const isPage = input instanceof vscode.TabInputCustom && input.uri.scheme === recordScheme
  return isPage ? input.uri : undefined
}
