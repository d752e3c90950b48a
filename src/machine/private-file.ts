import { link, lstat, open, rename, rm } from 'node:fs/promises'
import type { DraftedFile } from '../secrets/transfer/handover.ts'
import { errnoOf } from './records/reading.ts'

/**
 * Writes a file that its owner alone may read; on Windows that is for the folder to say.
 * @param path absolute
 * @param replace whether a file of that name may go
 */
export async function draftPrivateFile(path: string, text: string, replace: boolean): Promise<DraftedFile> {
  const draft = `${path}.part`
  const discard = () => rm(draft, { force: true })
  try {
    // What an earlier try left, which nobody finished.
    await discard()
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    await discard().catch(() => undefined)
    return { kind: 'failed', reason: errnoOf(error) }
  }
  async function publish(): Promise<string | undefined> {
    try {
      await (replace ? rename(draft, path) : nameOnce(draft, path))
      return undefined
    } catch (error) {
      await discard().catch(() => undefined)
      return errnoOf(error)
    }
  }
  return { kind: 'draft', draft: { publish, discard } }
}

/** `rename` would put it in the place of a file that came meanwhile; a link does not, where the file system has links. */
async function nameOnce(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path)
  } catch (error) {
    if (errnoOf(error) === 'EEXIST' || (await lstat(path).catch(() => undefined)) !== undefined) {
      throw Object.assign(new Error('the file is there'), { code: 'EEXIST' })
    }
    return rename(draft, path)
  }
  await rm(draft, { force: true })
}
