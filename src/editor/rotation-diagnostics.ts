import * as vscode from 'vscode'
import type { SecretDeclaration } from '../runbook/secret-declaration.ts'
import { inventoryOf } from '../secrets/inventory.ts'
import type { SecretMemory, SecretTrace } from '../secrets/memory.ts'
import { rotationOf } from '../secrets/rotation.ts'
import { rotationOverdue } from '../wording/secrets.ts'
import { locale, t } from './language.ts'
import { registerQuickFix } from './quick-fix.ts'
import type { LibraryEntry, RunbookLibrary } from './runbook-library.ts'
import type { SecretVault } from './secret-vault.ts'

const code = 'secret-overdue'

/** Long enough not to nag while one types. */
const typingPause = 400

/** The longest that a timer can wait. */
const longestWait = 2 ** 31 - 1

/**
 * Secrets that are to be changed, where each runbook declares them, and a quick fix that does it. It takes what this
 * computer remembers alone: the keychain is not asked.
 */
export function registerRotationDiagnostics(
  library: RunbookLibrary,
  vault: Pick<SecretVault, 'onDidChange'>,
  memory: SecretMemory,
): vscode.Disposable {
  const diagnostics = vscode.languages.createDiagnosticCollection('baton-secrets')
  let pause: NodeJS.Timeout | undefined
  let nextDue: NodeJS.Timeout | undefined
  let round = 0

  async function check(): Promise<void> {
    const mine = ++round
    const entries = await Promise.all(library.entries().map(asOnScreen))
    const secrets = inventoryOf(entries).filter(
      ({ rotateEvery, from }) => rotateEvery !== undefined && from === undefined,
    )
    const traces = secrets.length > 0 ? await memory.recall() : new Map<string, SecretTrace>()
    if (mine !== round) return
    const now = Date.now()
    const found = new Map<string, vscode.Diagnostic[]>()
    let next = Number.POSITIVE_INFINITY
    for (const { name, rotateEvery, uses } of secrets) {
      const setAt = traces.get(name)?.setAt
      const rotation = rotationOf(rotateEvery, setAt, now)
      if (rotation.kind === 'due') next = Math.min(next, rotation.at)
      if (rotation.kind !== 'overdue' || setAt === undefined) continue
      const message = rotationOverdue(name, setAt, rotation.since, now, t, locale)
      for (const { entry, declaration } of uses) {
        const key = entry.uri.toString()
        found.set(key, [...(found.get(key) ?? []), diagnosticOf(declaration, message)])
      }
    }
    diagnostics.clear()
    for (const [key, list] of found) diagnostics.set(vscode.Uri.parse(key), list)
    clearTimeout(nextDue)
    if (next !== Number.POSITIVE_INFINITY) nextDue = setTimeout(() => void check(), Math.min(next - now, longestWait))
  }

  /** What is typed right now is not in the file yet, and moves what stands below it. */
  async function asOnScreen(entry: LibraryEntry): Promise<LibraryEntry> {
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === entry.uri.toString())
    return document ? { uri: entry.uri, runbook: await library.ofDocument(document) } : entry
  }

  function soon(delay: number): void {
    clearTimeout(pause)
    pause = setTimeout(() => void check(), delay)
  }

  soon(0)
  return vscode.Disposable.from(
    diagnostics,
    library.onDidChange(() => soon(0)),
    vault.onDidChange(() => soon(0)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.languageId === 'markdown' && contentChanges.length > 0) soon(typingPause)
    }),
    registerQuickFix(code, fixTitle, (action, document, range) => {
      const text = document.getText(range)
      action.command = { command: 'baton.setSecret', title: fixTitle(text), arguments: [nameIn(text)] }
    }),
    {
      dispose() {
        clearTimeout(pause)
        clearTimeout(nextDue)
      },
    },
  )
}

function diagnosticOf({ range: { start, end } }: SecretDeclaration, message: string): vscode.Diagnostic {
  const range = new vscode.Range(start.line, start.character, end.line, end.character)
  const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Warning)
  diagnostic.source = 'Baton'
  diagnostic.code = code
  return diagnostic
}

const nameIn = (text: string) => text.replaceAll(/['"]/g, '')

const fixTitle = (text: string) => t('Change the value of {0}…', nameIn(text))
