import type { Answer, Ending, Outcome, OutcomeCounts } from './event.ts'
import type { StepExit } from './shells.ts'

const byWeight = ['failed', 'timed-out', 'cancelled', 'succeeded', 'skipped'] as const satisfies readonly Outcome[]

/** What several steps amount to: one failure makes a failure; nothing but skipped steps is `skipped`, and so is nothing at all. */
export function worstOutcome(outcomes: readonly Outcome[]): Outcome {
  return byWeight.find((outcome) => outcomes.includes(outcome)) ?? 'skipped'
}

export function countOutcomes(outcomes: readonly Outcome[]): OutcomeCounts {
  const count = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length
  return {
    succeeded: count('succeeded'),
    failed: count('failed'),
    skipped: count('skipped'),
    cancelled: count('cancelled'),
    'timed-out': count('timed-out'),
  }
}

export function endingOfExit(exit: StepExit): Ending {
  const { undecodable } = exit
  return { ...endingOf(exit), ...(undecodable === undefined ? {} : { undecodable }) }
}

function endingOf(exit: StepExit): Ending {
  switch (exit.kind) {
    case 'refused':
      return { outcome: 'failed', problem: exit.problem }
    case 'cancelled':
    case 'timed-out':
      return { outcome: exit.kind, ...(exit.problem ? { problem: exit.problem } : {}) }
    case 'exited': {
      const { exitCode, signal, problem } = exit
      const failed = exitCode !== 0 || problem !== undefined
      return {
        outcome: failed ? 'failed' : 'succeeded',
        exitCode,
        ...(signal === undefined ? {} : { signal }),
        ...(problem === undefined ? {} : { problem }),
      }
    }
  }
}

/** A check that ran to its end has done its work, whatever it found: its exit code is the answer, and no failure of the run. */
export function endingOfCheck(ending: Ending): Ending {
  if (ending.exitCode === undefined || ending.signal !== undefined || ending.problem !== undefined) return ending
  return { ...ending, outcome: 'succeeded', isDone: ending.exitCode === 0 }
}

export function endingOfAnswer(answer: Answer): Ending {
  switch (answer.kind) {
    case 'done':
      return { outcome: 'succeeded', ...detailsOf(answer) }
    case 'skip':
      return { outcome: 'skipped', ...detailsOf(answer) }
    case 'fail':
      return { outcome: 'failed', ...detailsOf(answer) }
    case 'choice':
      return { outcome: 'succeeded', choice: answer.target }
    case 'text':
      return { outcome: 'succeeded' }
    case 'cancel':
      return { outcome: 'cancelled', ...detailsOf(answer) }
  }
}

function detailsOf({ note, attachments }: Pick<Ending, 'note' | 'attachments'>): Pick<Ending, 'note' | 'attachments'> {
  return { ...(note ? { note } : {}), ...(attachments?.length ? { attachments } : {}) }
}
