import * as vscode from 'vscode'
import { registerCommands } from './command-boundary.ts'
import { followCursor } from './follow-cursor.ts'
import { t } from './language.ts'
import { openTarget } from './open-target.ts'
import type { RunActivity } from './run-activity.ts'
import type { RunbookLibrary } from './runbook-library.ts'
import { createRunbookTree } from './tree-model.ts'

/** The view "Runbooks": folders, runbooks, procedures and steps, with the state of each. */
export function registerRunbookTree(
  library: RunbookLibrary,
  activity: RunActivity,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const tree = createRunbookTree(library, activity)
  const view = vscode.window.createTreeView('baton.runbooks', {
    treeDataProvider: tree.provider,
    showCollapseAll: true,
  })
  let shownAt = Date.now()

  function describeView(): void {
    const building = library.state === 'building'
    const filter = tree.filter()
    view.description = filter && `“${filter.text}”`
    view.message = building
      ? t('Looking for runbooks…')
      : filter && tree.isEmpty()
        ? t('No runbook has “{0}” in its name, its path or its steps.', filter.text)
        : undefined
    void vscode.commands.executeCommand('setContext', 'baton.index', library.state)
    void vscode.commands.executeCommand('setContext', 'baton.runbooks.isFiltered', filter !== undefined)
  }

  function setFilter(text: string): void {
    tree.setFilter(text)
    describeView()
  }

  async function askForFilter(): Promise<void> {
    const text = await vscode.window.showInputBox({
      title: t('Filter runbooks'),
      prompt: t('Words in the name, the path or the steps of a runbook'),
      value: tree.filter()?.text ?? '',
    })
    if (text !== undefined) setFilter(text)
  }

  describeView()
  return vscode.Disposable.from(
    view,
    tree,
    library.onDidChange(() => {
      tree.update()
      describeView()
    }),
    activity.onDidChange(tree.refresh),
    view.onDidChangeVisibility(({ visible }) => {
      // Ages such as "3 days ago" grow old while nobody looks.
      if (visible && Date.now() - shownAt > 60_000) tree.refresh(undefined)
      shownAt = Date.now()
    }),
    followCursor(view, library, tree.nodeOf),
    registerCommands(log, {
      'baton.runbooks.filter': askForFilter,
      'baton.runbooks.clearFilter': () => setFilter(''),
      'baton.runbooks.refresh': async () => {
        await library.refresh()
        tree.refresh(undefined)
      },
      'baton.openStep': (target) => openTarget(library, target, { preserveFocus: true, preview: true }),
      'baton.openBeside': (target) => openTarget(library, target, { viewColumn: vscode.ViewColumn.Beside }),
    }),
  )
}
