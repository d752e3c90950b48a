import { open, stat, unlink } from 'node:fs/promises'
import { errnoOf } from './record-reading.ts'

/** A lock this old was left by a process that was killed. */
const staleMs = 60_000

/**
 * Takes a lock that other processes see: a file, which whoever took it removes. Of several that try one gets it.
 *
 * @param now milliseconds since the epoch
 * @returns `reason` is an errno name
 */
export async function takeLock(lock: string, now: number): Promise<'taken' | 'busy' | { readonly reason: string }> {
  try {
    await (await open(lock, 'wx')).close()
    return 'taken'
  } catch (error) {
    const reason = errnoOf(error)
    if (reason !== 'EEXIST') return { reason }
    const age = await stat(lock).then(
      ({ mtimeMs }) => now - mtimeMs,
      () => 0,
    )
    // Taken at the next call: two processes that both find it stale must not both go on.
    if (age > staleMs) await unlink(lock).catch(() => undefined)
    return 'busy'
  }
}
