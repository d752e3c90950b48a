import type { CommandStep, Runbook } from '../runbook/runbook.ts'
import type { SecretDeclaration } from '../runbook/secret-declaration.ts'
import { secretsOfStep } from './needed.ts'

/** A secret that one or more runbooks declare. `Entry` is a runbook as the caller has it, with its path. */
export interface InventoriedSecret<Entry> {
  readonly name: string
  /** Of the first declaration that has one. */
  readonly label?: string
  /** Of the first declaration that has one. */
  readonly owner?: string
  /** Milliseconds: the shortest of all declarations. */
  readonly rotateEvery?: number
  /** The command that prints its value, of the first declaration, when all have one: then nothing is kept here. */
  readonly from?: string
  /** In the order of the runbooks; never empty. */
  readonly uses: readonly SecretUse<Entry>[]
}

/** One runbook that declares a secret. */
export interface SecretUse<Entry> {
  readonly entry: Entry
  readonly declaration: SecretDeclaration
  /** Those that get its value, in document order. */
  readonly steps: readonly CommandStep[]
}

/**
 * The secrets that runbooks declare, merged by name and sorted by it. That two runbooks say different things about one
 * secret is no error: they share one value, so the strictest rotation holds.
 */
export function inventoryOf<Entry extends { readonly runbook: Runbook }>(
  entries: readonly Entry[],
): readonly InventoriedSecret<Entry>[] {
  const uses = entries.flatMap((entry) => usesIn(entry))
  const byName = Map.groupBy(uses, ({ declaration }) => declaration.name)
  return [...byName].map(([name, found]) => merged(name, found)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

function usesIn<Entry extends { readonly runbook: Runbook }>(entry: Entry): readonly SecretUse<Entry>[] {
  const { frontmatter, steps } = entry.runbook
  const { secrets } = frontmatter
  if (secrets.length === 0) return []
  const commands = steps
    .filter((step) => step.kind === 'command')
    .map((step) => ({ step, gets: secretsOfStep(step, secrets) }))
  return secrets.map((declaration) => ({
    entry,
    declaration,
    steps: commands.filter(({ gets }) => gets.includes(declaration.name)).map(({ step }) => step),
  }))
}

function merged<Entry>(name: string, uses: readonly SecretUse<Entry>[]): InventoriedSecret<Entry> {
  const declarations = uses.map(({ declaration }) => declaration)
  const label = declarations.find((declaration) => declaration.label !== undefined)?.label
  const owner = declarations.find((declaration) => declaration.owner !== undefined)?.owner
  const commands = declarations.flatMap(({ from }) => from ?? [])
  const [from] = commands.length === declarations.length ? commands : []
  const rotations = declarations.flatMap(({ rotateEvery }) => rotateEvery ?? [])
  return {
    name,
    ...(label === undefined ? {} : { label }),
    ...(owner === undefined ? {} : { owner }),
    ...(rotations.length === 0 ? {} : { rotateEvery: Math.min(...rotations) }),
    ...(from === undefined ? {} : { from }),
    uses,
  }
}
