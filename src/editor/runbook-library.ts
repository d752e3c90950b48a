import type * as vscode from 'vscode'
import type { Runbook } from '../runbook/runbook.ts'

/** The runbooks of the workspace, as the surfaces of the editor see them. */
export interface RunbookLibrary {
  readonly onDidChange: vscode.Event<void>
  readonly state: 'building' | 'ready'
  /** Every runbook of the workspace, by Uri of its file; sorted. An entry's `runbook` is another object when it changed. */
  entries(): readonly LibraryEntry[]
  /**
   * The runbook as it stands in an open, perhaps unsaved, document; of kind `document` when the document has no steps. A
   * promise for huge files, and for the first ones.
   */
  ofDocument(document: vscode.TextDocument): Runbook | Promise<Runbook>
  /** Looks at every file again. */
  refresh(): Promise<void>
}

export interface LibraryEntry {
  readonly uri: vscode.Uri
  readonly runbook: Runbook
}

/** What people call a runbook: its title, else its file's name. */
export function runbookName({ uri, runbook }: LibraryEntry): string {
  return runbook.title || fileName(uri)
}

/** The last part of a Uri's path. */
export function fileName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1)
}
