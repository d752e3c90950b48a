import type { Procedure, Runbook, Step } from '../runbook/runbook.ts'
import type { Masker } from '../secrets/masker.ts'
import type { StepDescription } from './event.ts'
import { textOf } from './step-text.ts'

/** A step as the stream of events and the record name it: masked. */
export function describeStep(runbook: Runbook, step: Step, masker: Masker): StepDescription {
  const procedure = titleOf(runbook.procedures, step.procedureId)
  return {
    id: step.id,
    kind: step.kind,
    title: masker.mask(step.title),
    line: step.range.start.line + 1,
    text: masker.mask(textOf(step)),
    ...(procedure === undefined ? {} : { procedure: masker.mask(procedure) }),
    ...(step.kind === 'command' ? { shell: step.shell } : {}),
  }
}

/** The title of a procedure; undefined where there is none of that id. */
export function titleOf(procedures: readonly Procedure[], id: string | undefined): string | undefined {
  for (const procedure of procedures) {
    const found = procedure.id === id ? procedure.title : titleOf(procedure.procedures, id)
    if (found !== undefined) return found
  }
  return undefined
}
