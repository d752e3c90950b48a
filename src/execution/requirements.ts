import type { CommandStep, Runbook, Step } from '../runbook/runbook.ts'
import type { SecretDeclaration } from '../runbook/secret-declaration.ts'
import { secretsOfStep } from '../secrets/needed.ts'
import type { Selection } from './event.ts'
import type { ExecutionProblem } from './problem.ts'
import type { RunPorts } from './run-api.ts'

/**
 * What a part of a runbook needs before its first step: interpreters that are there, ways of running that exist, and the
 * values of secrets.
 * @param values what the run has already, by name; what is new is added
 * @returns the first thing that is not to be had
 */
export async function acquire(
  steps: readonly Step[],
  secrets: readonly SecretDeclaration[],
  values: Map<string, string>,
  ports: Pick<RunPorts, 'shells' | 'secret'>,
): Promise<ExecutionProblem | undefined> {
  const commands = steps.filter((step) => step.kind === 'command').filter((step) => !step.attributes.skip)
  for (const shell of new Set(commands.map((step) => step.shell))) {
    const problem = await ports.shells.check(shell)
    if (problem !== undefined) {
      const count = commands.filter((step) => step.shell === shell).length
      return { ...problem, values: { ...problem.values, steps: String(count) } }
    }
  }
  for (const step of commands) {
    const attribute = unsupportedAttribute(step)
    if (attribute) return { code: 'attribute-unsupported', values: { attribute, step: step.title } }
  }
  for (const step of commands) {
    for (const name of secretsOfStep(step, secrets)) {
      if (values.has(name)) continue
      const found = await ports.secret(name, step.title)
      if (found.kind === 'problem') return found.problem
      values.set(name, found.value)
    }
  }
  return undefined
}

/** What a step asks for and would not get: doing something else instead could be the wrong computer or the wrong order. */
function unsupportedAttribute({ attributes }: CommandStep): string | undefined {
  if (attributes.interactive) return 'interactive'
  if (attributes.background) return 'background'
  if (attributes.target !== undefined) return 'target'
  if (attributes.retries) return 'retries'
  return attributes.onFailure !== undefined && attributes.onFailure !== 'stop' ? 'on-failure' : undefined
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
