import type { CommandStep } from '../runbook/runbook.ts'
import type { SecretDeclaration } from '../runbook/secret-declaration.ts'

/** Shells in which `$env:name` and `%name%` reach the variable `NAME`. */
const CASE_BLIND_SHELLS: ReadonlySet<string> = new Set(['pwsh', 'powershell', 'cmd'])

/**
 * The declared secrets that a step gets: those whose name stands in its text as a whole identifier, in whatever syntax
 * (`$NAME`, `${NAME}`, `$env:NAME`, `%NAME%`, `os.environ["NAME"]`), and those that its `secrets` attribute names.
 *
 * @returns Names in the order of declaration, each once. Names that the attribute has but the runbook does not declare
 *   are not among them.
 */
export function secretsOfStep(step: CommandStep, declared: readonly SecretDeclaration[]): readonly string[] {
  return secretsOfSteps([step], declared)
}

/** The union of what the steps get. */
export function secretsOfSteps(
  steps: readonly CommandStep[],
  declared: readonly SecretDeclaration[],
): readonly string[] {
  const mentioned = new Set(steps.flatMap((step) => [...mentionedNames(step)]))
  return [...new Set(declared.map((secret) => secret.name))].filter((name) => mentioned.has(name))
}

function mentionedNames(step: CommandStep): readonly string[] {
  const inText = step.text.match(/[A-Za-z0-9_]+/g) ?? []
  const named = step.attributes.secrets ?? []
  // Names of secrets are upper case only.
  return [...(CASE_BLIND_SHELLS.has(step.shell) ? inText.map((word) => word.toUpperCase()) : inText), ...named]
}
