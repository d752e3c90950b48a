import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Breath, createBreath } from '../../record/breath.ts'
import { adoptSegment, emptyFolder, type FolderState, newestStampsOf, recordsIn, stampText } from './folder.ts'
import { readFileAnew } from './look.ts'
import { mapBounded } from './reading.ts'
import type { RefreshRequest } from './refresh.ts'
import { loadSegment, receiveSegment } from './segment-file.ts'
import { isSameFile } from './stamp.ts'
import type { Plan } from './survey.ts'
import { refreshInThreads } from './threads.ts'

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

/** By folder, as it is known at that time: while files are looked at another list may be made. */
type States = () => ReadonlyMap<string, FolderState>

/** Brings what is known of folders of records up to date with their files. */
export interface FolderUpdater {
  /** What the cache has of a folder. */
  kept(folder: string, breathe: Breath): Promise<FolderState>
  carryOut(plans: readonly Plan[], states: States, breathe: Breath, onProgress: ReadingProgress): Promise<void>
  /** Looks at every file, in the background and in one thread. Returns whether anything is other than it was known. */
  lookAtAll(states: States): Promise<boolean>
}

/** Files to read from which on threads do it, and the cache remembers. */
export const worthThreads = 64
const mostThreads = 4

export function createFolderUpdater(root: string, cache?: RecordCacheSetup): FolderUpdater {
  let maker: Promise<string> | undefined

  /** What another build has made is not used: it may see other things in a record. */
  function makerOf({ workerFile }: RecordCacheSetup): Promise<string> {
    maker ??= readFile(workerFile).then((script) => createHash('sha256').update(script).digest('hex'))
    return maker
  }

  async function kept(folder: string, breathe: Breath): Promise<FolderState> {
    const state = emptyFolder()
    if (cache === undefined) return state
    const segment = await loadSegment(cache.folder, { root, folder, maker: await makerOf(cache) }, breathe)
    if (segment !== undefined) adoptSegment(state, segment)
    return state
  }

  async function carryOut(
    plans: readonly Plan[],
    states: States,
    breathe: Breath,
    onProgress: ReadingProgress,
  ): Promise<void> {
    const toRead = plans.filter(({ read }) => read.length > 0)
    const count = ({ read, visit }: Plan) => (read === 'all' ? (visit.look.paths?.length ?? 0) : read.length)
    const all = toRead.reduce((sum, plan) => sum + count(plan), 0)
    let done = 0
    const adopted = new Set<string>()
    const report = (plan: Plan) => {
      done += count(plan)
      onProgress(done, all)
    }
    if (cache !== undefined && all > worthThreads) {
      const byFolder = new Map(toRead.map((plan) => [plan.visit.folder, plan]))
      for (const { visit, read } of toRead)
        if (read !== 'all') for (const { path } of read) visit.state.newer.delete(path)
      await refresh(cache, states, [...byFolder.keys()], mostThreads, breathe, (folder, adopt) => {
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
    states: States,
    folders: readonly string[],
    threads: number,
    breathe: Breath,
    onDone: (folder: string, adopt?: () => void) => void,
  ): Promise<void> {
    const maker = await makerOf({ folder: cacheFolder, workerFile })
    const requests = folders.map((folder): RefreshRequest => {
      const have = states().get(folder)?.segment?.checksum
      return { kind: 'refresh', root, folder, cacheFolder, maker, ...(have && { have }) }
    })
    try {
      await refreshInThreads(workerFile, requests, threads, async (answer, request) => {
        const state = states().get(request.folder)
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

  async function lookAtAll(states: States): Promise<boolean> {
    if (cache === undefined) return false
    let isOther = false
    await refresh(cache, states, [...states().keys()], 1, createBreath(), (folder, adopt) => {
      const state = states().get(folder)
      if (adopt === undefined || state === undefined) return
      const before = stampText(state)
      adopt()
      isOther ||= before !== stampText(state)
    })
    return isOther
  }

  return { kept, carryOut, lookAtAll }
}
