import type { PrunedRecord, Pruning } from './act.ts'
import type { ReadableRun } from './summary.ts'

/** Which output is to go. A run that either of the two names is meant. */
export interface PruningWish {
  /** Of runs that began before this time, in milliseconds since the epoch. */
  readonly before?: number
  /** Of the oldest runs, until all records together take no more than this, in bytes. */
  readonly size?: number
  /** Also where a record is neither signed by its operator nor pushed. */
  readonly unanchored: boolean
}

/** A run whose output goes. */
export interface PlannedPruning {
  readonly run: ReadableRun
  /** What its record will be, and what goes. */
  readonly becomes: PrunedRecord
  /** By how much its file shrinks, in bytes. */
  readonly freed: number
}

export interface PruningPlan {
  /** The oldest first. */
  readonly planned: readonly PlannedPruning[]
  /** An act on record vouches for them already, and they were not replaced then. */
  readonly unfinished: readonly PlannedPruning[]
  /** Left as they are, because they are not as they were written. */
  readonly unsound: readonly string[]
  /** Left as they are, because they are neither signed nor pushed. */
  readonly unanchored: readonly string[]
}

/** Takes output out of the records of a repo, and keeps on record what went. */
export interface RecordPruner {
  plan(wish: PruningWish): Promise<PruningPlan>
  /** Does what was planned; a record that changed since is left as it is. */
  prune(plan: PruningPlan): Promise<PruningResult>
}

export type PruningResult =
  | {
      readonly kind: 'pruned'
      /** Records whose output is gone. */
      readonly records: readonly PlannedPruning[]
      /** Their files could not be replaced: what is on record is done by the next pruning. `reason` is an errno name. */
      readonly failed: readonly { readonly path: string; readonly reason: string }[]
    }
  /** Another process is at it. */
  | { readonly kind: 'busy' }
  /** The act could not be put on record: nothing was changed, but for what acts before it named. */
  | { readonly kind: 'failed'; readonly path: string; readonly reason: string }

export interface PruningPorts {
  /** Size of a record's file in bytes; 0 for one that is gone. */
  readonly sizeOf: (path: string) => Promise<number>
  /** What a record would be without its output; undefined for one that is not sound, or whose output is gone already. */
  readonly without: (run: ReadableRun) => Promise<Omit<PlannedPruning, 'run'> | undefined>
  /** Of records: which are as they were written, and which of those are signed by their operator, or pushed. */
  readonly trust: (
    paths: readonly string[],
  ) => Promise<{ readonly sound: ReadonlySet<string>; readonly anchored: ReadonlySet<string> }>
}

/**
 * What pruning would do. Writes nothing.
 * @param runs all of a repo
 * @param acts prunings that are on record there
 */
export async function planPruning(
  runs: readonly ReadableRun[],
  acts: readonly Pick<Pruning, 'pruned'>[],
  wish: PruningWish,
  ports: PruningPorts,
): Promise<PruningPlan> {
  const closed = runs.filter(({ outcome, pruned }) => outcome !== 'running' && !pruned)
  const oldestFirst = closed.toSorted((a, b) => a.startedAt - b.startedAt)
  const vouched = new Map(acts.flatMap(({ pruned }) => pruned.map((one) => [one.head, one.sha256] as const)))

  const unfinished: PlannedPruning[] = []
  for (const run of oldestFirst.filter(({ head }) => vouched.has(head))) {
    const without = await ports.without(run)
    if (without && without.becomes.sha256 === vouched.get(run.head)) unfinished.push({ run, ...without })
  }
  const candidates = oldestFirst.filter(({ head }) => !vouched.has(head))
  let surplus = wish.size === undefined ? 0 : (await totalSize(runs, ports)) - wish.size
  for (const { freed } of unfinished) surplus -= freed
  const isOld = ({ startedAt }: ReadableRun) => wish.before !== undefined && startedAt < wish.before
  // Where there is too much of everything, it may be any.
  const inQuestion = surplus > 0 ? candidates : candidates.filter(isOld)
  const { sound, anchored } = await ports.trust(inQuestion.map(({ path }) => path))
  const planned: PlannedPruning[] = []
  const unsound: string[] = []
  const unanchored: string[] = []
  for (const run of inQuestion) {
    if (!isOld(run) && surplus <= 0) continue
    if (!sound.has(run.path)) unsound.push(run.path)
    else if (!wish.unanchored && !anchored.has(run.path)) unanchored.push(run.path)
    else {
      const without = await ports.without(run)
      if (without === undefined || without.becomes.lines === 0) continue
      planned.push({ run, ...without })
      surplus -= without.freed
    }
  }
  return { planned, unfinished, unsound, unanchored }
}

async function totalSize(runs: readonly ReadableRun[], { sizeOf }: PruningPorts): Promise<number> {
  let sum = 0
  for (const { path } of runs) sum += await sizeOf(path)
  return sum
}
