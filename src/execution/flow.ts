import type { Procedure, Runbook, Step } from '../runbook/runbook.ts'
import type { Selection } from './event.ts'

/** The way through the steps of a selection. Stateful: it remembers which branches were entered. */
export interface Flow {
  /** The step to carry out now; undefined at the end. */
  current(): Step | undefined
  /** Goes on after the current step. `choice` is the heading that a decision led to. */
  advance(choice?: string): void
  /**
   * Goes to the section that a failed step names, and from there on to its end: what stands between is not made up for.
   * False, and nothing changes, where the heading has no steps.
   */
  jump(heading: string): boolean
}

interface Branch {
  readonly procedureId: string
  /** Index of the decision that led here: where it goes on afterwards. After a failure: the end. */
  readonly decisionIndex: number
}

/**
 * Steps follow one another in document order, with three exceptions. A section that a decision leads to is a branch: it
 * is entered by that choice only, and afterwards the flow goes on behind the decision. A choice that leads back repeats
 * from there. So is a section that a failure leads to (`on-failure=#heading`), only that the flow ends behind it. Steps that only serve others (`check`, `undo`), that say `excludeFromRunAll`, or that stand outside the
 * selection are passed over, unless they are what was asked for.
 */
export function createFlow(runbook: Runbook, selection: Selection): Flow {
  const { steps } = runbook
  const ancestors = ancestorsOfProcedures(runbook.procedures)
  const isUnder = (step: Step, procedureId: string) =>
    step.procedureId !== undefined && (ancestors.get(step.procedureId)?.has(procedureId) ?? false)
  const branchTargets = new Set(
    steps.flatMap((step, index) => targetsOf(step).filter((target) => firstUnder(target) > index)),
  )
  const servants = new Set(
    steps.flatMap((step) => (step.kind === 'command' ? [step.attributes.check, step.attributes.undo] : [])),
  )

  function firstUnder(procedureId: string): number {
    return steps.findIndex((step) => isUnder(step, procedureId))
  }

  const alreadyInside = new Set(selection.kind === 'procedure' ? branchesAround(selection.procedureId) : [])
  const start = startOf(selection)
  let branches: Branch[] = start === undefined ? [] : enclosingBranches(start)
  let index = start ?? steps.length

  function startOf(wanted: Selection): number | undefined {
    switch (wanted.kind) {
      case 'step':
      case 'from': {
        const found = steps.findIndex((step) => step.id === wanted.stepId)
        return found < 0 ? undefined : found
      }
      case 'procedure':
      case 'runbook':
        return after(-1, alreadyInside)
    }
  }

  function branchesAround(procedureId: string): string[] {
    return [...(ancestors.get(procedureId) ?? [])].filter((id) => branchTargets.has(id))
  }

  // Starting inside a branch means that somebody chose it: the way out of it is behind the first decision that leads there.
  function enclosingBranches(position: number): Branch[] {
    const id = steps[position]?.procedureId
    if (id === undefined) return []
    return branchesAround(id).map((procedureId) => ({
      procedureId,
      decisionIndex: steps.findIndex(
        (step) => step.kind === 'decision' && step.choices.some((choice) => choice.target === procedureId),
      ),
    }))
  }

  function mayFollow(step: Step, entered: ReadonlySet<string>): boolean {
    if (servants.has(step.id) || (step.kind === 'command' && step.attributes.excludeFromRunAll)) return false
    const around = step.procedureId === undefined ? [] : branchesAround(step.procedureId)
    if (!around.every((id) => entered.has(id))) return false
    if (selection.kind !== 'procedure' || isUnder(step, selection.procedureId)) return true
    // Outside of the procedure only what a decision in it led to.
    return around.some((id) => !alreadyInside.has(id))
  }

  function after(position: number, entered: ReadonlySet<string>): number | undefined {
    const next = steps.findIndex((step, index) => index > position && mayFollow(step, entered))
    return next < 0 ? undefined : next
  }

  function linear(position: number): number {
    let from = position
    for (;;) {
      const entered = new Set(branches.map((branch) => branch.procedureId))
      const next = after(from, entered)
      const innermost = branches.at(-1)
      if (innermost === undefined) return next ?? steps.length
      const step = next === undefined ? undefined : steps[next]
      if (next !== undefined && step !== undefined && isUnder(step, innermost.procedureId)) return next
      branches = branches.slice(0, -1)
      from = innermost.decisionIndex
    }
  }

  return {
    current: () => steps[index],
    advance(choice) {
      if (selection.kind === 'step') {
        index = steps.length
        return
      }
      const target = choice === undefined ? -1 : firstUnder(choice)
      if (choice === undefined || target < 0) {
        index = linear(index)
      } else if (target > index) {
        branches = [...branches, { procedureId: choice, decisionIndex: index }]
        index = target
      } else {
        branches = enclosingBranches(target)
        index = target
      }
    },
    jump(heading) {
      const target = firstUnder(heading)
      if (target < 0) return false
      branches = target > index ? [{ procedureId: heading, decisionIndex: steps.length }] : enclosingBranches(target)
      index = target
      return true
    },
  }
}

/** The headings that a step may lead to. */
function targetsOf(step: Step): readonly string[] {
  switch (step.kind) {
    case 'decision':
      return step.choices.map((choice) => choice.target)
    case 'command': {
      const { onFailure } = step.attributes
      return onFailure?.startsWith('#') ? [onFailure.slice(1)] : []
    }
    case 'manual':
      return []
  }
}

/**
 * Every step that a selection may come to, whatever is chosen on the way: what has to be there before the first one runs.
 */
export function reachableSteps(runbook: Runbook, selection: Selection): readonly Step[] {
  const byId = new Map(runbook.steps.map((step) => [step.id, step]))
  const withServants = (step: Step): Step[] => {
    if (step.kind !== 'command') return [step]
    const { check, undo } = step.attributes
    return [byId.get(check ?? ''), step, byId.get(undo ?? '')].filter((one) => one !== undefined)
  }
  if (selection.kind === 'step') {
    const step = byId.get(selection.stepId)
    return step === undefined ? [] : withServants(step)
  }

  const reached = new Set<Step>()
  const wanted: Selection[] = [selection]
  for (let part = wanted.pop(); part !== undefined; part = wanted.pop()) {
    const flow = createFlow(runbook, part)
    for (let step = flow.current(); step !== undefined; step = flow.current()) {
      if (!reached.has(step)) {
        for (const procedureId of targetsOf(step)) wanted.push({ kind: 'procedure', procedureId })
      }
      for (const needed of withServants(step)) reached.add(needed)
      flow.advance()
    }
  }
  return runbook.steps.filter((step) => reached.has(step))
}

function ancestorsOfProcedures(procedures: readonly Procedure[]): ReadonlyMap<string, ReadonlySet<string>> {
  const ancestors = new Map<string, ReadonlySet<string>>()
  const visit = (procedure: Procedure, above: readonly string[]) => {
    const path = [...above, procedure.id]
    ancestors.set(procedure.id, new Set(path))
    for (const child of procedure.procedures) visit(child, path)
  }
  for (const procedure of procedures) visit(procedure, [])
  return ancestors
}
