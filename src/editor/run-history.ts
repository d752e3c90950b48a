import type * as vscode from 'vscode'
import type { RecordSummary, RunSummary } from '../record/summary.ts'

/** The records of the workspace's repos. */
export interface RunHistory {
  readonly onDidChange: vscode.Event<void>
  /** Every run, the newest first. Cheap when nothing changed since the last call. */
  list(): Promise<readonly HistoryEntry[]>
  /** Every record, also those of acts that are no runs; as cheap. `onProgress` hears how many are read of those that have to be. */
  records(onProgress?: (done: number, all: number) => void): Promise<readonly HistoryEntry<RecordSummary>[]>
  /** The record in a file, where it is one of them. */
  at(record: vscode.Uri): Promise<HistoryEntry<RecordSummary> | undefined>
  /** Which records hold words, in commands, notes and names. Ends early, with what was found until then, when told so. */
  search(text: string, signal: AbortSignal): Promise<(entry: HistoryEntry<RecordSummary>) => boolean>
  /** Reads anew: for who knows of a change that the file system may not tell, as on a network share. */
  refresh(): void
  /** The same, and has every single file looked at. */
  recheck(): void
}

export interface HistoryEntry<Summary extends RecordSummary = RunSummary> {
  readonly record: vscode.Uri
  /** Where the runbook is, or was: its path in the repo that holds the record. */
  readonly runbook?: vscode.Uri | undefined
  readonly summary: Summary
}
