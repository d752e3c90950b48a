import { join } from 'node:path'
import { createSummarizer } from '../../record/summarizer.ts'
import type { Digest } from '../../record/summary.ts'
import { errnoOf, withChunksSync } from './reading.ts'

/**
 * What a record says in short; waits for the disk. Undefined where it cannot be read: that is no knowledge to keep.
 * @param path relative to `root`
 * @param modifiedAt when the file was last changed, milliseconds since the epoch
 */
export function digestNow(root: string, path: string, modifiedAt: number): Digest | undefined {
  const summarizer = createSummarizer(path, modifiedAt)
  try {
    withChunksSync(join(root, path), (chunk, isWhole) => (isWhole ? summarizer.pushAll(chunk) : summarizer.push(chunk)))
    return summarizer.end()
  } catch (error) {
    errnoOf(error)
    return undefined
  }
}

/** @param reason an errno name */
export function unreadable(path: string, reason: string, startedAt: number): Digest {
  return { summary: { path, outcome: 'unreadable', reason, startedAt }, parents: [], texts: [] }
}
