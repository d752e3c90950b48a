import * as vscode from 'vscode'
import type { Problem } from '../runbook/problem.ts'
import { runbookProblemSentence } from '../wording/runbook-problems.ts'
import { t } from './language.ts'
import { isOpenMarkdown } from './open-markdown.ts'
import type { LibraryEntry, RunbookLibrary } from './runbook-library.ts'
import { createTypingPause } from './typing-pause.ts'

/** What is wrong in runbooks, in the editor and in the list of problems. */
export function registerProblemDiagnostics(library: RunbookLibrary): vscode.Disposable {
  const diagnostics = vscode.languages.createDiagnosticCollection('baton')
  const pause = createTypingPause(checkOpen)
  /** What is shown of files that are not open. */
  const shown = new Map<string, LibraryEntry>()

  async function checkOpen(document: vscode.TextDocument): Promise<void> {
    const { version } = document
    const { problems, kind } = await library.ofDocument(document)
    if (document.isClosed || document.version !== version) return
    diagnostics.set(document.uri, kind === 'runbook' ? problems.map(diagnosticOf) : [])
  }

  function soon(document: vscode.TextDocument, delay?: number): void {
    if (isOpenMarkdown(document)) pause.soon(document, delay)
  }

  function checkWorkspace(): void {
    const open = new Set(vscode.workspace.textDocuments.filter(isOpenMarkdown).map(({ uri }) => uri.toString()))
    const entries = new Map(library.entries().map((entry) => [entry.uri.toString(), entry]))
    for (const [key, { uri }] of shown) {
      if (entries.has(key) || open.has(key)) continue
      shown.delete(key)
      diagnostics.delete(uri)
    }
    for (const [key, entry] of entries) {
      if (open.has(key) || shown.get(key)?.runbook === entry.runbook) continue
      shown.set(key, entry)
      // A hint about a file that nobody looks at helps nobody.
      const serious = entry.runbook.problems.filter(({ severity }) => severity !== 'information')
      diagnostics.set(entry.uri, serious.map(diagnosticOf))
    }
  }

  for (const document of vscode.workspace.textDocuments) soon(document, 0)
  checkWorkspace()
  return vscode.Disposable.from(
    diagnostics,
    library.onDidChange(checkWorkspace),
    vscode.workspace.onDidOpenTextDocument((document) => soon(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => soon(document)),
    vscode.workspace.onDidCloseTextDocument((document) => {
      pause.forget(document)
      shown.delete(document.uri.toString())
      diagnostics.delete(document.uri)
      checkWorkspace()
    }),
    pause,
  )
}

/** A problem as the editor shows it. */
export function diagnosticOf(problem: Problem): vscode.Diagnostic {
  const { start, end } = problem.range
  const range = new vscode.Range(start.line, start.character, end.line, end.character)
  const diagnostic = new vscode.Diagnostic(range, runbookProblemSentence(problem, t), severityOf(problem))
  diagnostic.source = 'Baton'
  diagnostic.code = problem.code
  return diagnostic
}

function severityOf({ severity }: Problem): vscode.DiagnosticSeverity {
  switch (severity) {
    case 'error':
      return vscode.DiagnosticSeverity.Error
    case 'warning':
      return vscode.DiagnosticSeverity.Warning
    case 'information':
      return vscode.DiagnosticSeverity.Information
  }
}
