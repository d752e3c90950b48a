import type { CommandStep, Step } from '../runbook/runbook.ts'
import { mentionedNames } from '../secrets/needed.ts'

/** A secret value that a step needs, and that no step before it will have captured. */
export interface LostCapture {
  readonly name: string
  /** The first one that needs it. */
  readonly neededBy: CommandStep
  /** The step of the runbook that captures it. */
  readonly capturedBy: CommandStep
}

/**
 * Sensitive captures that steps mention and do not get: the run that captured them is another one, or the step that does was
 * passed over. Records do not hold their values.
 * @param all the steps of the runbook
 * @param toRun those that may be carried out, in their order
 * @param has whether the run has a value of this name
 */
export function lostCaptures(
  all: readonly Step[],
  toRun: readonly Step[],
  has: (name: string) => boolean,
): readonly LostCapture[] {
  const capturing = new Map<string, CommandStep>()
  for (const step of all.filter(isCommand)) {
    const { capture, sensitive } = step.attributes
    if (capture !== undefined && sensitive && !capturing.has(capture)) capturing.set(capture, step)
  }
  if (capturing.size === 0) return []
  const there = new Set<string>()
  const lost = new Map<string, LostCapture>()
  for (const step of toRun.filter(isCommand)) {
    if (step.attributes.skip) continue
    const mentioned = new Set(mentionedNames(step))
    for (const [name, capturedBy] of capturing) {
      if (there.has(name) || lost.has(name) || has(name) || step.attributes.capture === name) continue
      if (mentioned.has(name)) lost.set(name, { name, neededBy: step, capturedBy })
    }
    if (step.attributes.capture !== undefined) there.add(step.attributes.capture)
  }
  return [...lost.values()]
}

function isCommand(step: Step): step is CommandStep {
  return step.kind === 'command'
}
