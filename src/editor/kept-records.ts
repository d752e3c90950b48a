import type * as vscode from 'vscode'
import type { RecordCommits } from '../record/commit.ts'
import type { RecordPruner } from '../record/pruning.ts'
import type { TeamSettingsReading } from '../runbook/team-settings.ts'
import type { CredentialScanner } from '../secrets/credentials/scanner.ts'

/** A run that was closed. */
export interface KeptRun {
  readonly view: { readonly title: string }
  /** Absolute. */
  readonly recordPath?: string
}

export interface RecordKeepingSetup {
  /** Of the repos that the workspace has open; absolute. */
  readonly roots: () => Promise<readonly string[]>
  /** The repo that holds a file; absolute. */
  readonly rootOf: (file: string) => Promise<string>
  readonly commitsOf: (root: string) => Promise<RecordCommits>
  readonly prunerOf: (root: string) => Promise<RecordPruner>
  readonly settingsOf: (root: string) => Promise<TeamSettingsReading>
  readonly credentials: () => Promise<CredentialScanner>
  readonly log: vscode.LogOutputChannel
}
