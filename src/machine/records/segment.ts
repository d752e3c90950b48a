import { crc32 } from 'node:zlib'
import { bufferOf } from '../../record/bytes.ts'
import {
  type DigestReader,
  type EncodedDigests,
  encodeDigests,
  type FiledDigest,
  readDigests,
} from '../../record/digest-block.ts'
import { digestNow, unreadable } from './digest.ts'
import {
  type PartKind,
  type PartPlace,
  partKinds,
  type Release,
  type SegmentParts,
  type Stretch,
} from './segment-parts.ts'
import type { FolderStamp } from './stamp.ts'

/** What is known of the records directly in one folder: what the file of the cache for this folder holds. */
export interface Segment {
  /** Tells one version of a segment from another. */
  readonly checksum: string
  readonly stamp: FolderStamp
  /** Names of the folders in it. */
  readonly folders: readonly string[]
  readonly blocks: readonly DigestReader[]
  /** Whether everything is there as it was written. */
  isWhole(): boolean
  /** Has all parts of these kinds at hand; of no kind, it says whether they could be: see `SegmentParts.fetch`. */
  fetch(...kinds: readonly PartKind[]): Promise<Release | undefined>
}

interface Header extends FolderStamp {
  readonly format: typeof format
  /** What made the file: another Baton may see other things in a record. */
  readonly maker: string
  readonly root: string
  readonly folder: string
  readonly folders: readonly string[]
  readonly blocks: readonly BlockPlan[]
}

/** Where the texts of a block are. */
interface BlockPlan {
  /** Bytes. */
  readonly shapes: number
  /** By name, in their order. */
  readonly columns: readonly (readonly [name: string, bytes: number])[]
  /** In the order of `partKinds`. */
  readonly parts: readonly Omit<PartPlace, 'at'>[]
}

const format = 'baton records 2'
/** Few enough that reading one never holds up an editor. */
const recordsPerBlock = 500
/** Characters of searched text after which a block ends. */
const textPerBlock = 1024 * 1024

/** Whose records a segment is about, and who made it. */
export type SegmentOwner = Pick<Header, 'maker' | 'root' | 'folder'>

/** The file of a segment is its head, with all that a list shows, and then what is asked for later. */
export interface EncodedSegment {
  readonly head: Uint8Array<ArrayBuffer>
  readonly rest: Uint8Array<ArrayBuffer>
}

/** Bytes of the first line: checksum (CRC-32) and length of the rest of the head, which begins with the header in a line of its own. */
const firstLine = 8 + 1 + 10 + 1

export function encodeSegment(
  owner: SegmentOwner,
  { stamp, folders }: Pick<Segment, 'stamp' | 'folders'>,
  filed: readonly FiledDigest[],
): EncodedSegment {
  const blocks = chunksOf(filed).map((chunk) => bytesOf(encodeDigests(chunk)))
  const plans = blocks.map(
    ({ shapes, columns, parts }): BlockPlan => ({
      shapes: shapes.length,
      columns: columns.map(({ name, bytes }) => [name, bytes.length]),
      parts: parts.map((bytes) => ({ length: bytes.length, sum: crc32(bytes) })),
    }),
  )
  const header: Header = { format, ...owner, ...stamp, folders, blocks: plans }
  const listed = blocks.flatMap(({ shapes, columns }) => [shapes, ...columns.map(({ bytes }) => bytes)])
  const head = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...listed])
  const line = `${hex(crc32(head))} ${String(head.length).padStart(10, '0')}\n`
  // All of one kind together: who asks for them asks for all.
  const rest = partKinds.flatMap((_, kind) => blocks.map(({ parts }) => parts[kind] ?? Buffer.alloc(0)))
  return { head: ownMemory([Buffer.from(line), head]), rest: ownMemory(rest) }
}

