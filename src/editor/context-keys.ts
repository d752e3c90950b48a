import * as vscode from 'vscode'
import type { RunActivity } from './run-activity.ts'
import type { RunbookLibrary } from './runbook-library.ts'

/** Keeps `baton.isRunbook` and `baton.isRunning`, by which menus and keys of the manifest know what makes sense now. */
export function registerContextKeys(library: RunbookLibrary, activity: RunActivity): vscode.Disposable {
  const running = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  async function lookAtEditor(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document
    const isMarkdown = document?.languageId === 'markdown' && document.uri.scheme !== 'baton-record'
    const runbook = isMarkdown ? await library.ofDocument(document) : undefined
    if (vscode.window.activeTextEditor?.document !== document) return
    setContext('baton.isRunbook', runbook?.kind === 'runbook')
  }

  function soon(delay: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void lookAtEditor(), delay)
  }

  function lookAtRuns(uri: vscode.Uri | undefined): void {
    if (!uri) running.clear()
    for (const candidate of uri ? [uri] : library.entries().map((entry) => entry.uri)) {
      if (activity.active(candidate)) running.add(candidate.toString())
      else running.delete(candidate.toString())
    }
    setContext('baton.isRunning', running.size > 0)
  }

  soon(0)
  lookAtRuns(undefined)
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(() => soon(0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) soon(300)
    }),
    activity.onDidChange(lookAtRuns),
    { dispose: () => clearTimeout(timer) },
  )
}

function setContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value)
}
