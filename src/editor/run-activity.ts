import type * as vscode from 'vscode'
import type { Outcome, Question } from '../execution/event.ts'

/** What the surfaces of the editor need to know of runs: the one that goes on, and what records say of earlier ones. */
export interface RunActivity {
  /** Fires with the runbooks that it concerns; nothing means all. */
  readonly onDidChange: vscode.Event<vscode.Uri | undefined>
  /** The run of this runbook that is open in this window. */
  active(runbook: vscode.Uri): ActiveRun | undefined
  /** From records: the last finished execution of a step. */
  last(runbook: vscode.Uri, stepId: string): LastResult | undefined
  /** From records: the last run of a runbook. */
  lastRun(runbook: vscode.Uri): LastRun | undefined
}

export interface ActiveRun {
  readonly id: string
  readonly title: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** Steps of what was asked for last: ended ones and all. */
  readonly done: number
  readonly total: number
  /** The step that runs or waits for its operator. */
  readonly current?: { readonly stepId: string; readonly startedAt: number; readonly question?: Question }
  /** Outcomes in this run, by step. */
  readonly outcomes: ReadonlyMap<string, Outcome>
}

export interface LastResult {
  readonly outcome: Outcome
  /** When it ended, milliseconds since the epoch. */
  readonly time: number
  readonly durationMs: number
  readonly exitCode?: number
  /** SHA-256 of the masked text that ran: another hash than the step's means that it changed since. */
  readonly textSha256?: string
  readonly operator: string
  readonly recordPath: string
}

export interface LastRun {
  readonly outcome: Outcome
  readonly time: number
  readonly durationMs: number
  readonly operator: string
  readonly recordPath: string
}
