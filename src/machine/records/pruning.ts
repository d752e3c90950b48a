import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RecordFailure } from '../../execution/run-api.ts'
import type { Act, Pruning } from '../../record/act.ts'
import { createPruner } from '../../record/pruner.ts'
import {
  type PlannedPruning,
  type PruningPlan,
  type PruningResult,
  type PruningWish,
  planPruning,
  type RecordPruner,
} from '../../record/pruning.ts'
import { isReadable, type ReadableRun } from '../../record/summary.ts'
import { isUnanchored, type TrustReport } from '../../record/trust.ts'
import { createVerifier } from '../../record/verify.ts'
import { releaseLock, takeLock } from '../lock.ts'
import { draftEnding, syncFolder } from './file.ts'
import { chunksOf, errnoOf } from './reading.ts'
import type { RecordStore } from './store.ts'

export interface PrunerSetup {
  /** Of the repo, absolute. */
  readonly root: string
  readonly store: Pick<RecordStore, 'all'>
  readonly verifyTrust: (paths: readonly string[]) => Promise<TrustReport>
  readonly recordAct: (act: Act) => Promise<RecordFailure | undefined>
}

/** One line names all records of an act; more of them are several acts. */
const recordsOfAct = 2000

export function createRecordPruner({ root, store, verifyTrust, recordAct }: PrunerSetup): RecordPruner {
  const absolute = (path: string) => join(root, path)

  async function plan(wish: PruningWish): Promise<PruningPlan> {
    const all = await store.all()
    const acts = all.flatMap((one) => (one.outcome === 'act' && one.act === 'output-pruned' && one.pruned ? [one] : []))
    const prunings = acts.map(({ pruned = [] }) => ({ pruned }))
    return planPruning(all.filter(isReadable), prunings, wish, {
      sizeOf: (path) =>
        stat(absolute(path)).then(
          ({ size }) => size,
          () => 0,
        ),
      without: (run) => without(absolute(run.path), run).catch(() => undefined),
      async trust(paths) {
        const { records } = paths.length === 0 ? { records: [] } : await verifyTrust(paths)
        const sound = records.filter(({ verification }) => /^(?:ok|abandoned)$/.test(verification.kind))
        const anchored = sound.filter((record) => !isUnanchored(record))
        return { sound: new Set(sound.map(({ path }) => path)), anchored: new Set(anchored.map(({ path }) => path)) }
      },
    })
  }

  async function prune({ planned, unfinished }: PruningPlan): Promise<PruningResult> {
    const lock = join(root, '.baton/runs/.pruning')
    const taken = await takeLock(lock, Date.now())
    if (taken === 'busy') return { kind: 'busy' }
    if (taken !== 'taken') return { kind: 'failed', path: '.baton/runs', reason: taken.reason }
    try {
      const done = await replaceAll(unfinished)
      const results = [done]
      for (let at = 0; at < planned.length; at += recordsOfAct) {
        const result = await pruneTogether(planned.slice(at, at + recordsOfAct))
        if (result.kind === 'failed') return result
        results.push(result)
      }
      return {
        kind: 'pruned',
        records: results.flatMap(({ records }) => records),
        failed: results.flatMap(({ failed }) => failed),
      }
    } finally {
      await releaseLock(lock)
    }
  }

  /**
   * First the act is on the disk, then the files are replaced: whatever ends this in between leaves records that are as they
   * were, and an act by which the next pruning goes on. Output that is gone without an act would be the work of a forger.
   */
  async function pruneTogether(planned: readonly PlannedPruning[]): Promise<Replaced | RefusedPruning> {
    const ready: PlannedPruning[] = []
    for (const one of planned) {
      const now = await without(absolute(one.run.path), one.run).catch(() => undefined)
      if (now?.becomes.sha256 === one.becomes.sha256) ready.push(one)
    }
    if (ready.length === 0) return { kind: 'replaced', records: [], failed: [] }
    const act: Pruning = { act: 'output-pruned', pruned: ready.map(({ becomes }) => becomes) }
    const failure = await recordAct(act)
    if (failure === undefined) return replaceAll(ready)
    const { path = '.baton/runs', reason = '' } = failure.problem.values
    return { kind: 'failed', path, reason }
  }

  async function replaceAll(planned: readonly PlannedPruning[]): Promise<Replaced> {
    const records: PlannedPruning[] = []
    const failed: { path: string; reason: string }[] = []
    for (const one of planned) {
      const path = absolute(one.run.path)
      try {
        if (await replace(path, one)) records.push(one)
      } catch (error) {
        await rm(path + draftEnding, { force: true }).catch(() => undefined)
        failed.push({ path: one.run.path, reason: errnoOf(error) })
      }
    }
    return { kind: 'replaced', records, failed }
  }

  return { plan, prune }
}

interface Replaced {
  readonly kind: 'replaced'
  readonly records: readonly PlannedPruning[]
  readonly failed: readonly { readonly path: string; readonly reason: string }[]
}

type RefusedPruning = Extract<PruningResult, { kind: 'failed' }>

/** What stands there is looked at once more, and written anew from it: false where it is not what was planned. */
async function replace(path: string, { run, becomes }: PlannedPruning): Promise<boolean> {
  const draft = path + draftEnding
  const now = await without(path, run, draft)
  if (now?.becomes.sha256 !== becomes.sha256) {
    await rm(draft, { force: true })
    return false
  }
  await rename(draft, path)
  await syncFolder(dirname(path))
  return true
}

/**
 * A record without its output; undefined for one that is not as it was written, is open, or is without it already.
 * @param file absolute
 * @param draft where to write it; it is on the disk then
 */
async function without(
  file: string,
  run: ReadableRun,
  draft?: string,
): Promise<Omit<PlannedPruning, 'run'> | undefined> {
  let parts: Uint8Array[] = []
  let [before, after] = [0, 0]
  const verifier = createVerifier()
  const pruner = createPruner((bytes) => {
    after += bytes.length
    // Copied, because it may share memory with what is read.
    if (draft !== undefined) parts.push(new Uint8Array(bytes))
  })
  const handle = draft === undefined ? undefined : await open(draft, 'w')
  try {
    for await (const chunk of chunksOf(file)) {
      before += chunk.length
      verifier.push(chunk)
      pruner.push(chunk)
      await handle?.appendFile(Buffer.concat(parts))
      parts = []
    }
    pruner.end()
    await handle?.appendFile(Buffer.concat(parts))
    await handle?.datasync()
  } finally {
    await handle?.close()
  }
  const found = verifier.end()
  if ((found.kind !== 'ok' && found.kind !== 'abandoned') || found.pruned || found.head !== run.head) return undefined
  const becomes = { run: run.id, head: found.head, ...pruner.taken(), sha256: pruner.sha256() }
  return { becomes, freed: before - after }
}
