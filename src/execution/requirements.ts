import type { CommandStep, Procedure, Runbook, Step, StepAttributes } from '../runbook/runbook.ts'
import type { Selection } from './event.ts'
import type { ExecutionProblem } from './problem.ts'
import type { Shells } from './shells.ts'

/**
 * What a part of a runbook needs of this computer before its first step: interpreters that are there, and ways of running
 * that exist.
 * @returns the first thing that is not to be had
 */
export async function checkMachine(
  steps: readonly Step[],
  { procedures }: Runbook,
  shells: Pick<Shells, 'check'>,
): Promise<ExecutionProblem | undefined> {
  const commands = commandsToRun(steps)
  for (const shell of new Set(commands.map((step) => step.shell))) {
    const problem = await shells.check(shell)
    if (problem !== undefined) {
      const count = commands.filter((step) => step.shell === shell).length
      return { ...problem, values: { ...problem.values, steps: String(count) } }
    }
  }
  const headings = headingsOf(procedures)
  for (const { title, attributes } of commands) {
    const attribute = unsupportedAttribute(attributes)
    if (attribute) return { code: 'attribute-unsupported', values: { attribute, step: title } }
    const target = attributes.onFailure?.startsWith('#') ? attributes.onFailure.slice(1) : undefined
    if (target !== undefined && !headings.has(target)) {
      return { code: 'procedure-unknown', values: { procedure: target } }
    }
  }
  return undefined
}

function commandsToRun(steps: readonly Step[]): readonly CommandStep[] {
  return steps.filter((step) => step.kind === 'command').filter((step) => !step.attributes.skip)
}

function headingsOf(procedures: readonly Procedure[]): ReadonlySet<string> {
  return new Set(procedures.flatMap(({ id, procedures: below }) => [id, ...headingsOf(below)]))
}

/** What a step asks for and would not get: doing something else instead could be the wrong computer or the wrong order. */
function unsupportedAttribute({ target, background, interactive, sensitive }: StepAttributes): string | undefined {
  if (target !== undefined) return 'target'
  if (background && interactive) return 'interactive + background'
  // The one shows as it comes what is not to be seen, the other hands nothing on.
  if (sensitive && interactive) return 'sensitive + interactive'
  return sensitive && background ? 'sensitive + background' : undefined
}

/**
 * An error in the text of what is to run. Frontmatter that could not be understood may have said in which folder to run, what
 * to ask for and what to keep secret, and an attribute may have asked for a confirmation: without them the steps would not be
 * what their author meant.
 */
export function errorInText(runbook: Runbook, steps: readonly Step[]): ExecutionProblem | undefined {
  const { frontmatter, problems } = runbook
  const end = frontmatter.range?.end.offset ?? 0
  const places = steps.map(({ range }) => [range.start.offset, range.end.offset] as const)
  const error = problems.find(({ severity, range }) => {
    const at = range.start.offset
    return severity === 'error' && (at <= end || places.some(([from, to]) => from <= at && at < to))
  })
  if (error === undefined) return undefined
  return { code: 'runbook-invalid', values: { line: String(error.range.start.line + 1), problem: error.code } }
}

/** Why a selection holds no step. */
export function emptySelection(selection: Selection): ExecutionProblem {
  switch (selection.kind) {
    case 'step':
    case 'from':
      return { code: 'step-unknown', values: { step: selection.stepId } }
    case 'procedure':
      return { code: 'procedure-unknown', values: { procedure: selection.procedureId } }
    case 'runbook':
      return { code: 'nothing-to-run', values: {} }
  }
}
