import * as vscode from 'vscode'
import type { Runbook } from '../runbook/runbook.ts'
import type { WorkspaceIndex } from '../runbook/workspace-index.ts'
import type { LibraryEntry, RunbookLibrary } from './runbook-library.ts'
import { markdownPattern } from './workspace-files.ts'

export interface WorkspaceLibrarySetup {
  readonly index: WorkspaceIndex
  /** Loads what makes a parser of its own for each open document, which reads again only what an edit touched. */
  readonly parserFactory: () => Promise<() => Parser>
  /** For documents too large to be parsed between two keystrokes. */
  readonly parseElsewhere: (text: string) => Promise<Runbook>
}

/** What is parsed between two keystrokes at most; the first parse of more would be felt in every other extension. */
const charactersHere = 1_000_000
const linesHere = 25_000

interface Parser {
  parse(text: string): Runbook
}

interface OpenDocument {
  parser: Parser | undefined
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
  let createParser: (() => Parser) | undefined

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
    const open = documents.get(key) ?? { parser: undefined, version: -1, runbook: undefined }
    documents.set(key, open)
    if (open.runbook !== undefined && open.version === document.version) return open.runbook
    const text = document.getText()
    open.version = document.version
    const isHuge = text.length > charactersHere || document.lineCount > linesHere
    open.runbook = isHuge
      ? setup.parseElsewhere(text)
      : createParser
        ? parsed(open, createParser, text)
        : later(open, text)
    return open.runbook
  }

  function parsed(open: OpenDocument, create: () => Parser, text: string): Runbook {
    open.parser ??= create()
    return open.parser.parse(text)
  }

  /** For the first document: what parses is loaded by it, not by every window that has a Markdown file. */
  async function later(open: OpenDocument, text: string): Promise<Runbook> {
    const { version } = open
    try {
      createParser ??= await setup.parserFactory()
      const runbook = parsed(open, createParser, text)
      if (open.version === version) open.runbook = runbook
      return runbook
    } catch (error) {
      // Asked for again, it is tried again.
      if (open.version === version) open.version = -1
      throw error
    }
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
