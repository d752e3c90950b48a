import { createFlow } from '../execution/flow.ts'
import type { Runbook, Step } from '../runbook/runbook.ts'
import type { ReadableRun } from './summary.ts'

/**
 * The newest run that succeeded and carried out every step that the whole runbook has outside of its decisions' ways. A run
 * that goes on from another one counts with what that one did.
 */
export function lastWholeRun(
  runbook: Runbook,
  runs: readonly ReadableRun[],
): { readonly run: string; readonly time: number } | undefined {
  const succeeded = runs.filter(({ outcome }) => outcome === 'succeeded')
  if (succeeded.length === 0) return undefined
  const needed = stepsOutsideOfBranches(runbook)
  let known: ReadonlyMap<string, ReadableRun> | undefined
  const byId = (id: string) => {
    known ??= new Map(runs.map((run) => [run.id, run]))
    return known.get(id)
  }
  const isDone = (step: Step, run: ReadableRun | undefined, depth = 0): boolean => {
    if (run === undefined || depth > runs.length) return false
    const outcome = run.results[step.id]?.outcome
    if (outcome !== undefined) return outcome === 'succeeded' || outcome === 'skipped'
    return run.resumes !== undefined && isDone(step, byId(run.resumes.run), depth + 1)
  }
  const time = (run: ReadableRun) => run.endedAt ?? run.startedAt
  const whole = succeeded.toSorted((a, b) => time(b) - time(a)).find((run) => needed.every((step) => isDone(step, run)))
  return whole && { run: whole.id, time: time(whole) }
}

function stepsOutsideOfBranches(runbook: Runbook): readonly Step[] {
  const flow = createFlow(runbook, { kind: 'runbook' })
  const steps: Step[] = []
  for (let step = flow.current(); step !== undefined; step = flow.current()) {
    steps.push(step)
    flow.advance()
  }
  return steps
}
