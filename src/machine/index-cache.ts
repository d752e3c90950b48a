import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { IndexCache } from '../runbook/workspace-index.ts'

export interface IndexCacheOptions {
  /** Where the cache lies; made when it is missing. */
  readonly folder: string
  /** The script that parses: what another one has made is not used. */
  readonly parserFile: string
  /** What was longest out of use is dropped above this. */
  readonly maxBytes?: number
}

const fileName = 'runbooks.index'
const batchChars = 1024 * 1024
/** Milliseconds. What a window that crashed while it wrote has left. */
const abandonedAfter = 60 * 60 * 1000

/**
 * The index's memory between sessions: one file of lines, a header and then `<sha256> <JSON>`, longest unused first. Windows
 * replace it as a whole: of two that write at once one loses what it added, and nobody reads half a file. A cache that
 * cannot be read is empty, and one that cannot be written is done without.
 */
export function createIndexCache({ folder, parserFile, maxBytes = 32 * 1024 * 1024 }: IndexCacheOptions): IndexCache {
  const path = join(folder, fileName)
  let header: Promise<string> | undefined

  function expectedHeader(): Promise<string> {
    header ??= readFile(parserFile).then(
      (script) => `baton index 1 ${createHash('sha256').update(script).digest('hex')}`,
    )
    return header
  }

  async function load(): Promise<Map<string, string>> {
    const entries = new Map<string, string>()
    try {
      const expected = await expectedHeader()
      let isFirst = true
      for await (const line of lines(path)) {
        if (isFirst && line !== expected) return entries
        isFirst = false
        if (/^[0-9a-f]{64} \{/.test(line) && line.endsWith('}')) entries.set(line.slice(0, 64), line.slice(65))
      }
    } catch {
      // Not there, not readable, or the disk fails: the files are parsed again.
    }
    return entries
  }

  async function save(used: ReadonlyMap<string, string>): Promise<void> {
    const temporary = join(folder, `${fileName}.${randomUUID()}.tmp`)
    try {
      await mkdir(folder, { recursive: true })
      await removeAbandoned(folder)
      const entries = await load()
      for (const [sha256, json] of used) {
        entries.delete(sha256)
        entries.set(sha256, json)
      }
      const content = batches(await expectedHeader(), withinLimit(entries, maxBytes))
      await writeFile(temporary, content, { flag: 'wx' })
      await rename(temporary, path)
    } catch {
      await rm(temporary, { force: true }).catch(() => {})
    }
  }

  return { load, save }
}

/** `readline` would hold the whole file up at once where it comes from memory; this gives way after each chunk. */
async function* lines(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: batchChars })) {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
}

function withinLimit(entries: ReadonlyMap<string, string>, maxBytes: number): readonly (readonly [string, string])[] {
  let size = 0
  const newestFirst = [...entries].reverse()
  const kept = newestFirst.filter(([sha256, json]) => {
    const bytes = sha256.length + Buffer.byteLength(json) + 2
    if (size + bytes > maxBytes) return false
    size += bytes
    return true
  })
  return kept.reverse()
}

function* batches(header: string, entries: readonly (readonly [string, string])[]): Generator<string> {
  let batch = `${header}\n`
  for (const [sha256, json] of entries) {
    batch += `${sha256} ${json}\n`
    if (batch.length < batchChars) continue
    yield batch
    batch = ''
  }
  yield batch
}

async function removeAbandoned(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${fileName}.`) && name.endsWith('.tmp'))
  for (const name of names) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > abandonedAfter) await rm(path, { force: true })
  }
}
