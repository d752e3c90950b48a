import { resolve } from 'node:path'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { UsageError } from './usage-error.ts'

/** A record by its file, or by the id of its run among those of the current repo. */
export async function recordNamed(named: string, { cwd, files, records, t }: CommandLine) {
  const path = resolve(cwd, named)
  if ((await files.kindOf(path)) === 'file') return { root: await records.rootOf(path), path }
  const root = await records.rootOf(cwd)
  const found = (await records.list(root)).find((run) => run.outcome !== 'unreadable' && run.id === named)
  if (found === undefined) throw new UsageError(t('There is no record {0}.', plain(named)))
  return { root, path: found.path }
}
