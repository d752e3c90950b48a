import * as vscode from 'vscode'
import type { CredentialFinding } from '../secrets/credentials/findings.ts'
import type { CredentialDesk } from '../secrets/credentials/scanner.ts'
import { credentialSentence } from '../wording/credentials.ts'
import { locale, t } from './language.ts'
import { isOpenMarkdown } from './open-markdown.ts'
import type { RunbookLibrary } from './runbook-library.ts'
import { createTypingPause } from './typing-pause.ts'

const code = 'credential'

interface Looked {
  readonly version: number
  readonly findings: readonly CredentialFinding[]
}

/**
 * The lines of open runbooks that hold a credential in plain text, and what can be done about it. Only reads: it works in a
 * folder that is not trusted, too.
 * @param credentials asked for when a runbook is looked at
 */
export function registerCredentialDiagnostics(
  library: RunbookLibrary,
  credentials: () => Promise<CredentialDesk>,
): vscode.Disposable {
  const diagnostics = vscode.languages.createDiagnosticCollection('baton-credentials')
  const pause = createTypingPause(look)
  const looked = new Map<string, Looked>()

  async function look(document: vscode.TextDocument): Promise<void> {
    const { version } = document
    const text = document.getText()
    const { kind } = await library.ofDocument(document)
    const findings = kind === 'runbook' ? (await (await credentials()).inMarkdown(text)).findings : []
    if (document.isClosed || document.version !== version) return
    looked.set(document.uri.toString(), { version, findings })
    diagnostics.set(
      document.uri,
      findings.map((finding) => diagnosticOf(finding, document)),
    )
  }

  function soon(document: vscode.TextDocument): void {
    if (isOpenMarkdown(document)) pause.soon(document)
  }

  const actions: vscode.CodeActionProvider = {
    async provideCodeActions(document, _range, { diagnostics: shown }) {
      // Asked for before whoever types has paused: looked at now.
      if (looked.get(document.uri.toString())?.version !== document.version) await look(document)
      const known = looked.get(document.uri.toString())
      if (known?.version !== document.version) return []
      const runbook = await library.ofDocument(document)
      const text = document.getText()
      const { canMove, excuseLine } = await credentials()
      return shown
        .filter((one) => one.source === 'Baton' && one.code === code)
        .flatMap((diagnostic) => {
          const finding = known.findings.find(({ firstLine }) => firstLine === diagnostic.range.start.line)
          if (finding === undefined) return []
          const moves = finding.hits
            .filter((hit) => canMove(text, runbook, hit))
            .map((hit) =>
              moveAction(document, diagnostic, hit.value?.start ?? hit.start, finding.hits.length > 1 ? hit.name : ''),
            )
          const excuse = excuseLine(text, runbook, finding.firstLine)
          return excuse === undefined ? moves : [...moves, excuseAction(document, diagnostic, excuse)]
        })
    },
  }

  for (const document of vscode.workspace.textDocuments) soon(document)
  return vscode.Disposable.from(
    diagnostics,
    vscode.languages.registerCodeActionsProvider({ language: 'markdown' }, actions, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    vscode.workspace.onDidOpenTextDocument(soon),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) soon(document)
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      pause.forget(document)
      looked.delete(document.uri.toString())
      diagnostics.delete(document.uri)
    }),
    pause,
  )
}

/** The whole line is tainted, not only what a rule took for the credential. */
function diagnosticOf(
  { firstLine, lastLine, hits }: CredentialFinding,
  document: vscode.TextDocument,
): vscode.Diagnostic {
  const first = document.lineAt(firstLine)
  const start = new vscode.Position(firstLine, first.firstNonWhitespaceCharacterIndex)
  const range = new vscode.Range(start, document.lineAt(lastLine).range.end)
  const sentence = credentialSentence(hits, t, locale)
  const diagnostic = new vscode.Diagnostic(range, sentence, vscode.DiagnosticSeverity.Warning)
  diagnostic.source = 'Baton'
  diagnostic.code = code
  return diagnostic
}

function moveAction(document: vscode.TextDocument, diagnostic: vscode.Diagnostic, offset: number, name: string) {
  const title = name === '' ? t('Move the value to the keychain…') : t('Move the value to the keychain… ({0})', name)
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix)
  action.command = { command: 'baton.moveCredential', title, arguments: [document.uri, offset] }
  action.diagnostics = [diagnostic]
  action.isPreferred = true
  return action
}

function excuseAction(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  { start, text }: { readonly start: number; readonly text: string },
) {
  const action = new vscode.CodeAction(t('This is no secret: say so in a comment'), vscode.CodeActionKind.QuickFix)
  action.edit = new vscode.WorkspaceEdit()
  action.edit.insert(document.uri, document.positionAt(start), text)
  action.diagnostics = [diagnostic]
  return action
}
