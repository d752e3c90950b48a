import { createHash } from 'node:crypto'

/** The most bytes (UTF-8) of one step's output that a record holds, unless the operator chose another limit. */
export const usualOutputLimit = 1024 * 1024

/** A line costs a record some 200 bytes beside its text: neither half has more lines than this, however short they are. */
const linesOfHalf = 16_384

/** How far behind the limit a tail may begin so that it begins with a line, in bytes. */
const searchedForLine = 4096

export type OutputPart =
  | { readonly type: 'output'; readonly at: number; readonly text: string }
  /** Stands between head and tail: `at` is when the first of what was left out came. */
  | { readonly type: 'output-omitted'; readonly at: number; readonly bytes: number }

/** What is kept of one step's output: its head as it comes, its tail when it is over, and the hash of all of it. */
export interface KeptOutput {
  /** @returns what to write now. The tail is held back, since more may come. */
  take(at: number, text: string): readonly OutputPart[]
  /** What was held back; to be called once. */
  end(): readonly OutputPart[]
  /** Of everything taken, as UTF-8. */
  bytes(): number
  /** Of everything taken, as UTF-8, hexadecimal; to be called once, after `end`. */
  sha256(): string
}

interface Chunk {
  readonly at: number
  readonly text: string
  readonly bytes: number
}

const encoder = new TextEncoder()
/** Where text becomes UTF-8 for a moment: encoding it once, into memory that is there, is by far the fastest way. */
const scratch = new Uint8Array(256 * 1024)
const decoder = new TextDecoder()

/** @param limit in bytes of UTF-8: half of it for the head, half for the tail */
export function keepOutput(limit: number): KeptOutput {
  const half = Math.max(0, limit / 2)
  const hash = createHash('sha256')
  let bytes = 0
  let headBytes = 0
  let headLines = 0
  let isHeadFull = false
  let tail: Chunk[] = []
  let tailBytes = 0
  let omitted: { readonly at: number; bytes: number } | undefined

  function omit({ at }: Chunk, count: number): void {
    omitted ??= { at, bytes: 0 }
    omitted.bytes += count
    tailBytes -= count
  }

  function hold(chunk: Chunk): void {
    if (chunk.text === '') return
    tail.push(chunk)
    tailBytes += chunk.bytes
    for (let first = tail[0]; first; first = tail[0]) {
      if (tailBytes - first.bytes < half && tail.length <= linesOfHalf) return
      omit(first, first.bytes)
      tail.shift()
    }
  }

  /** The tail as long as it may be at most; from the start of a line on, where one begins in what is cut. */
  function trim(): void {
    const [first, ...rest] = tail
    const excess = tailBytes - half
    if (!first || excess <= 0) return
    const encoded = encoder.encode(first.text)
    const least = Math.ceil(excess)
    const lineFeed = encoded.subarray(least - 1, least + searchedForLine).indexOf(10)
    let from = least + Math.max(0, lineFeed)
    while (((encoded[from] ?? 0) & 0xc0) === 0x80) from += 1
    omit(first, Math.min(from, encoded.length))
    const text = decoder.decode(encoded.subarray(from))
    tail = text === '' ? rest : [{ at: first.at, text, bytes: encoded.length - from }, ...rest]
  }

  /** @returns its length in bytes */
  function hashed(text: string): number {
    let length = 0
    for (let rest = text; rest !== ''; ) {
      const { read, written } = encoder.encodeInto(rest, scratch)
      hash.update(scratch.subarray(0, written))
      length += written
      rest = rest.slice(read)
    }
    return length
  }

  return {
    take(at, text) {
      const length = hashed(text)
      bytes += length
      if (isHeadFull) {
        hold({ at, text, bytes: length })
        return []
      }
      headLines += 1
      const room = half - headBytes
      const cut = length <= room ? text.length : unitsWithin(text, room)
      headBytes += cut === text.length ? length : room
      isHeadFull = headBytes >= half || headLines >= linesOfHalf
      const rest = text.slice(cut)
      hold({ at, text: rest, bytes: Buffer.byteLength(rest) })
      return cut === 0 ? [] : [{ type: 'output', at, text: text.slice(0, cut) }]
    },
    end() {
      trim()
      const kept = tail.map(({ at, text }) => ({ type: 'output', at, text }) as const)
      tail = []
      return omitted === undefined ? kept : [{ type: 'output-omitted', ...omitted }, ...kept]
    },
    bytes: () => bytes,
    sha256: () => hash.digest('hex'),
  }
}

/** How many UTF-16 units of `text` are at most `bytes` bytes of UTF-8, without cutting a character in two. */
function unitsWithin(text: string, bytes: number): number {
  return encoder.encodeInto(text, new Uint8Array(Math.floor(bytes))).read
}
