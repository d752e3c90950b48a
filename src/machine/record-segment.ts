import { crc32 } from 'node:zlib'
import {
  type DigestBlock,
  type DigestReader,
  encodeDigests,
  type FiledDigest,
  readDigests,
} from '../record/digest-block.ts'
import type { FolderStamp } from './record-stamp.ts'

/** What is known of the records directly in one folder: what the file of the cache for this folder holds. */
export interface Segment {
  /** Tells one version of a segment from another. */
  readonly checksum: string
  readonly stamp: FolderStamp
  /** Names of the folders in it. */
  readonly folders: readonly string[]
  readonly blocks: readonly DigestReader[]
}

interface Header extends FolderStamp {
  readonly format: typeof format
  /** What made the file: another Baton may see other things in a record. */
  readonly maker: string
  readonly root: string
  readonly folder: string
  readonly folders: readonly string[]
  /** Of each block the lengths of its texts, in bytes. */
  readonly blocks: readonly (readonly number[])[]
}

const format = 'baton records 1'
/** Few enough that reading one never holds up an editor. */
const recordsPerBlock = 500
/** Characters of searched text after which a block ends. */
const textPerBlock = 1024 * 1024

/** Whose records a segment is about, and who made it. */
export type SegmentOwner = Pick<Header, 'maker' | 'root' | 'folder'>

/** The first line of a file is the checksum (CRC-32) of the rest, the second the header, and then come the texts. */
export function encodeSegment(
  owner: SegmentOwner,
  { stamp, folders }: Pick<Segment, 'stamp' | 'folders'>,
  filed: readonly FiledDigest[],
): Uint8Array<ArrayBuffer> {
  const blocks = chunksOf(filed).map((chunk) => textsOf(encodeDigests(chunk)).map((text) => Buffer.from(text)))
  const header: Header = {
    format,
    ...owner,
    ...stamp,
    folders,
    blocks: blocks.map((texts) => texts.map(({ length }) => length)),
  }
  const rest = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...blocks.flat()])
  const sum = Buffer.from(`${checksum(rest)}\n`)
  // Memory of its own, which can be handed to another thread.
  const file = new Uint8Array(sum.length + rest.length)
  file.set(sum)
  file.set(rest, sum.length)
  return file
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

function textsOf({ list, files, results, texts }: DigestBlock): readonly string[] {
  return [list, files, results, texts]
}

/** Undefined for what is damaged, or was not made by this owner: then the records are read again. */
export function* decodeSegment(bytes: Uint8Array, owner: SegmentOwner): Generator<undefined, Segment | undefined> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const from = file.indexOf(10) + 1
  const sum = checksum(file.subarray(from))
  if (from === 0 || file.toString('latin1', 0, from - 1) !== sum) return undefined
  yield
  const headerEnd = file.indexOf(10, from)
  const header: Header = JSON.parse(file.toString('utf8', from, headerEnd))
  const { mtimeMs, ino, listedAt, folders } = header
  if (header.format !== format || header.maker !== owner.maker) return undefined
  if (header.root !== owner.root || header.folder !== owner.folder) return undefined
  let at = headerEnd + 1
  const take = (length: number) => {
    const piece = file.subarray(at, at + length)
    at += length
    return piece
  }
  const blocks: DigestReader[] = []
  for (const [list = 0, files = 0, results = 0, texts = 0] of header.blocks) {
    const pieces = [take(list), take(files), take(results), take(texts)] as const
    blocks.push(
      readDigests({
        list: pieces[0].toString('latin1'),
        // Kept as bytes, which take half of the memory, until somebody asks.
        get files() {
          return pieces[1].toString('utf8')
        },
        get results() {
          return pieces[2].toString('utf8')
        },
        get texts() {
          return pieces[3].toString('utf8')
        },
      }),
    )
    yield
  }
  return { checksum: sum, stamp: { mtimeMs, ino, listedAt }, folders, blocks }
}

function checksum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0')
}
