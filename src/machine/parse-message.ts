import type { Problem } from '../runbook/problem.ts'
import type { Procedure, Runbook, Step } from '../runbook/runbook.ts'

/** To the worker: a text to parse, or the wish for the next part of the answer. */
export type ParseRequest = { readonly kind: 'parse'; readonly text: string } | { readonly kind: 'next' }

/**
 * From the worker: a stretch of a runbook's long lists. To take a huge runbook out of one message would hold up the
 * receiving thread, so the receiver asks for one part after the other.
 */
export interface ParsedPart {
  /** Everything else of the runbook, with these lists empty; in the first part only. */
  readonly head?: Runbook
  readonly procedures: readonly Procedure[]
  readonly steps: readonly Step[]
  readonly problems: readonly Problem[]
  readonly isLast: boolean
}

const partLength = 1000

/** A runbook in parts; there is at least one. */
export function* partsOf(runbook: Runbook): Generator<ParsedPart, undefined> {
  const { procedures, steps, problems } = runbook
  const length = Math.max(procedures.length, steps.length, problems.length, 1)
  for (let from = 0; from < length; from += partLength) {
    const to = from + partLength
    yield {
      ...(from === 0 && { head: { ...runbook, procedures: [], steps: [], problems: [] } }),
      procedures: procedures.slice(from, to),
      steps: steps.slice(from, to),
      problems: problems.slice(from, to),
      isLast: to >= length,
    }
  }
}

/** The runbook that the parts are of; undefined when the first one is missing. */
export function joinParts(parts: readonly ParsedPart[]): Runbook | undefined {
  const head = parts[0]?.head
  if (head === undefined) return undefined
  return {
    ...head,
    procedures: parts.flatMap(({ procedures }) => procedures),
    steps: parts.flatMap(({ steps }) => steps),
    problems: parts.flatMap(({ problems }) => problems),
  }
}
