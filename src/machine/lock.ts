import { open, readFile, rm, stat } from 'node:fs/promises'
import { createOwner, readOwner } from './ownership/owner.ts'
import { errnoOf } from './records/reading.ts'

/** A lock this old was left by a process that was killed, where nothing else tells. */
const staleMs = 60_000

/**
 * Takes a lock that other processes see: a file that names its process. Of several that try one gets it, and keeps it for
 * as long as it needs. One that was left by a process that is gone is taken over at once.
 *
 * @param now milliseconds since the epoch
 * @returns `reason` is an errno name
 */
export async function takeLock(lock: string, now: number): Promise<'taken' | 'busy' | { readonly reason: string }> {
  const reason = await create(lock)
  if (reason === undefined) return 'taken'
  if (reason !== 'EEXIST') return { reason }
  return (await isLeft(lock, now)) && (await takeOver(lock, now)) ? 'taken' : 'busy'
}

/** Never fails: what cannot be removed goes when this process is gone. */
export async function releaseLock(lock: string): Promise<void> {
  // Whatever looks through new files on Windows holds them for a moment.
  await rm(lock, { force: true, maxRetries: 3 }).catch(() => undefined)
}

/** Two processes that both find it left must not both go on: the second would remove the lock of the first. */
async function takeOver(lock: string, now: number): Promise<boolean> {
  const turn = `${lock}.next`
  if ((await create(turn)) !== undefined) {
    if (await isLeft(turn, now)) await releaseLock(turn)
    return false
  }
  try {
    if (!(await isLeft(lock, now))) return false
    await releaseLock(lock)
    return (await create(lock)) === undefined
  } finally {
    await releaseLock(turn)
  }
}

/** Undefined when it was made; else an errno name. */
async function create(lock: string): Promise<string | undefined> {
  try {
    const handle = await open(lock, 'wx')
    try {
      await handle.writeFile(createOwner().folderName)
    } catch (error) {
      await releaseLock(lock)
      throw error
    } finally {
      await handle.close()
    }
    return undefined
  } catch (error) {
    return errnoOf(error)
  }
}

/** Whether whoever made it is gone. Of a process on another computer, or in another container, only time tells. */
async function isLeft(lock: string, now: number): Promise<boolean> {
  const owner = readOwner(await readFile(lock, 'utf8').catch(() => ''))
  if (owner?.here) return owner.isGone()
  const age = await stat(lock).then(
    ({ mtimeMs }) => now - mtimeMs,
    // It was removed in between.
    () => 0,
  )
  return age > staleMs
}
