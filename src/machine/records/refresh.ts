import { createHash, randomUUID } from 'node:crypto'
import {
  appendFileSync,
  type Dirent,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { FiledDigest, FileStamp } from '../../record/digest-block.ts'
import { digestNow } from './digest.ts'
import { errnoOf } from './reading.ts'
import {
  decodeSegment,
  type EncodedSegment,
  encodeSegment,
  headLength,
  type Segment,
  type SegmentOwner,
} from './segment.ts'
import { partsInMemory } from './segment-parts.ts'
import { isSameFile, isSameFolder, stampOf } from './stamp.ts'

/** A folder of records whose segment is to be brought up to date. */
export interface RefreshRequest extends SegmentOwner {
  readonly kind: 'refresh'
  /** Where the segments lie; made when it is missing. */
  readonly cacheFolder: string
  /** The checksum of the segment that is known already. */
  readonly have?: string
}

/** The segment as it is now; missing where it is the known one, or where the folder is gone. */
export interface RefreshAnswer {
  readonly head?: Uint8Array<ArrayBuffer>
  /** Where it could not be written. */
  readonly rest?: Uint8Array<ArrayBuffer>
}

/** The file of the cache for one folder of records. */
export function segmentFile(cacheFolder: string, { root, folder }: Omit<SegmentOwner, 'maker'>): string {
  const name = createHash('sha256').update(`${root}\0${folder}`).digest('hex').slice(0, 32)
  return join(cacheFolder, `${name}${extension}`)
}

const extension = '.records'

/**
 * Looks at every file of a folder, reads those that are not as the cache has them, and replaces the segment as a whole: of
 * two that do it at once one loses what it read, and nobody reads half a file. Waits for the disk meanwhile, so it is for a
 * thread. A cache that cannot be read is empty, and one that cannot be written is done without.
 */
export function refreshSegment(request: RefreshRequest): RefreshAnswer {
  const { root, folder, cacheFolder, maker } = request
  const file = segmentFile(cacheFolder, request)
  const listedAt = Date.now()
  let entries: readonly Dirent[]
  let stats: ReturnType<typeof statSync>
  try {
    stats = statSync(join(root, folder))
    entries = readdirSync(join(root, folder), { withFileTypes: true })
  } catch {
    return {}
  }
  const before = load(file, request)
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.jsonl'))
    .map(({ name }) => `${folder}/${name}`)
    .sort()
  if (before !== undefined && isSameFolder(before.segment.stamp, stats) && isUnchanged(before.segment, root, paths)) {
    return before.segment.checksum === request.have ? {} : { head: before.head }
  }

  const known = new Map(
    (before?.segment.blocks ?? []).flatMap((block) => block.digests()).map((one) => [one.digest.summary.path, one]),
  )
  const filed = paths.flatMap((path) => keptDigest(known.get(path), root, path) ?? digestNow(root, path) ?? [])
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const stamp = { mtimeMs: stats.mtimeMs, ino: stats.ino, listedAt }
  const segment = encodeSegment({ root, folder, maker }, { stamp, folders }, filed)
  return write(cacheFolder, file, segment) ? { head: segment.head } : segment
}

interface Loaded {
  readonly segment: Segment
  readonly head: Uint8Array<ArrayBuffer>
}

/** Only what is whole. */
function load(file: string, owner: SegmentOwner): Loaded | undefined {
  try {
    const bytes = new Uint8Array(readFileSync(file))
    const head = bytes.slice(0, headLength(bytes))
    const decoding = decodeSegment(head, owner, partsInMemory(bytes.subarray(head.length), head.length))
    for (;;) {
      const { done, value } = decoding.next()
      if (done) return value?.isWhole() ? { segment: value, head } : undefined
    }
  } catch {
    return undefined
  }
}

function isUnchanged({ blocks }: Segment, root: string, now: readonly string[]): boolean {
  const before = blocks.flatMap((block) => {
    const files = block.files()
    return block.summaries.map(({ path }, index) => ({ path, stamp: files[index] }))
  })
  if (before.length !== now.length) return false
  return before.every(
    ({ path, stamp }, index) => path === now[index] && stamp !== undefined && isStill(stamp, root, path),
  )
}

/** What is known of a file, where it is still that file. */
function keptDigest(known: FiledDigest | undefined, root: string, path: string): FiledDigest | undefined {
  return known !== undefined && isStill(known.stamp, root, path) ? known : undefined
}

function isStill(stamp: FileStamp, root: string, path: string): boolean {
  const now = stampNow(join(root, path))
  return now !== undefined && isSameFile(stamp, now)
}

function stampNow(file: string): FileStamp | undefined {
  try {
    return stampOf(statSync(file))
  } catch (error) {
    errnoOf(error)
    return undefined
  }
}

/** Says whether it is written. */
function write(cacheFolder: string, file: string, { head, rest }: EncodedSegment): boolean {
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    mkdirSync(cacheFolder, { recursive: true })
    writeFileSync(temporary, head, { flag: 'wx' })
    appendFileSync(temporary, rest)
    renameSync(temporary, file)
    return true
  } catch {
    rmSync(temporary, { force: true })
    return false
  }
}

const day = 24 * 60 * 60 * 1000

/** Drops what belongs to repos that are gone, or to a process that crashed: whoever needs it still reads its records once more. */
export function removeStaleSegments(cacheFolder: string, now: number): void {
  try {
    for (const name of readdirSync(cacheFolder)) {
      const age = now - statSync(join(cacheFolder, name)).mtimeMs
      const limit = name.endsWith('.tmp') ? day : name.endsWith(extension) ? 400 * day : Number.POSITIVE_INFINITY
      if (age > limit) rmSync(join(cacheFolder, name), { force: true })
    }
  } catch {
    // Not there, or another process does the same.
  }
}
