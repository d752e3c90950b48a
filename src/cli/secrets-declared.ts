import { join } from 'node:path'
import { isReservedName, isVariableName } from '../runbook/reserved-names.ts'
import { type InventoriedSecret, inventoryOf } from '../secrets/inventory.ts'
import type { CommandLine } from './ports.ts'
import { type ReadFile, readFolder } from './read-runbooks.ts'
import { UsageError } from './usage-error.ts'

export interface DeclaredSecrets {
  /** Of the repo, or the current folder where there is none; absolute. */
  readonly root: string
  /** Sorted by name. */
  readonly secrets: readonly DeclaredSecret[]
  /** Whether this is a place for records: a repo, or a folder with runbooks or records of its own. */
  readonly keepsRecords: boolean
}

export interface DeclaredSecret extends InventoriedSecret<ReadFile> {
  /** Every runbook that declares it has a command that prints it: there is no value to keep. */
  readonly isPrinted: boolean
}

/**
 * The secrets that the runbooks of this repo declare.
 * @param where `anywhere`: also of a folder that is no repo, which may be as large as somebody's home
 */
export async function declaredSecrets(
  line: CommandLine,
  where: 'anywhere' | 'repository' = 'repository',
): Promise<DeclaredSecrets> {
  const { files, records } = line
  const root = await records.rootOf(line.cwd)
  const isThere = async (name: string) => (await files.kindOf(join(root, name))) !== 'missing'
  const isRepository = (await isThere('.git')) || (await isThere('.baton'))
  if (where === 'repository' && !isRepository) return { root, secrets: [], keepsRecords: false }
  const runbooks: ReadFile[] = []
  for await (const file of readFolder(root, line)) if (file.runbook.kind === 'runbook') runbooks.push(file)
  const secrets = inventoryOf(runbooks).map((secret) => ({
    ...secret,
    isPrinted: secret.uses.every(({ declaration }) => declaration.from !== undefined),
  }))
  return { root, secrets, keepsRecords: isRepository || runbooks.length > 0 }
}

/** A name that a person typed. What is none may be a value, and is not repeated. */
export function checkName(name: string, { t }: Pick<CommandLine, 't'>): void {
  if (!isVariableName(name)) {
    throw new UsageError(
      t('Write the name of a secret alone, such as LDAP_PASSWORD: A to Z, 0 to 9 and _. Its value is asked for.'),
    )
  }
  if (isReservedName(name)) throw new UsageError(t('No secret can be called {0}: that changes how programs run.', name))
}
