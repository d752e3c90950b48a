import * as vscode from 'vscode'
import type { RunbookLibrary } from './runbook-library.ts'
import { stepAtLine } from './runbook-places.ts'
import type { RunbookTreeNode } from './tree-model.ts'

/** Selects the step that the cursor is in, as long as the view is visible. Never opens the view and never takes the focus. */
export function followCursor(
  view: vscode.TreeView<RunbookTreeNode>,
  library: RunbookLibrary,
  nodeOf: (uri: vscode.Uri, stepId: string | undefined) => RunbookTreeNode | undefined,
): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined

  async function follow(): Promise<void> {
    const editor = vscode.window.activeTextEditor
    if (!view.visible || editor?.document.languageId !== 'markdown') return
    if (!vscode.workspace.getConfiguration('baton').get('tree.followCursor', true)) return
    const { document, selection } = editor
    if (!nodeOf(document.uri, undefined)) return
    const step = stepAtLine(await library.ofDocument(document), selection.active.line)
    const node = nodeOf(document.uri, step?.id)
    if (!node || view.selection.some(({ id }) => id === node.id)) return
    await view.reveal(node, { select: true, focus: false })
  }

  function soon(): void {
    clearTimeout(timer)
    // A step that an edit has just made is not in the tree yet: that is nothing to tell anyone.
    timer = setTimeout(() => void follow().catch(() => undefined), 150)
  }

  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(soon),
    vscode.window.onDidChangeTextEditorSelection(soon),
    view.onDidChangeVisibility(soon),
    { dispose: () => clearTimeout(timer) },
  )
}
