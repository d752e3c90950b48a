import type { RunEvent } from '../execution/event.ts'
import { compareSteps, differingParameters, valuesOf } from '../record/compare.ts'
import { comparedStepLines, followedStepLines } from './follow-text.ts'
import type { CommandLine } from './ports.ts'
import type { RunDisplay } from './run-display.ts'
import type { RunToFollow } from './run-follow.ts'

/** Shows a run beside the one that it follows. */
export interface FollowDisplay extends RunDisplay {
  /** To be awaited when an event is on record, before it is shown. */
  beside(event: RunEvent, record: string | undefined): Promise<void>
}

/** Before each step what the predecessor did there, behind it what came out alike and what did not. */
export function followDisplay(
  { followed, transcript }: RunToFollow,
  inner: RunDisplay,
  line: CommandLine,
): FollowDisplay {
  const say = (lines: readonly string[]) => {
    for (const text of lines) line.out.write(`${text}\n`)
  }
  const counterpart = (stepId: string) => followed.steps.find(({ step }) => step?.id === stepId)
  /** Executions that serve others are not compared. */
  const serving = new Set<number>()
  let compared: readonly string[] = []

  return {
    async beside(event, record) {
      if (event.type !== 'step-ended' || record === undefined || serving.has(event.execution)) return
      const before = counterpart(event.stepId)?.before
      // What was just written is read again, so that both sides are what a record says.
      const own = await line.records.read('', record)
      const after = own.steps.find(({ execution }) => execution === event.execution)
      const values = valuesOf(differingParameters(transcript, own))
      if (before && after) compared = comparedStepLines(compareSteps(before, after, values), line)
    },
    show(event) {
      if (event.type === 'step-started') {
        if (event.step.serves) serving.add(event.execution)
        const found = event.step.serves ? undefined : counterpart(event.step.id)
        if (found) say(followedStepLines(found, followed, line))
      }
      inner.show(event)
      if (event.type === 'step-ended') {
        say(compared)
        compared = []
      }
    },
    close: inner.close,
  }
}
