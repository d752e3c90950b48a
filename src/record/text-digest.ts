import { createHash } from 'node:crypto'

/** Counts and hashes text as UTF-8. */
export interface TextDigest {
  /**
   * @param onPart is given the same as UTF-8, in whole characters, in memory that is used again after the call
   * @returns how many bytes `text` is
   */
  update(text: string, onPart?: (part: Uint8Array) => void): number
  /** @param utf8 text that is UTF-8 already, whole characters; not kept beyond the call */
  updateUtf8(utf8: Uint8Array): void
  /** SHA-256, hexadecimal; to be called once. */
  hex(): string
}

const encoder = new TextEncoder()
/** Memory that is there already is by far the fastest. */
const scratch = new Uint8Array(256 * 1024)

/** The way that needs nothing of the machine. */
export function textDigest(): TextDigest {
  const hash = createHash('sha256')
  return {
    update(text, onPart) {
      let length = 0
      for (let rest = text; rest !== ''; ) {
        const { read, written } = encoder.encodeInto(rest, scratch)
        const part = scratch.subarray(0, written)
        hash.update(part)
        onPart?.(part)
        length += written
        rest = rest.slice(read)
      }
      return length
    },
    updateUtf8: (utf8) => void hash.update(utf8),
    hex: () => hash.digest('hex'),
  }
}
