import * as vscode from 'vscode'
import type { CredentialScanner } from '../secrets/credentials/scanner.ts'
import { taintedLines } from '../secrets/credentials/tainted-lines.ts'
import { taintedRecordSentence } from '../wording/credentials.ts'
import { report } from './command-boundary.ts'
import { locale, t } from './language.ts'

export interface FinishedRun {
  readonly uri: vscode.Uri
  readonly recordPath?: string
}

interface Tainted {
  readonly record: vscode.Uri
  /** From 1. */
  readonly lines: readonly number[]
}

/**
 * Says once, when a run has ended, that its record holds a credential: as long as nobody has committed it. The rows of a
 * batch do not each open a window: what comes while one is open is said after it.
 */
export function registerTaintedRecords(
  onDidFinish: vscode.Event<FinishedRun>,
  credentials: () => Promise<CredentialScanner>,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  let waiting: Tainted[] = []
  let isSaying = false

  async function look({ uri, recordPath }: FinishedRun): Promise<void> {
    if (recordPath === undefined) return
    const runbook = async () => (await vscode.workspace.openTextDocument(uri)).getText()
    const tainted = await taintedLines(recordPath, runbook, await credentials())
    if (tainted.length === 0) return
    waiting.push({ record: vscode.Uri.file(recordPath), lines: tainted.map(({ line }) => line + 1) })
    if (!isSaying) await say()
  }

  async function say(): Promise<void> {
    isSaying = true
    try {
      while (waiting.length > 0) {
        const all = waiting
        waiting = []
        await tell(all)
      }
    } finally {
      isSaying = false
    }
  }

  return onDidFinish((run) => {
    look(run).catch((error: unknown) => report(error, 'tainted records', log))
  })
}

async function tell(all: readonly Tainted[]): Promise<void> {
  const [first] = all
  if (first === undefined) return
  const openRecord = t('Open record')
  const shown = vscode.workspace.asRelativePath(first.record)
  const one = taintedRecordSentence(shown, first.lines, t, locale)
  const others = all.length > 1 ? ` ${t('And {0} more records.', all.length - 1)}` : ''
  if ((await vscode.window.showWarningMessage(`${one}${others}`, openRecord)) !== openRecord) return
  const line = (first.lines[0] ?? 1) - 1
  const selection = new vscode.Range(line, 0, line, 0)
  await vscode.window.showTextDocument(first.record, { selection, preview: true })
}
