import { type Breath, createBreath } from '../../record/breath.ts'
import type { RecordSummary } from '../../record/summary.ts'
import {
  type FolderState,
  type LinkedRecord,
  linksOf,
  recordsIn,
  type SearchedRecords,
  searchedRecordsOf,
  summariesOf,
} from './folder.ts'
import { mergeNewestFirst } from './newest-first.ts'
import type { PartKind, Release } from './segment-parts.ts'
import { type Plan, planVisit, surveyRecords } from './survey.ts'
import { createFolderUpdater, type ReadingProgress, type RecordCacheSetup, worthThreads } from './updates.ts'

export interface RecordListSetup {
  /** Absolute: the root of the repo. */
  readonly root: string
  /** Where the records are, relative to the root, with `/`. */
  readonly folder: string
  /** Keeps between processes what was read; without it everything is read once in each. */
  readonly cache?: RecordCacheSetup
}

/** What all records of a repo say in short, kept up to date with their files. */
export interface RecordList {
  /** Newest first; the same list as long as nothing changed. */
  all(onProgress?: ReadingProgress): Promise<readonly RecordSummary[]>
  /** How the records hang together, in pieces. */
  links(): AsyncGenerator<readonly LinkedRecord[]>
  /** What a search looks through, in pieces. */
  texts(): AsyncGenerator<SearchedRecords>
  /**
   * Of many records `all` trusts what the folders say, and looks at every file afterwards: resolves when that is over, with
   * whether it found another list.
   */
  settled(): Promise<boolean>
  /** Has every file looked at again after the next `all`. */
  recheck(): void
  /** Tells that something happened in a folder, or to one of its files; `folder` relative to the root, with `/`. */
  touched(folder: string, name: string | undefined): void
  /** Tells that `settled` found another list. Returns what stops it. */
  onDidSettle(listener: () => void): () => void
}

const usualExactLimit = 4000

export function createRecordList(setup: RecordListSetup): RecordList {
  const { root, folder: top, cache } = setup
  let states = new Map<string, FolderState>()
  /** Folders in which something happened, and to which of their files; to any where the system did not say. */
  const suspects = new Map<string, Set<string> | 'all'>()
  const progress = new Set<ReadingProgress>()
  let updating: Promise<readonly RecordSummary[]> | undefined
  let waiting: Promise<readonly RecordSummary[]> | undefined
  let listed: readonly RecordSummary[] | undefined
  let settling: Promise<boolean> | undefined
  const updater = createFolderUpdater(root, cache)
  let isExact = true
  const listeners = new Set<() => void>()

  /** Calls that come while the files are looked at share the next look. */
  function all(onProgress?: ReadingProgress): Promise<readonly RecordSummary[]> {
    if (onProgress) progress.add(onProgress)
    const answer = waiting ?? (updating ? after(updating) : begin())
    return onProgress ? answer.finally(() => progress.delete(onProgress)) : answer
  }

  function after(before: Promise<unknown>): Promise<readonly RecordSummary[]> {
    waiting = before.then(begin, begin)
    return waiting
  }

  function begin(): Promise<readonly RecordSummary[]> {
    waiting = undefined
    updating = update().finally(() => {
      updating = undefined
    })
    return updating
  }

  async function update(): Promise<readonly RecordSummary[]> {
    const breathe = createBreath()
    const touched = new Map(suspects)
    suspects.clear()
    const { found, visits } = await surveyRecords(root, top, async (folder) => {
      return states.get(folder) ?? updater.kept(folder, breathe)
    })
    const isOther = found.size !== states.size || [...found.keys()].some((folder) => !states.has(folder))
    states = found
    isExact = cache === undefined || recordsIn(found.values()) <= (cache.exactLimit ?? usualExactLimit)
    const plans: Plan[] = []
    for (const one of visits) {
      plans.push(
        await planVisit(root, one, isExact, touched.get(one.folder), cache === undefined ? undefined : worthThreads),
      )
      await breathe()
    }
    await updater.carryOut(
      plans,
      () => states,
      breathe,
      (done, all) => {
        for (const listener of progress) listener(done, all)
      },
    )
    for (const { look, state } of visits) {
      state.stamp = look.stamp
      state.folders = look.folders
    }
    const isChanged = plans.some(({ read, isOther }) => isOther || read === 'all' || read.length > 0)
    if (listed === undefined || isOther || isChanged) listed = await sorted(breathe)
    if (!isExact) settling ??= settle()
    return listed
  }

  async function settle(): Promise<boolean> {
    await updating
    if (!(await updater.lookAtAll(() => states))) return false
    listed = undefined
    for (const listener of listeners) listener()
    return true
  }

  async function sorted(breathe: Breath): Promise<readonly RecordSummary[]> {
    return mergeNewestFirst(
      [...states].sort(([a], [b]) => (a < b ? 1 : -1)).map(([, state]) => summariesOf(state)),
      breathe,
    )
  }

  /** @param kinds of what `of` takes out of the cache */
  async function* pieces<Piece>(
    kinds: readonly PartKind[],
    of: (state: FolderState) => Generator<Piece>,
  ): AsyncGenerator<Piece> {
    await all()
    const breathe = createBreath()
    for (const folder of [...states.keys()]) {
      const { state, release } = await fetched(folder, kinds)
      if (state === undefined) continue
      try {
        for (const piece of of(state)) {
          yield piece
          await breathe()
        }
      } finally {
        release?.()
      }
    }
  }

  async function fetched(
    folder: string,
    kinds: readonly PartKind[],
  ): Promise<{ readonly state: FolderState | undefined; readonly release?: Release | undefined }> {
    const state = states.get(folder)
    if (state?.segment === undefined) return { state }
    const release = await state.segment.fetch(...kinds)
    if (release) return { state, release }
    await loadLost()
    const again = states.get(folder)
    return { state: again, release: await again?.segment?.fetch(...kinds) }
  }

  /** Takes over what another process has put in the place of a segment, and has read again what is gone. */
  async function loadLost(): Promise<void> {
    for (const [folder, { segment, newer }] of [...states]) {
      if (segment === undefined) continue
      const release = await segment.fetch()
      release?.()
      if (release) continue
      for (const path of newer.keys()) touched(folder, path.slice(folder.length + 1))
      states.delete(folder)
    }
    await all()
  }

  function touched(folder: string, name: string | undefined): void {
    const before = suspects.get(folder)
    if (name === undefined || before === 'all') suspects.set(folder, 'all')
    else suspects.set(folder, new Set([...(before ?? []), name]))
  }

  return {
    all,
    links: () => pieces(['files'], linksOf),
    texts: () => pieces(['texts', 'bodies'], searchedRecordsOf),
    settled: () => settling ?? Promise.resolve(false),
    recheck() {
      settling = undefined
    },
    touched,
    onDidSettle(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
