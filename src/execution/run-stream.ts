import type { RunEvent } from './event.ts'
import type { ExecutionProblem } from './problem.ts'
import type { RunPorts } from './run-api.ts'

/** The one stream of a run's events: kept first, shown then. */
export interface RunStream {
  /** @param utf8 as for `RunPorts.record` */
  emit(event: RunEvent, utf8?: readonly Uint8Array[]): Promise<void>
  /** Why the run can no longer be kept; nothing more is recorded from then on, and nothing more may run. */
  broken(): ExecutionProblem | undefined
}

/** @param onBroken called once, when an event could not be recorded */
export function createRunStream(ports: Pick<RunPorts, 'record' | 'show'>, onBroken: () => void): RunStream {
  let broken: ExecutionProblem | undefined
  return {
    async emit(event, utf8) {
      if (broken === undefined) {
        const failure = await ports.record(event, utf8)
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
