import type { RecordSummary } from './summary.ts'

/** What came of committing records. Paths are relative to the repo, with `/`. */
export type RecordCommit =
  | { readonly kind: 'committed'; readonly commit: string }
  /** Everything is in a commit as it is. */
  | { readonly kind: 'nothing' }
  /** Nothing was committed, and the index is as it was. `detail` is what git said. */
  | { readonly kind: 'refused'; readonly reason: CommitRefusal; readonly detail?: string }

export type CommitRefusal =
  | 'git-missing'
  | 'no-repository'
  /** Git ignores the records. */
  | 'ignored'
  /** What is under way, and has to be finished first. */
  | 'merge'
  | 'rebase'
  | 'cherry-pick'
  | 'revert'
  | 'bisect'
  /** Files with conflicts, though nothing is under way. */
  | 'conflicts'
  | 'identity-missing'
  /** Another process of git is at work in the repo, or was killed in it. */
  | 'locked'
  /** By a hook, a signature that failed, or something else that `detail` tells. */
  | 'git'

export interface CommitPorts {
  /** Records that are in no commit as they are now. */
  readonly uncommitted: () => Promise<readonly string[]>
  readonly all: () => Promise<readonly RecordSummary[]>
  /** Whether a record is whole and as it was written. */
  readonly isSound: (path: string) => Promise<boolean>
  /** Lines, from 1, that seem to hold a credential. */
  readonly taintedLines: (record: RecordSummary) => Promise<readonly number[]>
  readonly commit: (paths: readonly string[], message: string) => Promise<RecordCommit>
  readonly message: (records: readonly RecordSummary[]) => string
}

/** What committing the records of one repo needs of this computer. */
export interface RecordCommits extends Omit<CommitPorts, 'taintedLines' | 'message'> {
  /** Whether the records are in a git repo at all. */
  readonly isVersioned: () => Promise<boolean>
}

export interface CommitReport {
  readonly result: RecordCommit
  /** What was committed. */
  readonly records: readonly RecordSummary[]
  /** Left out, because they seem to hold credentials. */
  readonly tainted: readonly { readonly path: string; readonly lines: readonly number[] }[]
  /** Left out, because they are not as they were written. */
  readonly unsound: readonly string[]
}

/**
 * Commits finished records by themselves. What goes on, what cannot be read, and what may hold a credential stays out.
 * @param only the records to commit; all of the repo if missing
 */
export async function commitRecords(ports: CommitPorts, only?: ReadonlySet<string>): Promise<CommitReport> {
  const uncommitted = new Set((await ports.uncommitted()).filter((path) => only?.has(path) ?? true))
  const finished = (await ports.all()).filter(
    ({ path, outcome }) => uncommitted.has(path) && outcome !== 'running' && outcome !== 'unreadable',
  )
  const records: RecordSummary[] = []
  const tainted: CommitReport['tainted'][number][] = []
  const unsound: string[] = []
  for (const record of finished) {
    const lines = await ports.taintedLines(record)
    if (lines.length > 0) tainted.push({ path: record.path, lines })
    else if (await ports.isSound(record.path)) records.push(record)
    else unsound.push(record.path)
  }
  const paths = records.map(({ path }) => path)
  const result: RecordCommit =
    paths.length === 0 ? { kind: 'nothing' } : await ports.commit(paths, ports.message(records))
  return { result, records: result.kind === 'committed' ? records : [], tainted, unsound }
}
