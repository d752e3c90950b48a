import type * as vscode from 'vscode'
import type { Outcome, Question } from '../execution/event.ts'
import type { ExecutionProblem } from '../execution/problem.ts'
import type { RunbookDrift } from '../record/drift.ts'
import type { Runbook } from '../runbook/runbook.ts'

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
  /** From records: how a runbook as it is now differs from what ran. */
  drift(uri: vscode.Uri, runbook: Runbook): LiveDrift
  /** From records: what of a runbook can be gone on with. */
  left(runbook: vscode.Uri): Left
}

/** What can be told without reading the runbook's file again. `record` is a path on this computer. */
export type LiveDrift = Pick<RunbookDrift, 'changed' | 'gone' | 'overdue'>

export interface Left {
  /** Its last run stopped before its end. */
  readonly run: boolean
  /** A batch of it has rows left to run. */
  readonly batch: boolean
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
  readonly current?: ActiveStep & { readonly question?: Question }
  /** Steps that run beside the others until the run ends, or the operator ends them. */
  readonly background: readonly BackgroundStep[]
  /** Outcomes in this run, by step. */
  readonly outcomes: ReadonlyMap<string, Outcome>
  /** Why steps of this run failed, where more than an exit code is known. */
  readonly failures: ReadonlyMap<string, Failure>
}

export interface ActiveStep {
  readonly stepId: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** What is typed in the run's terminal goes to it. */
  readonly interactive?: boolean
}

export interface BackgroundStep extends ActiveStep {
  readonly title: string
}

export interface Failure {
  readonly problem?: ExecutionProblem
  /** Expected output against what was printed, as a unified diff. */
  readonly difference?: string
}

export interface LastResult {
  readonly outcome: Outcome
  /** When it ended, milliseconds since the epoch. */
  readonly time: number
  readonly durationMs: number
  readonly exitCode?: number
  /** Why it failed, where the exit code does not say it: the code of an `ExecutionProblem`. */
  readonly problemCode?: string
  /** Of the text that ran: see `isStepChanged`. */
  readonly textSha256?: string
  readonly maskedText?: string
  readonly operator: string
  readonly recordPath: string
  /** What the step did was taken back later in that run. */
  readonly undone?: true
}

export interface LastRun {
  readonly outcome: Outcome
  readonly time: number
  readonly durationMs: number
  readonly operator: string
  readonly recordPath: string
}
