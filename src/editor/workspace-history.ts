import * as vscode from 'vscode'
import type { ClosedRecord } from '../record/abandoned.ts'
import type { RecordSummary } from '../record/summary.ts'
import { tellAbandoned } from './abandoned-runs.ts'
import type { HistoryEntry, RunHistory } from './run-history.ts'

/** The records of one repo, as far as the history needs them. */
export interface RecordFolder {
  all(): Promise<readonly RecordSummary[]>
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
  let listing: Promise<readonly HistoryEntry<RecordSummary>[]> | undefined
  let roots: Promise<readonly string[]> | undefined

  function forget(): void {
    listing = undefined
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
    return lists.flat().sort((a, b) => b.summary.startedAt - a.summary.startedAt)
  }

  async function entriesOf(root: string): Promise<readonly HistoryEntry<RecordSummary>[]> {
    const base = vscode.Uri.file(root)
    const summaries = await (await setup.recordsOf(root)).all()
    return summaries.map((summary) => {
      const record = vscode.Uri.joinPath(base, summary.path)
      if (summary.outcome === 'unreadable' || summary.outcome === 'act') return { record, summary }
      return { record, summary, runbook: vscode.Uri.joinPath(base, summary.runbook.path) }
    })
  }

  function records(): Promise<readonly HistoryEntry<RecordSummary>[]> {
    listing ??= list().catch((error) => {
      setup.log.error('The records could not be listed', error)
      return []
    })
    return listing
  }

  const folders = vscode.workspace.onDidChangeWorkspaceFolders(() => {
    roots = undefined
    forget()
  })

  return {
    onDidChange: changed.event,
    roots: allRoots,
    refresh: forget,
    records,
    list: async () => (await records()).filter(isOfRun),
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
