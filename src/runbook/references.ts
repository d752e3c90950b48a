import type { Problem, ProblemCode } from './problem.ts'
import type { CommandStep, Frontmatter, Step } from './runbook.ts'
import type { Range } from './source.ts'

/** Names in a runbook that point at nothing. */
export function checkReferences(
  steps: readonly Step[],
  anchors: ReadonlySet<string>,
  frontmatter: Frontmatter,
  placeOf: (step: CommandStep, attribute: string) => Range,
): readonly Problem[] {
  const stepIds = new Set(steps.map(({ id }) => id))
  const declared = new Set(frontmatter.secrets.map(({ name }) => name))
  const problems: Problem[] = []
  const report = (code: ProblemCode, range: Range, values: Record<string, string>) =>
    problems.push({ code, severity: 'warning', range, values })

  for (const step of steps) {
    if (step.kind === 'decision') {
      for (const { target, range } of step.choices) {
        if (!anchors.has(target)) report('decision-unknown-target', range, { target })
      }
    } else if (step.kind === 'command') checkAttributes(step)
  }
  return problems

  function checkAttributes(step: CommandStep): void {
    const { check, undo, onFailure, secrets } = step.attributes
    for (const [key, value] of Object.entries({ check, undo })) {
      if (value === undefined || stepIds.has(value)) continue
      report('step-unknown-reference', placeOf(step, key), { key, value })
    }
    if (onFailure?.startsWith('#') && !anchors.has(onFailure.slice(1))) {
      const key = 'on-failure'
      report('step-unknown-reference', placeOf(step, key), { key, value: onFailure })
    }
    for (const name of secrets ?? []) {
      if (!declared.has(name)) report('secret-undeclared', placeOf(step, 'secrets'), { name })
    }
  }
}
