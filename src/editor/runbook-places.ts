import type { Procedure, Runbook, Step } from '../runbook/runbook.ts'

/** The step on a zero-based line; the innermost one, as a fence may stand inside a task. */
export function stepAtLine(runbook: Runbook, line: number): Step | undefined {
  return runbook.steps.findLast(({ range }) => range.start.line <= line && line <= lastLine(range))
}

/** The innermost procedure on a zero-based line. */
export function procedureAtLine(procedures: readonly Procedure[], line: number): Procedure | undefined {
  const found = procedures.find(({ range }) => range.start.line <= line && line <= lastLine(range))
  return found && (procedureAtLine(found.procedures, line) ?? found)
}

/** The procedure of an id, however deep. */
export function procedureById(procedures: readonly Procedure[], id: string): Procedure | undefined {
  for (const procedure of procedures) {
    const found = procedure.id === id ? procedure : procedureById(procedure.procedures, id)
    if (found) return found
  }
  return undefined
}

/** The first step of a procedure, however deep it stands. */
export function firstStepOf(runbook: Runbook, procedure: Procedure): Step | undefined {
  const ids = new Set(stepsUnder(procedure))
  return runbook.steps.find(({ id }) => ids.has(id))
}

function stepsUnder({ stepIds, procedures }: Procedure): readonly string[] {
  return [...stepIds, ...procedures.flatMap(stepsUnder)]
}

function lastLine({ end }: Step['range']): number {
  return end.character === 0 ? end.line - 1 : end.line
}
