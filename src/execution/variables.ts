import type { CommandStep } from '../runbook/runbook.ts'
import type { SecretDeclaration } from '../runbook/secret-declaration.ts'
import { MASK } from '../secrets/mask.ts'
import { mentionedNames, secretsOfStep } from '../secrets/needed.ts'
import type { Variable } from './event.ts'

export interface VariableSources {
  /** Parameters, and what earlier steps captured, by name; undefined where there will be a value that nobody knows yet. */
  readonly values: Readonly<Record<string, string | undefined>>
  /** Of `values`: the names of those that are not shown. */
  readonly sensitive: readonly string[]
  /** The declarations of the runbook. */
  readonly secrets: readonly SecretDeclaration[]
}

/**
 * The variables that a step's text mentions, in the order in which it does, and the secrets that its `secrets` attribute
 * names behind them. Secrets and sensitive values are masked; the others are as they are, also where a secret's value
 * happens to stand in them.
 */
export function variablesOf(step: CommandStep, { values, sensitive, secrets }: VariableSources): readonly Variable[] {
  const given = secretsOfStep(step, secrets)
  const names = new Set([...mentionedNames(step), ...given])
  return [...names].flatMap((name): Variable[] => {
    if (given.includes(name)) return [{ name, value: MASK }]
    if (!Object.hasOwn(values, name)) return []
    const value = values[name]
    return [{ name, value: value !== undefined && value !== '' && sensitive.includes(name) ? MASK : value }]
  })
}
