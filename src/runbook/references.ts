import type { Problem, ProblemCode } from './problem.ts'
import type { CommandStep, Frontmatter, Step } from './runbook.ts'
import type { Range } from './source.ts'

/** Names in a runbook that point at nothing. */
export function checkReferences(
  steps: readonly Step[],
  anchors: ReadonlySet<string>,
  frontmatter: Frontmatter,
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

  function checkAttributes({ attributes, range }: CommandStep): void {
    const line = { start: range.start, end: { ...range.start } }
    for (const [key, value] of [
      ['check', attributes.check],
      ['undo', attributes.undo],
    ] as const) {
      if (value !== undefined && !stepIds.has(value)) report('step-unknown-reference', line, { key, value })
    }
    const jump = attributes.onFailure?.startsWith('#') ? attributes.onFailure.slice(1) : undefined
    if (jump !== undefined && !anchors.has(jump)) {
      report('step-unknown-reference', line, { key: 'on-failure', value: `#${jump}` })
    }
    for (const name of attributes.secrets ?? []) {
      if (!declared.has(name)) report('secret-undeclared', line, { name })
    }
  }
}
