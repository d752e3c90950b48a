import { keepTail, type OutputTail } from './output-tail.ts'
import { type TextDigest, textDigest } from './text-digest.ts'

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
  /**
   * @param utf8 the same text, in parts, where it is at hand; not kept beyond the call
   * @returns what to write now. The tail is held back, since more may come.
   */
  take(at: number, text: string, utf8?: readonly Uint8Array[]): readonly OutputPart[]
  /** The head is full: each part of UTF-8 that is taken from now on may become a line. */
  isPastHead(): boolean
  /** What was held back; to be called once. */
  end(): readonly OutputPart[]
  /** Of everything taken, as UTF-8. */
  bytes(): number
  /** Of everything taken, as UTF-8, hexadecimal; to be called once, after `end`. */
  sha256(): string
}

/**
 * @param limit in bytes of UTF-8: half of it for the head, half for the tail; what is no limit stands for the usual one
 * @param digest counts and hashes everything taken
 */
export function keepOutput(limit: number, digest: TextDigest = textDigest()): KeptOutput {
  const half = (limit >= 0 ? limit : usualOutputLimit) / 2
  let bytes = 0
  let headBytes = 0
  let headLines = 0
  /** From the moment on at which the head is full. */
  let tail: OutputTail | undefined
  /** When the first of the tail came, which is the first to be left out. */
  let tailBegan: number | undefined

  function count(text: string, utf8: readonly Uint8Array[] | undefined, onPart?: (part: Uint8Array) => void): number {
    if (utf8 === undefined) return digest.update(text, onPart)
    let length = 0
    for (const part of utf8) {
      digest.updateUtf8(part)
      onPart?.(part)
      length += part.length
    }
    return length
  }

  return {
    take(at, text, utf8) {
      if (tail) {
        const { put } = tail
        tailBegan ??= at
        bytes += count(text, utf8, (part) => put(at, part))
        return []
      }
      const length = count(text, utf8)
      const cut = headBytes + length <= half ? text.length : unitsWithin(text, half - headBytes)
      bytes += length
      headBytes += length
      headLines += 1
      if (headBytes >= half || headLines >= linesOfHalf) tail = keepTail(half, linesOfHalf)
      if (cut < text.length) {
        tailBegan = at
        tail?.put(at, encoder.encode(text.slice(cut)))
      }
      return cut === 0 ? [] : [{ type: 'output', at, text: text.slice(0, cut) }]
    },
    isPastHead: () => tail !== undefined,
    end() {
      const { parts, omittedBytes } = tail?.take() ?? { parts: [], omittedBytes: 0 }
      const kept = parts.map((part) => ({ type: 'output', ...part }) as const)
      if (omittedBytes === 0) return kept
      return [{ type: 'output-omitted', at: tailBegan ?? 0, bytes: omittedBytes }, ...kept]
    },
    bytes: () => bytes,
    sha256: () => digest.hex(),
  }
}

const encoder = new TextEncoder()

/** How many UTF-16 units of `text` are at most `bytes` bytes of UTF-8, without cutting a character in two. */
function unitsWithin(text: string, bytes: number): number {
  return encoder.encodeInto(text, new Uint8Array(Math.floor(bytes))).read
}
