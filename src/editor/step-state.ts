import type * as vscode from 'vscode'
import type { Outcome } from '../execution/event.ts'
import { sha256, textOf } from '../execution/step-text.ts'
import type { Runbook, Step } from '../runbook/runbook.ts'
import type { ActiveRun, LastResult, RunActivity } from './run-activity.ts'

/** What is true now of one step, from the open run and from records. */
export interface StepState {
  /** The step runs, or waits for its operator. */
  readonly current?: NonNullable<ActiveRun['current']>
  /** In the open run, else in the last finished execution. */
  readonly outcome?: Outcome
  readonly last?: LastResult
  /** The text is another than the one that ran last. */
  readonly changed: boolean
}

export function stepState(activity: RunActivity, uri: vscode.Uri, step: Step): StepState {
  const active = activity.active(uri)
  const last = activity.last(uri, step.id)
  const outcome = active?.outcomes.get(step.id) ?? last?.outcome
  return {
    changed: last?.textSha256 !== undefined && last.textSha256 !== textSha256(step),
    ...(active?.current?.stepId === step.id ? { current: active.current } : {}),
    ...(outcome ? { outcome } : {}),
    ...(last ? { last } : {}),
  }
}

/** Whether any step that ran before has another text now. */
export function hasChangedSteps(activity: RunActivity, uri: vscode.Uri, runbook: Runbook): boolean {
  return runbook.steps.some((step) => stepState(activity, uri, step).changed)
}

const hashes = new WeakMap<Step, string>()

/** SHA-256 of what the step says, as records keep it. */
export function textSha256(step: Step): string {
  const known = hashes.get(step)
  if (known) return known
  const hash = sha256(textOf(step))
  hashes.set(step, hash)
  return hash
}
