import type { RunEvent } from './event.ts'
import type { ExecutionProblem } from './problem.ts'
import type { RunPorts } from './run-api.ts'

/** The one stream of a run's events: kept first, shown then. */
export interface RunStream {
  emit(event: RunEvent): Promise<void>
  /** Why the run can no longer be kept; nothing more is recorded from then on, and nothing more may run. */
  broken(): ExecutionProblem | undefined
}

/** @param onBroken called once, when an event could not be recorded */
export function createRunStream(ports: Pick<RunPorts, 'record' | 'show'>, onBroken: () => void): RunStream {
  let broken: ExecutionProblem | undefined
  return {
    async emit(event) {
      if (broken === undefined) {
        const failure = await ports.record(event)
        // Several events may be on their way at once.
        if (failure !== undefined && broken === undefined) {
          broken = failure.problem
          onBroken()
        }
      }
      ports.show(event)
    },
    broken: () => broken,
  }
}
