import type { Outcome, StepDescription } from '../execution/event.ts'
import type { TranscriptStep } from './transcript.ts'

/** What the steps of a run came to, as a person counts them: without the steps that took others back. */
export interface Tally {
  /** Those that ended, each once. */
  readonly all: number
  /** Those whose work stands. */
  readonly succeeded: number
  /** Those that succeeded and were taken back later in the run. */
  readonly undone: number
}

/** One execution of a step that ended. */
export interface EndedStep {
  readonly id: string
  readonly outcome: Outcome
  readonly serves?: StepDescription['serves']
}

/** @param ended in the order in which they ended */
export function tallySteps(ended: Iterable<EndedStep>): Tally {
  const last = new Map<string, Outcome>()
  const undone = new Set<string>()
  for (const { id, outcome, serves } of ended) {
    if (serves?.as === 'undo') {
      if (outcome === 'succeeded' && last.has(serves.stepId)) undone.add(serves.stepId)
      continue
    }
    last.set(id, outcome)
    undone.delete(id)
  }
  const succeeded = [...last].filter(([id, outcome]) => outcome === 'succeeded' && !undone.has(id))
  return { all: last.size, succeeded: succeeded.length, undone: undone.size }
}

export function endedSteps(steps: readonly TranscriptStep[]): readonly EndedStep[] {
  return steps.flatMap(({ id, serves, result }) =>
    result ? [{ id, outcome: result.outcome, ...(serves && { serves }) }] : [],
  )
}

/** Executions of which the work was taken back later in the run. */
export function undoneExecutions(steps: readonly TranscriptStep[]): ReadonlySet<number> {
  const undone = new Set<number>()
  for (const [index, { serves, result }] of steps.entries()) {
    if (serves?.as !== 'undo' || result?.outcome !== 'succeeded') continue
    const target = steps.slice(0, index).findLast(({ id }) => id === serves.stepId)
    if (target) undone.add(target.execution)
  }
  return undone
}
