import { join } from 'node:path'
import type { FiledDigest } from '../../record/digest-block.ts'
import { createSummarizer } from '../../record/summarizer.ts'
import type { Digest } from '../../record/summary.ts'
import { errnoOf, withChunksSync } from './reading.ts'
import { stampOf } from './stamp.ts'

/**
 * What a record says in short, and of which file; waits for the disk. Undefined where it cannot be read: that is no knowledge
 * to keep.
 * @param path relative to `root`
 */
export function digestNow(root: string, path: string): FiledDigest | undefined {
  const summarizer = createSummarizer(path)
  try {
    // Looked at before it is read: what is written meanwhile makes it another file.
    const stamp = stampOf(withChunksSync(join(root, path), summarizer.push))
    return { digest: summarizer.end(stamp.mtimeMs), stamp }
  } catch (error) {
    errnoOf(error)
    return undefined
  }
}

/** @param reason an errno name */
export function unreadable(path: string, reason: string, startedAt: number): Digest {
  return { summary: { path, outcome: 'unreadable', reason, startedAt }, parents: [], texts: [] }
}
