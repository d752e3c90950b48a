import { createHash } from 'node:crypto'
import { keepTail, type OutputTail } from './output-tail.ts'

/** The most bytes (UTF-8) of one step's output that a record holds, unless the operator chose another limit. */
export const usualOutputLimit = 1024 * 1024

/** A line costs a record some 200 bytes beside its text: neither half has more lines than this, however short they are. */
const linesOfHalf = 16_384

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

const encoder = new TextEncoder()
/** Where text becomes UTF-8 for a moment: encoding it once, into memory that is there, is by far the fastest way. */
const scratch = new Uint8Array(256 * 1024)

/** @param limit in bytes of UTF-8: half of it for the head, half for the tail; what is no limit stands for the usual one */
export function keepOutput(limit: number): KeptOutput {
  const half = (limit >= 0 ? limit : usualOutputLimit) / 2
  const hash = createHash('sha256')
  let bytes = 0
  let headBytes = 0
  let headLines = 0
  /** From the moment on at which the head is full. */
  let tail: OutputTail | undefined
  /** When the first of the tail came, which is the first to be left out. */
  let tailBegan: number | undefined

  function count(part: Uint8Array): void {
    hash.update(part)
    bytes += part.length
  }

  function hold(at: number, part: Uint8Array): void {
    tailBegan ??= at
    tail?.put(at, part)
  }

  return {
    take(at, text) {
      if (tail) {
        encode(text, (part) => {
          count(part)
          hold(at, part)
        })
        return []
      }
      encode(text, count)
      headLines += 1
      const length = Buffer.byteLength(text)
      const cut = headBytes + length <= half ? text.length : unitsWithin(text, half - headBytes)
      headBytes += length
      if (headBytes >= half || headLines >= linesOfHalf) tail = keepTail(half, linesOfHalf)
      encode(text.slice(cut), (part) => hold(at, part))
      return cut === 0 ? [] : [{ type: 'output', at, text: text.slice(0, cut) }]
    },
    end() {
      const { parts, omittedBytes } = tail?.take() ?? { parts: [], omittedBytes: 0 }
      const kept = parts.map((part) => ({ type: 'output', ...part }) as const)
      if (omittedBytes === 0) return kept
      return [{ type: 'output-omitted', at: tailBegan ?? 0, bytes: omittedBytes }, ...kept]
    },
    bytes: () => bytes,
    sha256: () => hash.digest('hex'),
  }
}

/** @param onPart is given UTF-8 of whole characters in memory that is used again */
function encode(text: string, onPart: (part: Uint8Array) => void): void {
  for (let rest = text; rest !== ''; ) {
    const { read, written } = encoder.encodeInto(rest, scratch)
    onPart(scratch.subarray(0, written))
    rest = rest.slice(read)
  }
}

/** How many UTF-16 units of `text` are at most `bytes` bytes of UTF-8, without cutting a character in two. */
function unitsWithin(text: string, bytes: number): number {
  return encoder.encodeInto(text, new Uint8Array(Math.floor(bytes))).read
}
