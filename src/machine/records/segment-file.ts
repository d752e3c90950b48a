import { open } from 'node:fs/promises'
import type { Breath } from '../../record/breath.ts'
import { type RefreshAnswer, segmentFile } from './refresh.ts'
import { decodeSegment, headLength, type Segment, type SegmentOwner } from './segment.ts'
import { partsInFile, partsInMemory, type SegmentParts } from './segment-parts.ts'

/** Bytes: the heads of most months are shorter, so that one read does. */
const usualHead = 128 * 1024

/** What the cache has of a folder; undefined where it has nothing that can be used. */
export async function loadSegment(
  cacheFolder: string,
  owner: SegmentOwner,
  breathe: Breath,
): Promise<Segment | undefined> {
  const file = segmentFile(cacheFolder, owner)
  try {
    return await decode(await readHead(file), owner, partsInFile(file), breathe)
  } catch {
    return undefined
  }
}

/** What a thread found; undefined where it found nothing else. */
export async function receiveSegment(
  { head, rest }: RefreshAnswer,
  owner: SegmentOwner & { readonly cacheFolder: string },
  breathe: Breath,
): Promise<Segment | undefined> {
  if (head === undefined) return undefined
  const parts = rest ? partsInMemory(rest, head.length) : partsInFile(segmentFile(owner.cacheFolder, owner))
  return decode(head, owner, parts, breathe)
}

async function readHead(file: string): Promise<Uint8Array> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(usualHead), 0, usualHead, 0)
    const first = buffer.subarray(0, bytesRead)
    const length = headLength(first) ?? 0
    // Memory of its own, and no more than that: it stays.
    const head = new Uint8Array(length)
    head.set(first.subarray(0, length))
    if (length > bytesRead) await handle.read(head, bytesRead, length - bytesRead, bytesRead)
    return head
  } finally {
    await handle.close()
  }
}

async function decode(
  head: Uint8Array,
  owner: SegmentOwner,
  parts: SegmentParts,
  breathe: Breath,
): Promise<Segment | undefined> {
  const decoding = decodeSegment(head, owner, parts)
  for (;;) {
    const { done, value } = decoding.next()
    if (done) return value
    await breathe()
  }
}
