import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Approvals } from '../execution/run-api.ts'
import {
  type ApprovalLine,
  appendLines,
  compact,
  identityOf,
  type LinePlace,
  parseLine,
  readLines,
} from './approval-file.ts'

export interface ApprovalsSetup {
  /** Absolute: this user's own, outside of every repo. Made when it is missing. */
  readonly folder: string
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

interface Latest extends LinePlace {
  readonly sha256: string
}

/** A longer text is approved like any other, but there is no diff to it later. In bytes of UTF-8. */
const textLimit = 256 * 1024

/** The file is written anew when so many bytes of it, and half of it, are texts that others took the place of. */
const wasteLimit = 1024 * 1024

/**
 * The texts that this user let run on this computer, in one file that every window and the command line append to and read
 * on from where they were. A file that is damaged counts as far as it can be read; where it cannot be read or written, an
 * approval holds for this process alone.
 */
export function createApprovals({ folder, now = Date.now }: ApprovalsSetup): Approvals {
  const path = join(folder, 'approvals.jsonl')
  /** What the file says, as far as it was read. */
  let identity: string | undefined
  let readTo = 0
  let waste = 0
  const approved = new Set<string>()
  const latest = new Map<string, Latest>()
  /** What this process was told, and of that the texts that could not be written. */
  const own = new Set<string>()
  const unsaved = new Map<string, string>()
  // One after the other: two that read on at once would read the same lines twice.
  let queue: Promise<unknown> = Promise.resolve()

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = queue.then(work)
    queue = result.catch(() => undefined)
    return result
  }

  function forget(): void {
    identity = undefined
    readTo = 0
    waste = 0
    approved.clear()
    latest.clear()
  }

  function take({ sha256, place, text }: ApprovalLine, at: LinePlace): void {
    const before = place === undefined ? undefined : latest.get(place)
    waste += before?.length ?? 0
    approved.add(sha256)
    if (place === undefined) return
    if (text === undefined) latest.delete(place)
    else latest.set(place, { ...at, sha256 })
  }

  /** Reads what came since the last time, and gives what `use` makes of the open file. */
  async function withFile<Result>(use: (handle: FileHandle) => Promise<Result>): Promise<Result | undefined> {
    let handle: FileHandle | undefined
    try {
      handle = await open(path, 'r')
      const found = await identityOf(handle)
      const { size } = await handle.stat()
      if (found !== identity || size < readTo) forget()
      identity = found
      if (size > readTo) readTo = await readLines(handle, readTo, take)
      return await use(handle)
    } catch {
      // Not there, or not to be read: then nothing is approved but what this process was told itself.
      forget()
      return undefined
    } finally {
      await handle?.close()
    }
  }

  return {
    find: (place, sha256) =>
      inTurn(async () => {
        const saved = await withFile(async (handle) => {
          const at = latest.get(place)
          return at && textAt(handle, at)
        })
        const previous = unsaved.get(place) ?? saved
        return {
          approved: approved.has(sha256) || own.has(sha256),
          ...(previous === undefined ? {} : { previous }),
        }
      }),
    add: (entries) =>
      inTurn(async () => {
        await withFile(async () => undefined)
        const news = entries.filter(({ place, sha256 }) => latest.get(place)?.sha256 !== sha256)
        for (const { place, sha256, text } of entries) {
          own.add(sha256)
          unsaved.set(place, text)
        }
        try {
          if (news.length > 0) await appendLines(path, news.map(lineOf), now())
          for (const { place } of entries) unsaved.delete(place)
          // A file that cannot be written anew just stays as long as it is.
          if (waste > wasteLimit && waste > readTo / 2) await compact(path, now())
        } catch {
          // It is asked for again the next time.
        }
      }),
  }
}

function lineOf({ place, sha256, text }: { place: string; sha256: string; text: string }): ApprovalLine {
  return { sha256, place, ...(Buffer.byteLength(text) <= textLimit && { text }) }
}

async function textAt(handle: FileHandle, { offset, length }: LinePlace): Promise<string | undefined> {
  const buffer = Buffer.alloc(length)
  await handle.read(buffer, 0, length, offset)
  return parseLine(buffer.toString('utf8'))?.text
}