/** Memory of its own, which can be handed to another thread. */
function ownMemory(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

function chunksOf(filed: readonly FiledDigest[]): readonly (readonly FiledDigest[])[] {
  const chunks: FiledDigest[][] = []
  let [records, text] = [0, 0]
  for (const one of filed) {
    const length = one.digest.texts.reduce((sum, { length }) => sum + length, 0)
    if (chunks.length === 0 || records >= recordsPerBlock || text + length > textPerBlock) {
      chunks.push([])
      records = 0
      text = 0
    }
    chunks.at(-1)?.push(one)
    records += 1
    text += length
  }
  return chunks
}

function bytesOf(block: EncodedDigests) {
  return {
    shapes: Buffer.from(block.shapes),
    columns: block.names.map((name) => ({ name, bytes: Buffer.from(block.column(name)) })),
    parts: partKinds.map((kind) => Buffer.from(kind === 'bodies' ? block.allBodies : block[kind])),
  }
}

/** How long the head is of which these are the first bytes; undefined where they are of none. */
export function headLength(bytes: Uint8Array): number | undefined {
  const [, length] = /^[0-9a-f]{8} (\d{10})\n/.exec(Buffer.from(bytes.subarray(0, firstLine)).toString('latin1')) ?? []
  return length === undefined ? undefined : firstLine + Number(length)
}

/**
 * Undefined for what is damaged, or was not made by this owner: then the records are read again.
 * @param head of the file
 * @param parts where the rest of it is
 */
export function* decodeSegment(
  head: Uint8Array,
  owner: SegmentOwner,
  parts: SegmentParts,
): Generator<undefined, Segment | undefined> {
  const file = bufferOf(head)
  const sum = hex(crc32(file.subarray(firstLine)))
  if (headLength(file) !== file.length || file.toString('latin1', 0, 8) !== sum) return undefined
  const headerEnd = file.indexOf(10, firstLine)
  const header: Header = JSON.parse(file.toString('utf8', firstLine, headerEnd))
  const { mtimeMs, ino, listedAt, folders } = header
  if (header.format !== format || header.maker !== owner.maker) return undefined
  if (header.root !== owner.root || header.folder !== owner.folder) return undefined
  const { places, stretches } = placesOf(header.blocks, file.length)
  const blocks: DigestReader[] = []
  let at = headerEnd + 1
  for (const [index, plan] of header.blocks.entries()) {
    const shapes = file.toString('utf8', at, at + plan.shapes)
    at += plan.shapes
    const columns = new Map<string, Buffer>()
    for (const [name, bytes] of plan.columns) {
      columns.set(name, file.subarray(at, at + bytes))
      at += bytes
    }
    const part = (kind: PartKind) => {
      const place = places[index]?.get(kind)
      return place && parts.read(place)
    }
    const block = {
      shapes,
      // Kept as bytes, which take half of the memory, until somebody asks.
      column: (name: string) => columns.get(name)?.toString('latin1') ?? '',
      get files() {
        return part('files')?.toString('utf8')
      },
      get results() {
        return part('results')?.toString('utf8')
      },
      get texts() {
        return part('texts')?.toString('utf8')
      },
      bodies() {
        const bodies = part('bodies')
        return bodies && ((from: number, to: number) => bodies.toString('utf8', from, to))
      },
    }
    blocks.push(readDigests(block, (path) => digestNow(owner.root, path)?.digest ?? unreadable(path, 'ENOENT', 0)))
    yield
  }
  return {
    checksum: sum,
    stamp: { mtimeMs, ino, listedAt },
    folders,
    blocks,
    isWhole: () => places.every((ofBlock) => [...ofBlock.values()].every((place) => parts.read(place) !== undefined)),
    fetch: (...kinds) => parts.fetch(file.subarray(0, firstLine), together(kinds.map((kind) => stretches[kind]))),
  }
}

/** Where the parts are in the file: of each block, and together. */
function placesOf(blocks: readonly BlockPlan[], headEnd: number) {
  const places = blocks.map(() => new Map<PartKind, PartPlace>())
  const none = { at: 0, length: 0 }
  const stretches: Record<PartKind, Stretch> = { files: none, results: none, texts: none, bodies: none }
  let at = headEnd
  for (const [which, kind] of partKinds.entries()) {
    const begin = at
    for (const [index, { parts }] of blocks.entries()) {
      const part = parts[which] ?? { length: 0, sum: 0 }
      places[index]?.set(kind, { ...part, at })
      at += part.length
    }
    stretches[kind] = { at: begin, length: at - begin }
  }
  return { places, stretches }
}

function together(stretches: readonly Stretch[]): Stretch {
  const at = Math.min(...stretches.map((one) => one.at))
  const end = Math.max(...stretches.map((one) => one.at + one.length))
  return stretches.length === 0 ? { at: 0, length: 0 } : { at, length: end - at }
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, '0')
}
