import * as vscode from 'vscode'
import type { TrustedRecord } from '../record/trust.ts'

/** Tree items with an address of this scheme are records, which no other extension decorates, as git does with files. */
const scheme = 'baton-record-mark'

/** What the item of a record has as its `resourceUri`, so that a mark appears on it where it is wrong. */
export function markedRecord(record: vscode.Uri): vscode.Uri {
  return record.with({ scheme })
}

export interface RecordMarksSetup {
  /** Whether a record is wrong by itself; the path is absolute. Asked only for records that are shown. */
  readonly lookAt: (file: string) => Promise<TrustedRecord | undefined>
  readonly onDidChange: vscode.Event<void>
}

const known = new Map<string, string>()

/** What is wrong with a record, in words, once that was found: for whoever does not see the mark. */
export function markOf(record: vscode.Uri): string | undefined {
  return known.get(record.path)
}

/** Marks records that were changed, or that somebody else signed, wherever they are listed. */
export function registerRecordMarks({ lookAt, onDidChange }: RecordMarksSetup): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>()
  return vscode.Disposable.from(
    changed,
    onDidChange(() => changed.fire(undefined)),
    vscode.window.registerFileDecorationProvider({
      onDidChangeFileDecorations: changed.event,
      async provideFileDecoration(uri) {
        if (uri.scheme !== scheme) return undefined
        const wrong = await lookAt(uri.with({ scheme: 'file' }).fsPath)
        if (wrong === undefined) {
          known.delete(uri.path)
          return undefined
        }
        const words = (await import('./verify-records.ts')).recordWords(wrong)
        if (known.get(uri.path) !== words) {
          known.set(uri.path, words)
          void vscode.commands.executeCommand('baton.runs.refresh')
        }
        return new vscode.FileDecoration('!', words, new vscode.ThemeColor('list.errorForeground'))
      },
    }),
  )
}
