import type { StepDescription } from '../execution/event.ts'
import { similarity } from '../execution/similarity.ts'

/** What tells a step of a run, or of a runbook, from the others. */
export type PlacedStep = Pick<StepDescription, 'id' | 'kind' | 'title' | 'procedure' | 'text' | 'serves'>

/** A step of both sides, or of one of them: then the other is missing. */
export interface StepPair<Before, After> {
  readonly before?: Before
  readonly after?: After
}

/** How alike two texts are at least that are taken for one step because of their place alone. */
const likeFrom = 0.75

/** Texts longer than this are compared by their beginning. */
const comparedText = 4000

/**
 * Pairs the steps of two runs of one runbook, in the order of the second; one that only the first has stands where it stood.
 * Of a step that ran several times the last execution counts. Ids are made from headings and places and so move when a step is
 * put in: a step with the same text is the same step first, then one with the same id, the same title, and at last the one
 * in the same place with a text much like it.
 */
export function pairSteps<Before extends PlacedStep, After extends PlacedStep>(
  before: readonly Before[],
  after: readonly After[],
): readonly StepPair<Before, After>[] {
  const left = lastExecutions(before)
  const right = lastExecutions(after)
  const partners = new Map<After, Before>()
  const taken = new Set<Before>()
  const pair = (from: Before, to: After) => {
    partners.set(to, from)
    taken.add(from)
  }
  const keys: readonly ((step: PlacedStep) => string)[] = [
    (step) => `${roleOf(step)} ${step.id}\n${step.text}`,
    (step) => `${roleOf(step)} ${step.text}`,
    (step) => `${roleOf(step)} ${step.id}`,
    (step) => `${roleOf(step)} ${step.procedure ?? ''}\n${step.title}`,
  ]
  for (const keyOf of keys) {
    const free = groupBy(
      left.filter((step) => !taken.has(step)),
      keyOf,
    )
    for (const step of right.filter((each) => !partners.has(each))) {
      const match = free.get(keyOf(step))?.shift()
      if (match) pair(match, step)
    }
  }
  for (const [from, to] of inSamePlace(left, right, partners, taken)) pair(from, to)
  return inOrder(left, right, partners, taken)
}

/** In the order in which the steps first began. */
function lastExecutions<Step extends PlacedStep>(steps: readonly Step[]): readonly Step[] {
  return [...new Map(steps.map((step) => [`${roleOf(step)} ${step.id}`, step])).values()]
}

/** A step that ran as the check of another is not the same as when it ran for itself. */
function roleOf({ kind, serves }: PlacedStep): string {
  return serves ? `${kind} ${serves.as} ${serves.stepId}` : kind
}

function groupBy<Step extends PlacedStep>(steps: readonly Step[], keyOf: (step: PlacedStep) => string) {
  const groups = new Map<string, Step[]>()
  for (const step of steps) {
    const key = keyOf(step)
    const group = groups.get(key)
    if (group) group.push(step)
    else groups.set(key, [step])
  }
  return groups
}

/** Steps that are left over behind the same pair, with texts much alike. */
function* inSamePlace<Before extends PlacedStep, After extends PlacedStep>(
  left: readonly Before[],
  right: readonly After[],
  partners: ReadonlyMap<After, Before>,
  taken: ReadonlySet<Before>,
): Iterable<readonly [Before, After]> {
  const gaps = alone(left, taken)
  let behind: Before | undefined
  for (const step of right) {
    const partner = partners.get(step)
    if (partner) behind = partner
    else {
      const gap = gaps.get(behind)
      const candidate = gap?.[0]
      if (candidate === undefined || roleOf(candidate) !== roleOf(step) || !isLike(candidate.text, step.text)) continue
      gap?.shift()
      yield [candidate, step]
    }
  }
}

/** Steps without a partner, by the one with a partner that they stand behind. */
function alone<Step>(steps: readonly Step[], taken: ReadonlySet<Step>) {
  const gaps = new Map<Step | undefined, Step[]>()
  let last: Step | undefined
  for (const step of steps) {
    const gap = gaps.get(last)
    if (taken.has(step)) last = step
    else if (gap) gap.push(step)
    else gaps.set(last, [step])
  }
  return gaps
}

function isLike(before: string, after: string): boolean {
  return similarity(before.slice(0, comparedText), after.slice(0, comparedText)) >= likeFrom
}

function inOrder<Before extends PlacedStep, After extends PlacedStep>(
  left: readonly Before[],
  right: readonly After[],
  partners: ReadonlyMap<After, Before>,
  taken: ReadonlySet<Before>,
): readonly StepPair<Before, After>[] {
  const gaps = alone(left, taken)
  const behind = (step: Before | undefined): readonly StepPair<Before, After>[] =>
    (gaps.get(step) ?? []).map((before) => ({ before }))
  return [
    ...behind(undefined),
    ...right.flatMap((after) => {
      const before = partners.get(after)
      return before ? [{ before, after }, ...behind(before)] : [{ after }]
    }),
  ]
}
