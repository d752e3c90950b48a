import type { RunEvent } from '../execution/event.ts'
import { createRecentOutput, type RecentOutput } from './recent-output.ts'

/** What happened in a run until now, for a surface that opens in the middle of it. */
export interface EventsSoFar {
  take(event: RunEvent): void
  /** In order; of what a step printed, the last time it ran, the end alone where it is long. */
  all(): readonly RunEvent[]
}

export function createEventsSoFar(): EventsSoFar {
  const events: RunEvent[] = []
  const outputs = new Map<number, RecentOutput>()
  const latest = new Map<string, readonly number[]>()

  function begin({ execution, step }: Extract<RunEvent, { type: 'step-started' }>): void {
    const before = latest.get(step.id) ?? []
    const isRetry = (step.attempt ?? 1) > 1
    // A step that runs again has the output of that time alone.
    if (!isRetry) for (const earlier of before) outputs.delete(earlier)
    latest.set(step.id, isRetry ? [...before, execution] : [execution])
    outputs.set(execution, createRecentOutput())
  }

  function printed(event: RunEvent): readonly RunEvent[] {
    if (event.type !== 'step-started') return []
    const { execution, time } = event
    const text = outputs.get(execution)?.text() ?? ''
    return text === '' ? [] : [{ type: 'output', time, execution, text }]
  }

  return {
    take(event) {
      if (event.type === 'output' || event.type === 'echo') return outputs.get(event.execution)?.add(event.text)
      if (event.type === 'step-started') begin(event)
      events.push(event)
    },
    all: () => events.flatMap((event) => [event, ...printed(event)]),
  }
}
