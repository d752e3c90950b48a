import type * as vscode from 'vscode'
import type { RecordSummary, RunSummary } from '../record/summary.ts'

/** The records of the workspace's repos. */
export interface RunHistory {
  readonly onDidChange: vscode.Event<void>
  /** Every run, the newest first. Cheap when nothing changed since the last call. */
  list(): Promise<readonly HistoryEntry[]>
  /** Every record, also those of acts that are no runs; as cheap. */
  records(): Promise<readonly HistoryEntry<RecordSummary>[]>
  /** Reads anew: for who knows of a change that the file system may not tell, as on a network share. */
  refresh(): void
}

export interface HistoryEntry<Summary extends RecordSummary = RunSummary> {
  readonly record: vscode.Uri
  /** Where the runbook is, or was: its path in the repo that holds the record. */
  readonly runbook?: vscode.Uri
  readonly summary: Summary
}
