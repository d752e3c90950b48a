import * as vscode from 'vscode'
import type { Runbook } from '../runbook/runbook.ts'
import type { WorkspaceIndex } from '../runbook/workspace-index.ts'
import type { LibraryEntry, RunbookLibrary } from './runbook-library.ts'
import { markdownPattern } from './workspace-files.ts'

export interface WorkspaceLibrarySetup {
  readonly index: WorkspaceIndex
  /** A parser of its own for each open document, which reads again only what an edit touched. */
  readonly createParser: () => { parse(text: string): Runbook }
  /** For documents too large to be parsed between two keystrokes. */
  readonly parseElsewhere: (text: string) => Promise<Runbook>
}

/** What is parsed between two keystrokes at most; the first parse of more would be felt in every other extension. */
const charactersHere = 1_000_000
const linesHere = 25_000

interface OpenDocument {
  readonly parser: { parse(text: string): Runbook }
  version: number
  runbook: Runbook | Promise<Runbook> | undefined
}

/** The runbooks of the workspace: files from the index, kept fresh by file events, and open documents as they are on the screen. */
export function createWorkspaceLibrary(
  setup: WorkspaceLibrarySetup,
): RunbookLibrary & vscode.Disposable & { refresh(): Promise<void> } {
  const { index } = setup
  const changed = new vscode.EventEmitter<void>()
  const documents = new Map<string, OpenDocument>()
  let entries: readonly LibraryEntry[] | undefined

  const watcher = vscode.workspace.createFileSystemWatcher(markdownPattern)
  // A folder that goes away is one event, and its files are none.
  const deletions = vscode.workspace.createFileSystemWatcher('**/*', true, true, false)
  const listeners = [
    watcher,
    deletions,
    watcher.onDidCreate((uri) => index.changed(uri.toString())),
    watcher.onDidChange((uri) => index.changed(uri.toString())),
    deletions.onDidDelete((uri) => index.deleted(uri.toString())),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void index.refresh()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('baton.runbooks.exclude') || event.affectsConfiguration('files.exclude'))
        void index.refresh()
    }),
    vscode.workspace.onDidCloseTextDocument((document) => documents.delete(document.uri.toString())),
    index.onDidChange(() => {
      entries = undefined
      changed.fire()
    }),
  ]

  function ofDocument(document: vscode.TextDocument): Runbook | Promise<Runbook> {
    const key = document.uri.toString()
    const open = documents.get(key) ?? { parser: setup.createParser(), version: -1, runbook: undefined }
    documents.set(key, open)
    if (open.runbook !== undefined && open.version === document.version) return open.runbook
    const text = document.getText()
    open.version = document.version
    const isHuge = text.length > charactersHere || document.lineCount > linesHere
    open.runbook = isHuge ? setup.parseElsewhere(text) : open.parser.parse(text)
    return open.runbook
  }

  return {
    onDidChange: changed.event,
    get state() {
      return index.state
    },
    entries() {
      entries ??= index
        .entries()
        .flatMap(({ key, runbook }) => (runbook?.kind === 'runbook' ? [{ uri: vscode.Uri.parse(key), runbook }] : []))
      return entries
    },
    ofDocument,
    refresh: () => index.refresh(),
    dispose() {
      for (const listener of listeners) listener.dispose()
      changed.dispose()
    },
  }
}
