import { open, readdir, stat, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { RunDescription } from '../../execution/event.ts'
import type { ClosedRecord } from '../../record/abandoned.ts'
import { encodeLine } from '../../record/line.ts'
import { createVerifier } from '../../record/verify.ts'
import { processGone } from '../host.ts'
import { releaseLock, takeLock } from '../lock.ts'
import { draftEnding } from './file.ts'
import { chunksOf, errnoOf } from './reading.ts'

export interface OpenRecord {
  /** Relative to the root, with `/`. */
  readonly path: string
  /** What ran. */
  readonly title: string
  readonly startedAt: number
  readonly host: RunDescription['host']
}

export interface Closing {
  readonly root: string
  readonly folder: string
  /** Records without an end. */
  readonly open: readonly OpenRecord[]
  /** Who closes. */
  readonly by: string
  readonly now: number
}

/** Ends the records whose writer is gone. Two windows that start together must not both append to the same record. */
export async function closeAbandonedRecords({
  root,
  folder,
  open,
  by,
  now,
}: Closing): Promise<readonly ClosedRecord[]> {
  await sweepDrafts(join(root, folder), now)
  const abandoned: OpenRecord[] = []
  for (const record of open) if (await isAbandoned(record)) abandoned.push(record)
  if (abandoned.length === 0) return []
  const lock = join(root, folder, '.closing')
  const taken = await takeLock(lock, now)
  if (taken === 'busy') return []
  if (taken !== 'taken') return abandoned.map(({ path }) => ({ kind: 'failed', path, reason: taken.reason }))
  try {
    const results: ClosedRecord[] = []
    for (const { path, title, startedAt } of abandoned) {
      try {
        if (await close(join(root, path), by, now)) results.push({ kind: 'closed', path, title, startedAt })
      } catch (error) {
        results.push({ kind: 'failed', path, reason: errnoOf(error) })
      }
    }
    return results
  } finally {
    await releaseLock(lock)
  }
}

async function isAbandoned({ host, startedAt }: OpenRecord): Promise<boolean> {
  if (host.name !== hostname() || host.platform !== process.platform) return false
  // This process knows what it writes, and `open` does not hold that.
  return host.pid === process.pid || (await processGone(host.pid, startedAt))
}

/** False when the record has an end meanwhile, or is no chain: then nothing is added that would hide that. */
async function close(file: string, by: string, now: number): Promise<boolean> {
  const verifier = createVerifier()
  let lastByte = 10
  for await (const chunk of chunksOf(file)) {
    verifier.push(chunk)
    lastByte = chunk.at(-1) ?? lastByte
  }
  const found = verifier.end()
  if (found.kind !== 'incomplete') return false
  const line = encodeLine(found.lines, found.head ?? null, now, {
    type: 'run-abandoned',
    by,
    reason: 'process-gone',
    torn: found.torn,
  })
  const lineEnd = lastByte === 10 ? new Uint8Array() : new Uint8Array([10])
  const handle = await open(file, 'a')
  try {
    await handle.appendFile(Buffer.concat([lineEnd, line.bytes]))
    await handle.datasync()
  } finally {
    await handle.close()
  }
  return true
}

/** A draft becomes a record within milliseconds: one this old was left by a process that ended before. */
const draftMs = 10 * 60_000

/** Removes what was begun and never became a record: nothing had run yet. Looks where a crash of late can have left it. */
async function sweepDrafts(folder: string, now: number): Promise<void> {
  const months = new Set([now, now - 28 * 86_400_000].map((time) => new Date(time).toISOString().slice(0, 7)))
  for (const month of months) {
    const path = join(folder, ...month.split('-'))
    const names = await readdir(path).catch(() => [])
    for (const name of names.filter((one) => one.endsWith(draftEnding))) {
      const changed = await stat(join(path, name)).catch(() => undefined)
      if (changed && now - changed.mtimeMs > draftMs) await unlink(join(path, name)).catch(() => undefined)
    }
  }
}
