import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileStamp } from '../../record/digest-block.ts'
import { createSummarizer } from '../../record/summarizer.ts'
import { unreadable } from './digest.ts'
import { type FolderState, type Known, newestStampsOf, pathsIn } from './folder.ts'
import { errnoOf, isRecordEntry, mapBounded, withChunks } from './reading.ts'
import { type FolderStamp, isSameFile, isSameFolder, stampOf } from './stamp.ts'

/** A folder as it is now. */
export type FolderLook =
  /** `paths` of its records, where it had to be listed again. */
  | {
      readonly kind: 'folder'
      readonly stamp: FolderStamp
      readonly paths?: readonly string[]
      readonly folders: readonly string[]
    }
  | { readonly kind: 'gone' }
  /** `reason` is an errno name. */
  | { readonly kind: 'unreadable'; readonly reason: string }

export interface ChangedFile {
  readonly path: string
  readonly stamp: FileStamp
}

/** Lists a folder where its names may have changed. Symbolic links are not followed. */
export async function lookAtFolder(root: string, folder: string, before: FolderState): Promise<FolderLook> {
  try {
    const stats = await stat(join(root, folder))
    if (before.stamp !== undefined && isSameFolder(before.stamp, stats)) {
      return { kind: 'folder', stamp: before.stamp, folders: before.folders }
    }
    const stamp = { mtimeMs: stats.mtimeMs, ino: stats.ino, listedAt: Date.now() }
    const entries: Dirent[] = await readdir(join(root, folder), { withFileTypes: true })
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    const files = entries.filter(isRecordEntry)
    return { kind: 'folder', stamp, folders, paths: files.map(({ name }) => `${folder}/${name}`).sort() }
  } catch (error) {
    const reason = errnoOf(error)
    return reason === 'ENOENT' ? { kind: 'gone' } : { kind: 'unreadable', reason }
  }
}

/** What has to be read of a folder, and whether its list is another one already, because files are gone. */
export interface FolderChanges {
  readonly read: readonly ChangedFile[]
  readonly isOther: boolean
}

/**
 * Looks at files of a folder: which of them are not as they are known. Forgets those that are gone.
 * @param listed the names in the folder, where it was listed anew
 * @param looked the files to look at, where not all
 */
export async function changesIn(
  root: string,
  state: FolderState,
  listed: readonly string[] | undefined,
  looked: readonly string[] | undefined,
): Promise<FolderChanges> {
  if (listed === undefined && looked?.length === 0) return { read: [], isOther: false }
  const stamps = newestStampsOf(state)
  let isOther = false
  const forget = (path: string) => {
    if (state.newer.get(path) === 'gone') return
    isOther = true
    state.newer.set(path, 'gone')
  }
  if (listed !== undefined) {
    const names = new Set(listed)
    for (const path of pathsIn(state)) if (!names.has(path)) forget(path)
  }
  const read = await mapBounded(looked ?? listed ?? pathsIn(state), async (path): Promise<readonly ChangedFile[]> => {
    try {
      const stamp = stampOf(await stat(join(root, path)))
      const before = stamps.get(path)
      return before !== undefined && isSameFile(before, stamp) ? [] : [{ path, stamp }]
    } catch (error) {
      const reason = errnoOf(error)
      if (reason === 'ENOENT') forget(path)
      else {
        isOther = true
        state.newer.set(path, { digest: unreadable(path, reason, 0) })
      }
      return []
    }
  })
  return { read: read.flat(), isOther }
}

/** Records without an end, and those that the cache does not have: they change while others do not. */
export function livelyPaths({ blocks, newer }: FolderState): readonly string[] {
  const open = blocks.flatMap((block) => block.running())
  const own = [...newer].flatMap(([path, known]) => (known === 'gone' ? [] : [path]))
  return [...new Set([...open.map(({ path }) => path).filter((path) => newer.get(path) !== 'gone'), ...own])]
}

export async function readFileAnew(root: string, path: string): Promise<Known | 'gone'> {
  let modifiedAt = 0
  try {
    const file = join(root, path)
    // Looked at before it is read: what is written meanwhile makes it another file.
    const stamp = stampOf(await stat(file))
    modifiedAt = stamp.mtimeMs
    const summarizer = createSummarizer(path)
    await withChunks(file, summarizer.push)
    return { digest: summarizer.end(modifiedAt), stamp }
  } catch (error) {
    const reason = errnoOf(error)
    return reason === 'ENOENT' ? 'gone' : { digest: unreadable(path, reason, modifiedAt) }
  }
}
