import { isAbsolute, join } from 'node:path'
import type { RecordFailure } from '../../execution/run-api.ts'
import type { ClosedRecord } from '../../record/abandoned.ts'
import type { ActDescription } from '../../record/act.ts'
import { createBreath } from '../../record/breath.ts'
import { encodeLine, recordFormat } from '../../record/line.ts'
import type { RecordFile } from '../../record/recorder.ts'
import { createRecordSearch, type RecordSearch } from '../../record/search.ts'
import { type RecordSummary, type RunSummary, runsAmong } from '../../record/summary.ts'
import type { OpenRecord } from '../../record/timeline.ts'
import { readOnScreen, type Transcript } from '../../record/transcript.ts'
import { type CheckedRecord, parentsToSearch, type StoreVerification, verifyStore } from '../../record/verify-store.ts'
import { screenText } from '../screen-text.ts'
import { closeAbandonedRecords, type OpenRecord as UnclosedRecord } from './abandoned.ts'
import { checkRecord } from './check.ts'
import { openRecordFile, type RecordName, recordPath, writeRecordFile } from './file.ts'
import { createRecordList } from './list.ts'
import { chunksOf, errnoOf, mapBounded, recordPaths } from './reading.ts'
import { checkInThreads } from './threads.ts'
import type { ReadingProgress, RecordCacheSetup } from './updates.ts'
import { watchRecords } from './watch.ts'
import type { CheckAnswer } from './worker.ts'

export interface RecordStoreSetup {
  /** Absolute: the root of the repo. */
  readonly root: string
  /** Where the records are, relative to the root, with `/`. */
  readonly folder?: string
  /** Where is kept between processes what records say in short; without it everything happens in this thread. */
  readonly cache?: RecordCacheSetup
  /** Hears of every record that whoever wrote it has closed. */
  readonly onWritten?: (path: string) => void
}

/** The records of one repo. Paths of records are relative to its root, with `/`. */
export interface RecordStore {
  create(run: RecordName): Promise<RecordCreation>
  /** Keeps an act that was done at `time`, in a record of its own: the whole of it or, after a failure, nothing. */
  recordAct(act: ActDescription, time: number): Promise<RecordFailure | undefined>
  /** The runs, newest first. What did not change since the last call is not read again. */
  list(): Promise<readonly RunSummary[]>
  /** The runs and the acts, newest first. `onProgress` hears how many records are read of those that have to be. */
  all(onProgress?: ReadingProgress): Promise<readonly RecordSummary[]>
  /**
   * Of many records `list` and `all` believe that a closed record in a folder without changes is as it was, and have every
   * file looked at afterwards: resolves when that is over, with whether the list is another one now. `watch` tells it too.
   */
  settled(): Promise<boolean>
  /** Has every file looked at again after the next list. */
  recheck(): void
  /**
   * Looks for words in commands, notes, names of runbooks and people: says afterwards of which records. What is searched is
   * in the cache, so no record is read for it. Ends early, with what was found until then, when `signal` says so.
   */
  search(text: string, signal?: AbortSignal): Promise<RecordSearch>
  /** Heads that no other record names as its parent: the `parents` of the next record. */
  tips(): Promise<readonly string[]>
  /** Its outputs are what a terminal shows of them in the end. Rejects with the system's error when the file cannot be read. */
  read(path: string): Promise<Transcript>
  /** Its bytes, as often as they are wanted. */
  opened(path: string): OpenRecord
  /** All records, or those named, which may be anywhere on this computer when their paths are absolute. */
  verify(paths?: readonly string[]): Promise<StoreVerification>
  /** What a record of this repo that was checked alone is, in view of the acts that took output out of records. */
  judgePruned(record: CheckedRecord): Promise<CheckedRecord>
  /** Closes records that a process of this computer began and did not end. Nothing happens while another process does it. */
  closeAbandoned(by: string, now: number): Promise<readonly ClosedRecord[]>
  /** Tells, once for changes that come together, that records changed. Returns what stops it. */
  watch(onChange: () => void): () => void
}

export type RecordCreation =
  | { readonly kind: 'created'; readonly file: RecordFile; readonly path: string }
  /** `reason` is an errno name. */
  | { readonly kind: 'failed'; readonly code: 'record-unwritable'; readonly path: string; readonly reason: string }

/** Records from which on several threads check them faster than this one. */
const worthThreads = 512

