import { type FileHandle, mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { releaseLock, takeLock } from './lock.ts'

/** One line of the file: a text that was let run, or of which nothing but its hash is kept any more. */
export interface ApprovalLine {
  readonly sha256: string
  readonly place?: string
  readonly text?: string
}

/** Where a line lies in the file, in bytes, without its line end. */
export interface LinePlace {
  readonly offset: number
  readonly length: number
}

export type OnLine = (line: ApprovalLine, place: LinePlace) => void

/** Longer than any line that is written. */
const bufferBytes = 4 * 1024 * 1024

/**
 * Reads the whole lines from `offset` on. What is no line, because it was torn or damaged, is passed over.
 *
 * @returns where to read on when there is more
 */
export async function readLines(handle: FileHandle, offset: number, onLine: OnLine): Promise<number> {
  const buffer = Buffer.allocUnsafe(bufferBytes)
  let at = offset
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, bufferBytes, at)
    const bytes = buffer.subarray(0, bytesRead)
    let from = 0
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
      const line = parseLine(bytes.toString('utf8', from, end))
      if (line) onLine(line, { offset: at + from, length: end - from })
      from = end + 1
    }
    // A buffer without a line end is no line of ours: it is passed over.
    at += from === 0 && bytesRead === bufferBytes ? bufferBytes : from
    if (bytesRead < bufferBytes) return at
  }
}

/** Undefined for what is no line. */
export function parseLine(text: string): ApprovalLine | undefined {
  if (text === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isLine(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isLine(value: unknown): value is ApprovalLine {
  if (typeof value !== 'object' || value === null || !('sha256' in value)) return false
  if (typeof value.sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(value.sha256)) return false
  return (
    isOptionalText('place' in value ? value.place : undefined) &&
    isOptionalText('text' in value ? value.text : undefined)
  )
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

/** The line feed before them ends what was torn. */
function encode(lines: readonly ApprovalLine[]): Buffer {
  return Buffer.from(`\n${lines.map((line) => `${JSON.stringify(line)}\n`).join('')}`)
}

/** Longer than any lock is held by a process that lives. */
const patienceMs = 2000

/**
 * Appends lines. Rejects with the system's error.
 *
 * @param now milliseconds since the epoch
 */
export async function appendLines(path: string, lines: readonly ApprovalLine[], now: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  let taken = await takeLock(lockOf(path), now)
  // Windows answers EPERM for a lock that is just being removed.
  const begin = performance.now()
  for (let waited = 0; taken !== 'taken' && waited < patienceMs; waited = performance.now() - begin) {
    await sleep(10)
    taken = await takeLock(lockOf(path), now + waited)
  }
  try {
    // Also without the lock, which a process that was killed may have left: most systems append in one piece.
    await write(path, 'a', lines)
  } finally {
    if (taken === 'taken') await releaseLock(lockOf(path))
  }
}

function lockOf(path: string): string {
  return `${path}.lock`
}

async function write(path: string, flags: 'a' | 'w', lines: readonly ApprovalLine[]): Promise<void> {
  const handle = await open(path, flags, 0o600)
  try {
    await handle.appendFile(encode(lines))
    if (flags === 'w') await handle.datasync()
  } finally {
    await handle.close()
  }
}

/** Tells a file from the one that replaced it; undefined when there is none. */
export async function identityOf(file: FileHandle | string): Promise<string | undefined> {
  try {
    const { dev, ino, birthtimeNs } =
      typeof file === 'string' ? await stat(file, { bigint: true }) : await file.stat({ bigint: true })
    // A file system may give the number of a file that is gone to the next one.
    return `${dev}:${ino}:${birthtimeNs}`
  } catch {
    return undefined
  }
}

/**
 * Writes the file anew without the texts that others took the place of. Nothing happens while another process writes.
 *
 * @param now milliseconds since the epoch
 */
export async function compact(path: string, now: number): Promise<void> {
  if ((await takeLock(lockOf(path), now)) !== 'taken') return
  const temporary = `${path}.new`
  try {
    await write(temporary, 'w', await linesToKeep(path))
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  } finally {
    await releaseLock(lockOf(path))
  }
}

async function linesToKeep(path: string): Promise<readonly ApprovalLine[]> {
  const handle = await open(path, 'r')
  try {
    const last = new Map<string, number>()
    await readLines(handle, 0, ({ place }, { offset }) => place !== undefined && last.set(place, offset))
    const hashes = new Set<string>()
    const live: ApprovalLine[] = []
    await readLines(handle, 0, (line, { offset }) => {
      if (line.place !== undefined && last.get(line.place) === offset) live.push(line)
      else hashes.add(line.sha256)
    })
    for (const { sha256 } of live) hashes.delete(sha256)
    return [...Array.from(hashes, (sha256) => ({ sha256 })), ...live]
  } finally {
    await handle.close()
  }
}
