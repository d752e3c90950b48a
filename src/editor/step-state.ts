import type * as vscode from 'vscode'
import type { Outcome } from '../execution/event.ts'
import { sha256, textSha256 } from '../execution/step-text.ts'
import { isStepChanged } from '../record/drift.ts'
import type { Runbook, Step } from '../runbook/runbook.ts'
import type { ActiveRun, Failure, LastResult, RunActivity } from './run-activity.ts'

/** What is true now of one step, from the open run and from records. */
export interface StepState {
  /** The step runs, or waits for its operator. */
  readonly current?: NonNullable<ActiveRun['current']>
  /** The step runs beside the others, since (milliseconds since the epoch). */
  readonly besideSince?: number
  /** Of the open run's last execution that failed. */
  readonly failure?: Failure
  /** In the open run, else in the last finished execution. */
  readonly outcome?: Outcome
  readonly last?: LastResult
  /** The text is another than the one that ran last. */
  readonly changed: boolean
}

export function stepState(activity: RunActivity, uri: vscode.Uri, step: Step): StepState {
  const active = activity.active(uri)
  const last = activity.last(uri, step.id)
  // What was undone is as if it had never run.
  const outcome = active?.outcomes.get(step.id) ?? (last?.undone ? undefined : last?.outcome)
  const beside = active?.background.find(({ stepId }) => stepId === step.id)
  const failure = active?.failures.get(step.id)
  return {
    changed: last !== undefined && isStepChanged(step, last),
    ...(active?.current?.stepId === step.id ? { current: active.current } : {}),
    ...(beside ? { besideSince: beside.startedAt } : {}),
    ...(outcome ? { outcome } : {}),
    ...(failure ? { failure } : {}),
    ...(last ? { last } : {}),
  }
}

const runbookHashes = new WeakMap<Runbook, string>()

/** SHA-256 of what all steps of a runbook say, in their order. */
export function runbookSha256(runbook: Runbook): string {
  const known = runbookHashes.get(runbook)
  if (known) return known
  const hash = sha256(runbook.steps.map((step) => `${step.id}\n${textSha256(step)}`).join('\n'))
  runbookHashes.set(runbook, hash)
  return hash
}
