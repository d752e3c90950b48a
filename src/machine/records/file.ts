import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RecordFile } from '../../record/recorder.ts'
import { errnoOf } from './reading.ts'

/** `time` (milliseconds since the epoch), `operator` and `id` make the name of a record's file. */
export interface RecordName {
  readonly id: string
  readonly operator: string
  readonly time: number
}

/** `YYYY/MM/<time>-<operator>-<id>.jsonl`, in UTC, with `/`; every file system takes it. */
export function recordPath({ id, operator, time }: RecordName): string {
  const iso = new Date(time).toISOString()
  // To the millisecond: the order of the names is the order of the runs, also of two in one second.
  const stamp = iso.slice(0, 23).replaceAll(/[-:.]/g, '')
  return `${iso.slice(0, 4)}/${iso.slice(5, 7)}/${stamp}Z-${fileNamePart(operator)}-${fileNamePart(id)}.jsonl`
}

/** Behind the name of a record that nobody may read yet: by its name it is none. */
export const draftEnding = '.part'

/**
 * What may stand inside a file name: no character that Windows forbids, none that is invisible or turns the writing
 * direction, and short enough for 255 bytes in any script. Reserved names such as CON are harmless here, because the time
 * stands before them.
 */
function fileNamePart(text: string): string {
  const safe = text
    .normalize('NFC')
    .replaceAll(/[<>:"/\\|?*\p{C}\p{Z}]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
  return (
    [...safe]
      .slice(0, 40)
      .join('')
      .replace(/[-.]+$/, '') || 'unknown'
  )
}

/**
 * Creates a record's file and everything above it. The file appears under its name with the first sync, so that whoever reads
 * it finds at least the line that says what it is. Rejects with the system's error: `EEXIST` when the file is there.
 *
 * @param shown the path that people see
 */
export async function openRecordFile(path: string, shown: string): Promise<RecordFile> {
  await makeFolder(dirname(path))
  if (await isThere(path)) throw Object.assign(new Error('the file is there'), { code: 'EEXIST' })
  const draft = path + draftEnding
  let handle = await open(draft, 'ax')
  let isDraft = true
  /** Whoever writes or syncs meanwhile waits for the file that has the name. */
  let publishing: Promise<void> | undefined

  async function publish(): Promise<void> {
    await handle.close()
    await rename(draft, path)
    isDraft = false
    handle = await open(path, 'a')
    await syncFolder(dirname(path))
  }

  return {
    path: shown,
    async append(bytes) {
      await publishing
      await handle.appendFile(bytes)
    },
    async sync() {
      await publishing
      await handle.datasync()
      if (isDraft) {
        publishing ??= publish()
        await publishing
      }
      // What was removed can still be written to, and nobody would ever see it.
      if ((await handle.stat()).nlink === 0) throw Object.assign(new Error('the file was removed'), { code: 'ENOENT' })
    },
    async close() {
      await publishing?.catch(() => undefined)
      await handle.close()
      if (isDraft) await rm(draft, { force: true })
    },
  }
}

/**
 * A record that is complete when it is begun: its file has all of `bytes`, or does not appear. The name must be one that no
 * other record has. Rejects with the system's error.
 */
export async function writeRecordFile(path: string, bytes: Uint8Array): Promise<void> {
  await makeFolder(dirname(path))
  const draft = path + draftEnding
  try {
    const handle = await open(draft, 'wx')
    try {
      await handle.writeFile(bytes)
      await handle.datasync()
    } finally {
      await handle.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw error
  }
  await syncFolder(dirname(path))
}

/**
 * Step by step, because `mkdir` with `recursive` answers ENOENT on a file system that is read-only. A new name is on the disk
 * only when the folder that holds it is.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const reason = errnoOf(error)
    if (reason === 'EEXIST') return
    if (reason !== 'ENOENT' || dirname(folder) === folder) throw error
    await makeFolder(dirname(folder))
    return makeFolder(folder)
  }
  await syncFolder(dirname(folder))
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** Windows cannot sync a folder, and needs not to. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(join(folder, '.'), 'r')
  await handle.sync().finally(() => handle.close())
}
