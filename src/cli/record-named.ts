import { resolve } from 'node:path'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { UsageError } from './usage-error.ts'

export interface NamedRecord {
  /** Of the repo that it belongs to; absolute. */
  readonly root: string
  /** Relative to the root, or absolute. */
  readonly path: string
}

/** The most ids that a message names. */
const shownIds = 5

/**
 * A record as people name it: by its file; by its id or an unambiguous beginning of it, among those of the current repo; or
 * `latest`, the run that began last.
 */
export async function recordNamed(named: string, { cwd, files, records, t }: CommandLine): Promise<NamedRecord> {
  const path = resolve(cwd, named)
  if ((await files.kindOf(path)) === 'file') return { root: await records.rootOf(path), path }
  const root = await records.rootOf(cwd)
  if (named === 'latest') {
    const latest = (await records.list(root)).find(({ outcome }) => outcome !== 'unreadable')
    if (latest === undefined) throw new UsageError(t('Nothing has been run here yet.'))
    return { root, path: latest.path }
  }
  const known = (await records.all(root)).filter((record) => record.outcome !== 'unreadable')
  const exact = known.filter(({ id }) => id === named)
  const found = exact.length > 0 || named === '' ? exact : known.filter(({ id }) => id.startsWith(named))
  const [first, second] = found
  if (first === undefined) throw new UsageError(t('There is no record {0}.', plain(named)))
  if (second !== undefined) {
    const ids = found.slice(0, shownIds).map(({ id }) => plain(id))
    const more = found.length > shownIds ? ', …' : ''
    throw new UsageError(
      t('“{0}” means several records: {1}. Write more of the id.', plain(named), ids.join(', ') + more),
    )
  }
  return { root, path: first.path }
}
