import { createHash } from 'node:crypto'
import { decodeFile } from './file-text.ts'
import type { Runbook } from './runbook.ts'
import { isTransient, unreadRunbook } from './unread.ts'

export interface IndexPorts {
  /** Keys of all Markdown files that are not excluded. */
  list(): AsyncIterable<string>
  /** Whether `list` would give a file of this name if it existed. */
  includes(key: string): boolean | Promise<boolean>
  /** Undefined when there is no such file. A rejection means that it is there and cannot be read. */
  read(key: string): Promise<Uint8Array | undefined>
  /** Never rejects. Must not hold up the event loop. */
  parse(text: string): Promise<Runbook>
  readonly cache: IndexCache
  /** Resolves when the event loop has had a turn. */
  pause(): Promise<void>
}

/** Runbooks as JSON by the SHA-256 of their files, kept between sessions. Neither function rejects. */
export interface IndexCache {
  load(): Promise<ReadonlyMap<string, string>>
  /** Adds what is new and remembers that all of it was in use. */
  save(used: ReadonlyMap<string, string>): Promise<void>
}

export interface IndexEntry {
  readonly key: string
  /** Of the file's bytes, in hex; none when they could not be read. */
  readonly sha256?: string
  /** The same object as long as the file's content is the same. */
  readonly runbook: Runbook
}

export interface WorkspaceIndex {
  readonly state: 'building' | 'ready'
  /** Sorted by key. */
  entries(): readonly IndexEntry[]
  /** Brings everything up to date. Several calls meanwhile come to one more pass. */
  refresh(): Promise<void>
  /** A file was written, or appeared. */
  changed(key: string): void
  /** A file, or a folder with all that is in it, went away. */
  deleted(key: string): void
  onDidChange(listener: () => void): { dispose(): void }
}

/** Files that are read at once, to hide the latency of the disk. */
const readAhead = 8
/** Bytes. Nobody writes such a file by hand, and to hash it would be felt. */
const largestFile = 16 * 1024 * 1024
/** Steps and problems. To turn more of them into JSON would be felt. */
const largestCached = 2000
/** New entries after which the cache is written outside of a refresh: a change of branch, not every saved file. */
const worthSaving = 100

/** Which files of a workspace are runbooks, and what they say. */
export function createWorkspaceIndex(ports: IndexPorts): WorkspaceIndex {
  const known = new Map<string, IndexEntry>()
  const dirty = new Set<string>()
  const listeners = new Set<() => void>()
  const used = new Map<string, string>()
  let added = 0
  let cached: ReadonlyMap<string, string> = new Map()
  let sorted: readonly IndexEntry[] | undefined
  let unannounced = 0
  let state: WorkspaceIndex['state'] = 'building'
  let pass: Promise<void> | undefined
  let nextPass: Promise<void> | undefined
  let draining: Promise<void> | undefined

  function announce(): void {
    if (unannounced === 0) return
    unannounced = 0
    for (const listener of [...listeners]) listener()
  }

  function put(entry: IndexEntry): void {
    known.set(entry.key, entry)
    touched()
  }

  function remove(key: string): void {
    if (known.delete(key)) touched()
  }

  function touched(): void {
    sorted = undefined
    unannounced++
    // While the first entries come in they are shown soon, and the more there are the less often.
    if (unannounced >= Math.max(16, known.size / 2)) announce()
  }

  async function fetch(key: string): Promise<Uint8Array | 'missing' | 'unreadable'> {
    try {
      if (!(await ports.includes(key))) return 'missing'
      return (await ports.read(key)) ?? 'missing'
    } catch {
      return 'unreadable'
    }
  }

  async function update(key: string, bytes: Uint8Array | 'missing' | 'unreadable'): Promise<void> {
    if (bytes === 'missing') return remove(key)
    if (bytes === 'unreadable') return put({ key, runbook: unreadRunbook('file-not-text') })
    if (bytes.length > largestFile) return put({ key, runbook: unreadRunbook('file-too-slow') })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    if (known.get(key)?.sha256 === sha256) return
    const json = used.get(sha256) ?? cached.get(sha256)
    const remembered = json === undefined ? undefined : fromJson(json)
    if (json !== undefined && remembered !== undefined) {
      used.set(sha256, json)
      return put({ key, sha256, runbook: remembered })
    }
    await ports.pause()
    const text = decodeFile(bytes)
    const runbook = text === undefined ? unreadRunbook('file-not-text') : await ports.parse(text)
    put({ key, sha256, runbook })
    if (runbook.steps.length + runbook.problems.length > largestCached || isTransient(runbook)) return
    used.set(sha256, JSON.stringify(runbook))
    added++
  }

  async function workOff(): Promise<void> {
    try {
      // Events come in bursts.
      await ports.pause()
      while (dirty.size > 0) {
        const keys = nextDirty()
        const files = keys.map(fetch)
        for (const [at, key] of keys.entries()) {
          await update(key, (await files[at]) ?? 'missing')
          await ports.pause()
        }
      }
    } finally {
      // Before anything else can run: what gets dirty from here on needs another round.
      draining = undefined
    }
    announce()
    if (state === 'ready' && added >= worthSaving) await save()
  }

  function nextDirty(): readonly string[] {
    const keys: string[] = []
    for (const key of dirty) {
      if (keys.length === readAhead) break
      keys.push(key)
      dirty.delete(key)
    }
    return keys
  }

  function drain(): Promise<void> {
    draining ??= workOff()
    return draining
  }

  async function save(): Promise<void> {
    const entries = new Map(used)
    used.clear()
    added = 0
    await ports.cache.save(entries)
  }

  async function refreshNow(): Promise<void> {
    const isFirst = state === 'building'
    try {
      if (isFirst) cached = await ports.cache.load()
      for (const key of known.keys()) dirty.add(key)
      for await (const key of ports.list()) dirty.add(key)
      await drain()
    } finally {
      cached = new Map()
      if (isFirst) {
        state = 'ready'
        unannounced++
        announce()
      }
    }
    // What was only found again is as good where it is.
    if (added > 0) await save()
    else used.clear()
  }

  function mark(keys: Iterable<string>): void {
    for (const key of keys) dirty.add(key)
    if (dirty.size > 0) void drain()
  }

  return {
    get state() {
      return state
    },
    entries() {
      sorted ??= [...known.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
      return sorted
    },
    refresh() {
      nextPass ??= (pass ?? Promise.resolve())
        .catch(() => {})
        .then(() => {
          pass = nextPass
          nextPass = undefined
          return refreshNow()
        })
      return nextPass
    },
    changed(key) {
      mark([key])
    },
    deleted(key) {
      // The file may be back already: editors save by writing another and renaming it. Reading it will tell.
      mark([...known.keys()].filter((other) => other === key || other.startsWith(`${key}/`)))
    },
    onDidChange(listener) {
      const own = () => listener()
      listeners.add(own)
      return { dispose: () => void listeners.delete(own) }
    },
  }
}

function fromJson(json: string): Runbook | undefined {
  try {
    const runbook: unknown = JSON.parse(json)
    return isRunbook(runbook) ? runbook : undefined
  } catch {
    return undefined
  }
}

/** As much as tells a damaged cache from one that this version wrote. */
function isRunbook(value: unknown): value is Runbook {
  if (typeof value !== 'object' || value === null) return false
  const { kind, steps, procedures, problems } = value as Partial<Record<string, unknown>>
  return typeof kind === 'string' && [steps, procedures, problems].every((list) => Array.isArray(list))
}
