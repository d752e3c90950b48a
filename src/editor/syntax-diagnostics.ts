import * as vscode from 'vscode'
import type { SyntaxChecker } from '../execution/syntax.ts'
import { type SyntaxErrorInStep, syntaxOfRunbook } from '../execution/syntax-of-runbook.ts'
import { shellName } from '../wording/shell-names.ts'
import { isOpenMarkdown } from './open-markdown.ts'
import type { RunbookLibrary } from './runbook-library.ts'

/** Interpreters are started for it: only when whoever types has stopped to look. */
const typingPause = 1000

/** An open document has this long before anything is started for it: restoring a window opens many at once. */
const openingPause = 500

/**
 * What the shells cannot read of the open runbooks, under the text. Nothing of a step runs, and yet nothing is started in
 * a workspace that is not trusted: which interpreters are found depends on more than this extension.
 * @param checker asked for when a runbook with steps is looked at
 */
export function registerSyntaxDiagnostics(
  library: RunbookLibrary,
  checker: () => Promise<SyntaxChecker>,
): vscode.Disposable {
  const diagnostics = vscode.languages.createDiagnosticCollection('baton-syntax')
  /** By Uri: what waits for its pause or is under way. */
  const pending = new Map<string, AbortController>()

  function withdraw({ uri }: vscode.TextDocument): void {
    pending.get(uri.toString())?.abort()
    pending.delete(uri.toString())
  }

  function soon(document: vscode.TextDocument, pause: number): void {
    withdraw(document)
    if (!vscode.workspace.isTrusted || !isOpenMarkdown(document)) return
    const key = document.uri.toString()
    const controller = new AbortController()
    pending.set(key, controller)
    const timer = setTimeout(() => {
      void check(document, controller.signal).finally(() => {
        if (pending.get(key) === controller) pending.delete(key)
      })
    }, pause)
    controller.signal.addEventListener('abort', () => clearTimeout(timer))
  }

  async function check(document: vscode.TextDocument, signal: AbortSignal): Promise<void> {
    const text = document.getText()
    const runbook = await library.ofDocument(document)
    const hasCommands = runbook.kind === 'runbook' && runbook.steps.some(({ kind }) => kind === 'command')
    if (signal.aborted) return
    const errors = hasCommands ? (await syntaxOfRunbook(runbook, text, await checker(), signal)).errors : []
    if (!signal.aborted) diagnostics.set(document.uri, errors.map(diagnosticOf))
  }

  function checkAll(): void {
    for (const document of vscode.workspace.textDocuments) soon(document, openingPause)
  }

  checkAll()
  return vscode.Disposable.from(
    diagnostics,
    vscode.workspace.onDidGrantWorkspaceTrust(checkAll),
    vscode.workspace.onDidOpenTextDocument((document) => soon(document, openingPause)),
    vscode.workspace.onDidSaveTextDocument((document) => soon(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) soon(document, typingPause)
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      withdraw(document)
      diagnostics.delete(document.uri)
    }),
    {
      dispose: () => {
        for (const controller of pending.values()) controller.abort()
      },
    },
  )
}

function diagnosticOf({ step, line, start, end, message }: SyntaxErrorInStep): vscode.Diagnostic {
  const range = new vscode.Range(line, start, line, end)
  const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error)
  diagnostic.source = `Baton (${shellName(step.shell)})`
  diagnostic.code = 'syntax-error'
  return diagnostic
}
