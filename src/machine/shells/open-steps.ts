import { setTimeout as sleep } from 'node:timers/promises'
import type { StepExit, StepRequest } from '../../execution/shells.ts'

/** The steps of one run that are under way, one after the other or beside each other. */
export interface OpenSteps {
  /** Carries a step out; it is cancelled when the run is closed. */
  run(request: StepRequest, carryOut: (request: StepRequest) => Promise<StepExit>): Promise<StepExit>
  /** Cancels them, and whatever comes after. */
  cancel(): void
  /** Resolves when they have all settled, or when one cannot, since its output is not taken. */
  settled(): Promise<void>
}

const longestWaitMs = 5000

export const openSteps = (): OpenSteps => {
  const closing = new AbortController()
  const steps = new Set<Promise<StepExit>>()
  return {
    run: async (request, carryOut) => {
      const stop = new AbortController()
      const cancel = () => stop.abort()
      const signals = [request.signal, closing.signal]
      for (const signal of signals) {
        if (signal.aborted) cancel()
        signal.addEventListener('abort', cancel)
      }
      const step = carryOut({ ...request, signal: stop.signal })
      steps.add(step)
      try {
        return await step
      } finally {
        steps.delete(step)
        for (const signal of signals) signal.removeEventListener('abort', cancel)
      }
    },
    cancel: () => closing.abort(),
    settled: async () => {
      await Promise.race([Promise.allSettled(steps), sleep(longestWaitMs, undefined, { ref: false })])
    },
  }
}
