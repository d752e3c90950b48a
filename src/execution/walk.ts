import type { Runbook } from '../runbook/runbook.ts'
import { createFlow } from './flow.ts'

/**
 * The steps that come one after another from the start to the end of a runbook.
 * @param choices where decisions led so far, by the id of their step; what is not chosen yet is passed by
 */
export function wayThrough(runbook: Runbook, choices: ReadonlyMap<string, string>): readonly string[] {
  const flow = createFlow(runbook, { kind: 'runbook' })
  const way = new Set<string>()
  for (let step = flow.current(); step !== undefined; step = flow.current()) {
    // A choice that led back leads round and round here.
    const isBack = way.has(step.id)
    way.add(step.id)
    flow.advance(isBack ? undefined : choices.get(step.id))
  }
  return [...way]
}

/**
 * The step to carry out after one that has ended; undefined at the end of the runbook.
 * @param ending where a decision led, or whether the step failed
 */
export function stepAfter(
  runbook: Runbook,
  stepId: string,
  ending: { readonly choice?: string; readonly isFailure?: boolean } = {},
): string | undefined {
  const flow = createFlow(runbook, { kind: 'from', stepId })
  const step = flow.current()
  const heading = step?.kind === 'command' && ending.isFailure ? step.attributes.onFailure : undefined
  const hasJumped = heading?.startsWith('#') && flow.jump(heading.slice(1))
  if (!hasJumped) flow.advance(ending.choice)
  return flow.current()?.id
}