export function createRecordStore({ root, folder = '.baton/runs', cache, onWritten }: RecordStoreSetup): RecordStore {
  const records = createRecordList({ root, folder, ...(cache && { cache }) })
  /** Records that this process writes: nobody else is gone when they have no end. */
  const writing = new Set<string>()

  const absolute = (path: string) => (isAbsolute(path) ? path : join(root, path))

  const allPaths = () => recordPaths(root, folder)

  async function tips(): Promise<readonly string[]> {
    const heads: string[] = []
    const named = new Set<string>()
    for await (const piece of records.links()) {
      for (const { head, parents } of piece) {
        if (head !== undefined) heads.push(head)
        for (const parent of parents) named.add(parent)
      }
    }
    return heads.filter((head) => !named.has(head)).sort()
  }

  async function unclosed(): Promise<readonly UnclosedRecord[]> {
    const open: UnclosedRecord[] = []
    for await (const piece of records.links()) {
      for (const { summary, openOn } of piece) {
        if (openOn === undefined || writing.has(summary.path) || !('runbook' in summary)) continue
        const { path, startedAt, runbook } = summary
        open.push({ path, title: runbook.title || runbook.path, startedAt, host: openOn })
      }
    }
    // What is said of them is said in the order of the runs, which is that of the names.
    return open.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  }

  async function search(text: string, signal?: AbortSignal): Promise<RecordSearch> {
    const found = createRecordSearch(text)
    for await (const { summaries, index } of records.texts()) {
      if (signal?.aborted) break
      found.push(summaries, index)
    }
    return found
  }

  /** Threads are started where they are worth it. */
  async function checkAll(paths: readonly string[], sought?: ReadonlySet<string>): Promise<CheckAnswer> {
    if (cache !== undefined && paths.length >= worthThreads)
      return checkInThreads(cache.workerFile, paths, absolute, sought)
    const found: string[] = []
    const onHash = sought && ((hash: string) => void (sought.has(hash) && found.push(hash)))
    return { checks: await mapBounded(paths, (path) => checkRecord(absolute(path), onHash)), found }
  }

  /** The acts that may vouch for pruned records, but for those named. */
  async function prunings(named: readonly string[]): Promise<readonly CheckedRecord[]> {
    const known = new Set(named.map(absolute))
    const found = (await records.all()).filter((one) => one.outcome === 'act' && one.act === 'output-pruned')
    const paths = found.map(({ path }) => path).filter((path) => !known.has(absolute(path)))
    const { checks } = await checkAll(paths)
    return checks.map((check, index) => ({ path: paths[index] ?? '', ...check }))
  }

  return {
    async create(run) {
      const path = `${folder}/${recordPath(run)}`
      try {
        const file = await openRecordFile(absolute(path), path)
        writing.add(path)
        const close = () =>
          file.close().finally(() => {
            writing.delete(path)
            onWritten?.(path)
          })
        return { kind: 'created', file: { ...file, close }, path }
      } catch (error) {
        return { kind: 'failed', code: 'record-unwritable', path, reason: errnoOf(error) }
      }
    },
    async recordAct(act, time) {
      const path = `${folder}/${recordPath({ id: act.id, operator: act.operator.name, time })}`
      try {
        const parents = await tips()
        const line = encodeLine(0, null, time, { type: 'act', format: recordFormat, ...act, parents })
        await writeRecordFile(absolute(path), line.bytes)
        onWritten?.(path)
        return undefined
      } catch (error) {
        return { problem: { code: 'record-unwritable', values: { path, reason: errnoOf(error) } } }
      }
    },
    list: async () => runsAmong(await records.all()),
    all: records.all,
    settled: records.settled,
    recheck: records.recheck,
    search,
    tips,
    read: (path) => readOnScreen(chunksOf(absolute(path)), screenText),
    opened: (path) => () => chunksOf(absolute(path)),
    async verify(paths) {
      const known = await allPaths()
      const named = paths ?? known
      const { checks } = await checkAll(named)
      const breathe = createBreath()
      await breathe()
      const records = checks.map((found, index) => ({ path: named[index] ?? '', ...found }))
      await breathe()
      const sought = await parentsToSearch(records, breathe)
      const isPruned = records.some(({ sha256 }) => sha256 !== undefined)
      const acts = isPruned && paths !== undefined ? await prunings(named) : []
      const everywhere = () => (paths === undefined ? known : [...new Set([...known, ...named])])
      const found = sought.size > 0 ? (await checkAll(everywhere(), sought)).found : []
      const lines = new Set(found)
      return verifyStore(records, sought, (hash) => lines.has(hash), acts, breathe)
    },
    async judgePruned(record) {
      if (record.sha256 === undefined) return record
      const acts = await prunings([record.path])
      const { records } = await verifyStore([record], new Set(), () => true, acts, createBreath())
      return records[0] ?? record
    },
    async closeAbandoned(by, now) {
      return closeAbandonedRecords({ root, folder, open: await unclosed(), by, now })
    },
    watch(onChange) {
      const stops = [
        watchRecords({ root, folder, onChange, onTouched: records.touched }),
        records.onDidSettle(onChange),
      ]
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}
