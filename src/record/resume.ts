import { createFlow } from '../execution/flow.ts'
import type { Runbook } from '../runbook/runbook.ts'
import { MASK } from '../secrets/mask.ts'
import type { RecordSummary } from './summary.ts'
import type { Transcript, TranscriptStep } from './transcript.ts'

/** Whether a run came to an end before its last step did: there may be something to go on with. */
export function isStopped(outcome: RecordSummary['outcome']): boolean {
  return outcome === 'failed' || outcome === 'timed-out' || outcome === 'cancelled' || outcome === 'abandoned'
}

/** Whether a run can be gone on with, and where. */
export type Continuation =
  | {
      readonly kind: 'possible'
      readonly run: string
      /** The first step that did not succeed, else the one behind the last that did. */
      readonly step: { readonly id: string; readonly title: string }
      /** As they were, as far as the runbook still has them and the record says them. */
      readonly parameters: Readonly<Record<string, string>>
      /** Parameters whose values the record does not hold, because they are masked there. */
      readonly askAgain: readonly string[]
      /** The runbook's text is another one now. */
      readonly changed: boolean
    }
  | {
      readonly kind: 'impossible'
      readonly reason:
        | 'not-a-record'
        /** Its process is at work. */
        | 'running'
        /** It is the record of another runbook: `path`. */
        | 'other-runbook'
        /** It succeeded, or was cut off behind its last step. */
        | 'complete'
        /** The step at which it would go on is not in the runbook any more: `title`. */
        | 'step-gone'
      readonly path?: string
      readonly title?: string
    }

/**
 * Where a run that failed, was cancelled or cut off can be gone on with: from that step to the end, as a new run.
 * @param runbook what its file says now
 * @param source where that file is, relative to the root of its repo with `/`, and the SHA-256 of its text
 * @param isRunning whether the process that writes the record is at work
 */
export function continuationOf(
  { run, steps, end }: Transcript,
  runbook: Runbook,
  source: { readonly path: string; readonly sha256: string },
  isRunning: boolean,
): Continuation {
  if (run === undefined) return { kind: 'impossible', reason: 'not-a-record' }
  if (isRunning) return { kind: 'impossible', reason: 'running' }
  if (run.runbook.path !== source.path) return { kind: 'impossible', reason: 'other-runbook', path: run.runbook.path }
  const succeeded = end.kind === 'ended' && (end.outcome === 'succeeded' || end.outcome === 'skipped')
  const open = succeeded ? undefined : (stoppedAt(steps) ?? behind(steps, runbook))
  if (open === undefined) return { kind: 'impossible', reason: 'complete' }
  const step = runbook.steps.find(({ id }) => id === open.id)
  if (step === undefined) return { kind: 'impossible', reason: 'step-gone', title: open.title }

  const declared = new Set(runbook.frontmatter.parameters.map(({ name }) => name))
  const recorded = Object.entries(run.parameters).filter(([name]) => declared.has(name))
  return {
    kind: 'possible',
    run: run.id,
    step: { id: step.id, title: step.title },
    parameters: Object.fromEntries(recorded.filter(([, value]) => !value.includes(MASK))),
    askAgain: recorded.filter(([, value]) => value.includes(MASK)).map(([name]) => name),
    changed: run.runbook.sha256 !== source.sha256,
  }
}

type StepName = Pick<TranscriptStep, 'id' | 'title'>

/** The first step whose last execution did not succeed, or that was undone. */
function stoppedAt(steps: readonly TranscriptStep[]): StepName | undefined {
  const isDone = new Map<string, boolean>()
  const names = new Map<string, StepName>()
  for (const { id, title, serves, result } of steps) {
    const succeeded = result?.outcome === 'succeeded' || result?.outcome === 'skipped'
    if (serves === undefined) {
      isDone.set(id, succeeded)
      names.set(id, { id, title })
    } else if (serves.as === 'undo') isDone.set(serves.stepId, false)
    // A check that broke off leaves the step that it serves undone; that one did not begin.
    else if (!succeeded && !isDone.has(serves.stepId)) isDone.set(serves.stepId, false)
  }
  const id = [...isDone].find(([, done]) => !done)?.[0]
  return id === undefined ? undefined : (names.get(id) ?? { id, title: id })
}

/** Where the flow goes on behind the last step that the run came to; its first step where it came to none. */
function behind(steps: readonly TranscriptStep[], runbook: Runbook): StepName | undefined {
  const last = steps.findLast(({ serves }) => serves === undefined)
  const flow = createFlow(runbook, last === undefined ? { kind: 'runbook' } : { kind: 'from', stepId: last.id })
  if (last !== undefined) {
    // A step that is gone meanwhile says nothing about what follows it.
    if (flow.current() === undefined) return last
    flow.advance(last.result?.choice)
  }
  return flow.current()
}
