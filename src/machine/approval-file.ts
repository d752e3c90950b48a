import { type FileHandle, mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { takeLock } from './lock.ts'

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

/** One write for all, which no other process's write can cut in two; the line feed before it ends what was torn. */
function encode(lines: readonly ApprovalLine[]): Buffer {
  return Buffer.from(`\n${lines.map((line) => `${JSON.stringify(line)}\n`).join('')}`)
}

/** Appends lines, also when the file is replaced at that moment. Rejects with the system's error. */
export async function appendLines(path: string, lines: readonly ApprovalLine[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  for (;;) {
    const handle = await open(path, 'a', 0o600)
    try {
      await handle.appendFile(encode(lines))
      // Written to a file that was replaced in between, and that nobody reads any more: once more, into the new one.
      if ((await identityOf(handle)) === (await identityOf(path))) return
    } finally {
      await handle.close()
    }
  }
}

/** Tells a file from the one that replaced it; undefined when there is none. */
export async function identityOf(file: FileHandle | string): Promise<string | undefined> {
  try {
    const { dev, ino } =
      typeof file === 'string' ? await stat(file, { bigint: true }) : await file.stat({ bigint: true })
    return `${dev}:${ino}`
  } catch {
    return undefined
  }
}

/**
 * Writes the file anew without the texts that others took the place of. What another process appends meanwhile is in the
 * new file too. Nothing happens while another process does the same.
 *
 * @param now milliseconds since the epoch
 */
export async function compact(path: string, now: number): Promise<void> {
  const lock = join(dirname(path), '.compacting')
  if ((await takeLock(lock, now)) !== 'taken') return
  try {
    await rewrite(path, `${path}.new`)
  } finally {
    await unlink(lock).catch(() => undefined)
  }
}

async function rewrite(path: string, temporary: string): Promise<void> {
  const old = await open(path, 'r')
  try {
    const last = new Map<string, number>()
    await readLines(old, 0, ({ place }, { offset }) => place !== undefined && last.set(place, offset))
    const hashes = new Set<string>()
    const live: ApprovalLine[] = []
    const end = await readLines(old, 0, (line, { offset }) => {
      if (line.place !== undefined && last.get(line.place) === offset) live.push(line)
      else hashes.add(line.sha256)
    })
    for (const { sha256 } of live) hashes.delete(sha256)
    await writeAll(temporary, [...[...hashes].map((sha256) => ({ sha256 })), ...live])
    // Windows replaces no file that is open: there, what is appended in this moment is asked for again.
    if (process.platform === 'win32') await old.close()
    await rename(temporary, path)
    if (process.platform === 'win32') return
    const late: ApprovalLine[] = []
    await readLines(old, end, (line) => late.push(line))
    if (late.length > 0) await appendLines(path, late)
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  } finally {
    await old.close()
  }
}

async function writeAll(path: string, lines: readonly ApprovalLine[]): Promise<void> {
  const handle = await open(path, 'w', 0o600)
  try {
    await handle.appendFile(encode(lines))
    await handle.datasync()
  } finally {
    await handle.close()
  }
}
