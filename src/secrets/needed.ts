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
  const mentioned = new Set(steps.flatMap((step) => [...mentionedNames(step), ...(step.attributes.secrets ?? [])]))
  return [...new Set(declared.map((secret) => secret.name))].filter((name) => mentioned.has(name))
}

/** Words of a step's text that could be names of variables, in their order; in capitals where the shell does not tell case. */
export function mentionedNames({ text, shell }: CommandStep): readonly string[] {
  const words = text.match(/[A-Za-z0-9_]+/g) ?? []
  // Names of parameters and secrets are upper case only.
  return CASE_BLIND_SHELLS.has(shell) ? words.map((word) => word.toUpperCase()) : words
}
