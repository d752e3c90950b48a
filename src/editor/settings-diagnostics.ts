import * as vscode from 'vscode'
import type { TeamSettingsReading } from '../runbook/team-settings.ts'
import { diagnosticOf } from './problem-diagnostics.ts'
import { createTypingPause } from './typing-pause.ts'

/** What is wrong in an open `baton.yaml`, under its text. */
export function registerSettingsDiagnostics(read: (text: string) => Promise<TeamSettingsReading>): vscode.Disposable {
  const diagnostics = vscode.languages.createDiagnosticCollection('baton-settings')
  const pause = createTypingPause(check)

  async function check(document: vscode.TextDocument): Promise<void> {
    const { version } = document
    const { problems } = await read(document.getText())
    if (!document.isClosed && document.version === version) diagnostics.set(document.uri, problems.map(diagnosticOf))
  }

  function soon(document: vscode.TextDocument, delay?: number): void {
    if (isSettingsFile(document)) pause.soon(document, delay)
  }

  for (const document of vscode.workspace.textDocuments) soon(document, 0)
  return vscode.Disposable.from(
    diagnostics,
    vscode.workspace.onDidOpenTextDocument((document) => soon(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => soon(document)),
    vscode.workspace.onDidCloseTextDocument((document) => {
      pause.forget(document)
      diagnostics.delete(document.uri)
    }),
    pause,
  )
}

/** At the root of a repo or of a folder of the workspace; where that is, only the machine knows: any file of the name counts. */
function isSettingsFile({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === 'file' && uri.path.endsWith('/baton.yaml')
}
