import * as vscode from 'vscode'
import type { ClosedRecord } from '../record/abandoned.ts'
import { eachInTurns, filterInTurns, findInTurns } from '../record/in-turns.ts'
import { lookedUpRows } from '../record/looked-up-rows.ts'
import type { RecordSearch } from '../record/search.ts'
import type { RecordSummary } from '../record/summary.ts'
import { tellAbandoned } from './abandoned-runs.ts'
import type { HistoryEntry, RunHistory } from './run-history.ts'

/** The records of one repo, as far as the history needs them. */
export interface RecordFolder {
  all(onProgress?: (done: number, all: number) => void): Promise<readonly RecordSummary[]>
  search(text: string, signal?: AbortSignal): Promise<RecordSearch>
  recheck(): void
  /** Returns what stops it. */
  watch(onChange: () => void): () => void
  closeAbandoned(by: string, now: number): Promise<readonly ClosedRecord[]>
}

export interface WorkspaceHistorySetup {
  /** Root of the repo that a folder is in, else the folder itself. */
  readonly rootOf: (folder: string) => Promise<string>
  readonly recordsOf: (root: string) => Promise<RecordFolder>
  /** Who closes records that a crash left open: the program's name and version. */
  readonly closedBy: string
  readonly log: vscode.LogOutputChannel
}

/** The records of every repo that the workspace has open; listens to the files, so that other windows' runs show too. */
export function createWorkspaceHistory(
  setup: WorkspaceHistorySetup,
): RunHistory & vscode.Disposable & { roots(): Promise<readonly string[]> } {
  const changed = new vscode.EventEmitter<void>()
  const watching = new Map<string, () => void>()
  const progress = new Set<(done: number, all: number) => void>()
  let listing: Promise<readonly HistoryEntry<RecordSummary>[]> | undefined
  let runs: Promise<readonly HistoryEntry[]> | undefined
  let roots: Promise<readonly string[]> | undefined

  function forget(): void {
    listing = undefined
    runs = undefined
    changed.fire()
  }

  async function findRoots(): Promise<readonly string[]> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file')
    const found = new Set(await Promise.all(folders.map(({ uri }) => setup.rootOf(uri.fsPath))))
    for (const [root, stop] of watching) {
      if (found.has(root)) continue
      stop()
      watching.delete(root)
    }
    for (const root of found) {
      if (watching.has(root)) continue
      const folder = await setup.recordsOf(root)
      watching.set(root, folder.watch(forget))
      // An untrusted folder is read only: nothing is written there, not even what a crash left to be written.
      if (vscode.workspace.isTrusted)
        tellAbandoned(root, await folder.closeAbandoned(setup.closedBy, Date.now()), setup.log)
    }
    return [...found]
  }

  function allRoots(): Promise<readonly string[]> {
    roots ??= findRoots()
    return roots
  }

  async function list(): Promise<readonly HistoryEntry<RecordSummary>[]> {
    const lists = await Promise.all((await allRoots()).map(entriesOf))
    const [only = []] = lists
    // Those of one repo are in order already.
    return lists.length <= 1 ? only : lists.flat().sort((a, b) => b.summary.startedAt - a.summary.startedAt)
  }

  async function entriesOf(root: string): Promise<readonly HistoryEntry<RecordSummary>[]> {
    const base = vscode.Uri.file(root)
    const runbooks = new Map<string, vscode.Uri>()
    const runbookOf = (path: string) => {
      const uri = runbooks.get(path) ?? vscode.Uri.joinPath(base, path)
      runbooks.set(path, uri)
      return uri
    }
    const summaries = await (await setup.recordsOf(root)).all(report)
    const lookUp = (name: string, index: number) => {
      const summary = summaries[index]
      if (name === 'summary' || summary === undefined) return summary
      if (name === 'record') return vscode.Uri.joinPath(base, summary.path)
      return 'runbook' in summary ? runbookOf(summary.runbook.path) : undefined
    }
    // Addresses are made when somebody asks: of a hundred thousand records a page shows two hundred.
    const entryAt = lookedUpRows<HistoryEntry<RecordSummary>>(['summary', 'record', 'runbook'], lookUp)
    const entries: HistoryEntry<RecordSummary>[] = []
    await eachInTurns(summaries.keys(), (index) => entries.push(entryAt(index)))
    return entries
  }

  function report(done: number, all: number): void {
    for (const listener of progress) listener(done, all)
  }

  function records(onProgress?: (done: number, all: number) => void): Promise<readonly HistoryEntry<RecordSummary>[]> {
    listing ??= list().catch((error) => {
      setup.log.error('The records could not be listed', error)
      return []
    })
    if (onProgress === undefined) return listing
    progress.add(onProgress)
    return listing.finally(() => progress.delete(onProgress))
  }

  async function search(text: string, signal: AbortSignal): Promise<(entry: HistoryEntry<RecordSummary>) => boolean> {
    const folders = await Promise.all((await allRoots()).map(setup.recordsOf))
    const found = await Promise.all(folders.map((folder) => folder.search(text, signal)))
    return ({ summary }) => found.some((one) => one.isFound(summary))
  }

  const folders = vscode.workspace.onDidChangeWorkspaceFolders(() => {
    roots = undefined
    forget()
  })

  return {
    onDidChange: changed.event,
    roots: allRoots,
    refresh: forget,
    recheck() {
      void Promise.all([...watching.keys()].map(setup.recordsOf)).then((folders) => {
        for (const folder of folders) folder.recheck()
        forget()
      })
    },
    records,
    search,
    list() {
      runs ??= records().then((entries) => filterInTurns(entries, isOfRun))
      return runs
    },
    async at(record) {
      // An address is dear to make: only for those that may be it.
      return findInTurns(
        await records(),
        (entry) => record.path.endsWith(entry.summary.path) && entry.record.path === record.path,
      )
    },
    dispose() {
      for (const stop of watching.values()) stop()
      folders.dispose()
      changed.dispose()
    },
  }
}

function isOfRun(entry: HistoryEntry<RecordSummary>): entry is HistoryEntry {
  return entry.summary.outcome !== 'act'
}
