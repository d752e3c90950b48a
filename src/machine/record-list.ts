import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Breath, createBreath } from '../record/breath.ts'
import type { RecordSummary } from '../record/summary.ts'
import { mergeNewestFirst } from './newest-first.ts'
import {
  adoptSegment,
  emptyFolder,
  type FolderState,
  type LinkedRecord,
  linksOf,
  newestStampsOf,
  recordsIn,
  type SearchedRecords,
  searchedRecordsOf,
  stampText,
  summariesOf,
} from './record-folder.ts'
import { readFileAnew } from './record-look.ts'
import { mapBounded } from './record-reading.ts'
import type { RefreshRequest } from './record-refresh.ts'
import { loadSegment, receiveSegment } from './record-segment-file.ts'
import { isSameFile } from './record-stamp.ts'
import { type Plan, planVisit, surveyRecords } from './record-survey.ts'
import { refreshInThreads } from './record-threads.ts'
import type { PartKind, Release } from './segment-parts.ts'

export interface RecordListSetup {
  /** Absolute: the root of the repo. */
  readonly root: string
  /** Where the records are, relative to the root, with `/`. */
  readonly folder: string
  /** Keeps between processes what was read; without it everything is read once in each. */
  readonly cache?: RecordCacheSetup
}

export interface RecordCacheSetup {
  /** Where it lies: of the user, and in no repo. Made when it is missing. */
  readonly folder: string
  /** Absolute path of the script of the threads that read many records. */
  readonly workerFile: string
  /** Up to so many records every file is looked at each time; 4,000 unless told otherwise. */
  readonly exactLimit?: number
}

/** Hears how many of the records that have to be read are read. */
export type ReadingProgress = (done: number, all: number) => void

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
/** Files to read from which on threads do it, and the cache remembers. */
const worthThreads = 64
const mostThreads = 4

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
  let maker: Promise<string> | undefined
  let isExact = true
  const listeners = new Set<() => void>()

  /** What another build has made is not used: it may see other things in a record. */
  function makerOf({ workerFile }: RecordCacheSetup): Promise<string> {
    maker ??= readFile(workerFile).then((script) => createHash('sha256').update(script).digest('hex'))
    return maker
  }

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
    const { found, visits } = await surveyRecords(root, top, (folder) => stateOf(folder, breathe))
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
    await carryOut(plans, breathe)
    for (const { look, state } of visits) {
      state.stamp = look.stamp
      state.folders = look.folders
    }
    const isChanged = plans.some(({ read, isOther }) => isOther || read === 'all' || read.length > 0)
    if (listed === undefined || isOther || isChanged) listed = await sorted(breathe)
    if (!isExact) settling ??= settle()
    return listed
  }

  async function stateOf(folder: string, breathe: Breath): Promise<FolderState> {
    const known = states.get(folder)
    if (known !== undefined || cache === undefined) return known ?? emptyFolder()
    const state = emptyFolder()
    const segment = await loadSegment(cache.folder, { root, folder, maker: await makerOf(cache) }, breathe)
    if (segment !== undefined) adoptSegment(state, segment)
    return state
  }

  async function carryOut(plans: readonly Plan[], breathe: Breath): Promise<void> {
    const toRead = plans.filter(({ read }) => read.length > 0)
    const count = ({ read, visit }: Plan) => (read === 'all' ? (visit.look.paths?.length ?? 0) : read.length)
    const all = toRead.reduce((sum, plan) => sum + count(plan), 0)
    let done = 0
    const adopted = new Set<string>()
    const report = (plan: Plan) => {
      done += count(plan)
      for (const listener of progress) listener(done, all)
    }
    if (cache !== undefined && all > worthThreads) {
      const byFolder = new Map(toRead.map((plan) => [plan.visit.folder, plan]))
      for (const { visit, read } of toRead)
        if (read !== 'all') for (const { path } of read) visit.state.newer.delete(path)
      await refresh(cache, [...byFolder.keys()], mostThreads, breathe, (folder, adopt) => {
        adopt?.()
        if (adopt) adopted.add(folder)
        const plan = byFolder.get(folder)
        if (plan !== undefined) report(plan)
      })
    }
    for (const plan of toRead) {
      const { visit, read } = plan
      const isRead = read === 'all' && recordsIn([visit.state]) === visit.look.paths?.length
      if (isRead && adopted.has(visit.folder)) continue
      // What no thread could read, or did because it was worth no thread.
      const stamps = newestStampsOf(visit.state)
      const files = read === 'all' ? (visit.look.paths ?? []).map((path) => ({ path, stamp: undefined })) : read
      const left = files.filter(({ path, stamp }) => {
        const known = stamps.get(path)
        return known === undefined || (stamp !== undefined && !isSameFile(known, stamp))
      })
      await mapBounded(left, async ({ path }) => {
        visit.state.newer.set(path, await readFileAnew(root, path))
        await breathe()
      })
      if (done < all) report(plan)
      await breathe()
    }
  }

  /**
   * Has threads bring segments up to date. What threads cannot do is left to the caller.
   * @param onDone `adopt` takes over a segment that is another one than the known
   */
  async function refresh(
    { folder: cacheFolder, workerFile }: RecordCacheSetup,
    folders: readonly string[],
    threads: number,
    breathe: Breath,
    onDone: (folder: string, adopt?: () => void) => void,
  ): Promise<void> {
    const maker = await makerOf({ folder: cacheFolder, workerFile })
    const requests = folders.map((folder): RefreshRequest => {
      const have = states.get(folder)?.segment?.checksum
      return { kind: 'refresh', root, folder, cacheFolder, maker, ...(have && { have }) }
    })
    try {
      await refreshInThreads(workerFile, requests, threads, async (answer, request) => {
        const state = states.get(request.folder)
        const segment = await receiveSegment(answer, request, breathe)
        if (state === undefined || segment === undefined) onDone(request.folder)
        else onDone(request.folder, () => adoptSegment(state, segment))
        await breathe()
      })
    } catch (error) {
      // A thread that ended has had too little memory, or its script is gone: then it goes slowly.
      if (!(error instanceof Error)) throw error
    }
  }

  /** Looks at every file, in the background and in one thread. */
  async function settle(): Promise<boolean> {
    await updating
    if (cache === undefined) return false
    let isOther = false
    await refresh(cache, [...states.keys()], 1, createBreath(), (folder, adopt) => {
      const state = states.get(folder)
      if (adopt === undefined || state === undefined) return
      const before = stampText(state)
      adopt()
      isOther ||= before !== stampText(state)
    })
    if (!isOther) return false
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
