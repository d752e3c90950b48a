import { transcode } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { TextDigest } from '../record/text-digest.ts'

const encoder = new TextEncoder()
/** Units of UTF-16 that are turned at once: each becomes three bytes at most. */
const longest = 64 * 1024
const utf16 = Buffer.alloc(longest * 2)
const utf8 = Buffer.alloc(longest * 3)

/**
 * V8 turns text beyond Latin-1 into UTF-8 slowly: copied as it lies in memory it is turned by vector instructions. ASCII is
 * fast the usual way, and what comes is mostly like what came before.
 */
export const fastTextDigest = (): TextDigest => {
  const hash = createHash('sha256')
  let wide = false
  const inUtf8 = (text: string): Uint8Array => {
    if (wide) {
      try {
        return transcode(utf16.subarray(0, utf16.write(text, 'utf16le')), 'utf16le', 'utf8')
      } catch {
        // A lone half of a surrogate pair, which looking for would cost more.
      }
    }
    return utf8.subarray(0, encoder.encodeInto(text, utf8).written)
  }
  return {
    update: (text, onPart) => {
      let length = 0
      for (let from = 0; from < text.length; ) {
        const whole = Math.min(text.length, from + longest)
        const splits = whole < text.length && (text.charCodeAt(whole - 1) & 0xfc00) === 0xd800
        const piece = text.slice(from, splits ? whole - 1 : whole)
        const part = inUtf8(piece)
        hash.update(part)
        onPart?.(part)
        wide = part.length > piece.length
        length += part.length
        from += piece.length
      }
      return length
    },
    updateUtf8: (utf8) => void hash.update(utf8),
    hex: () => hash.digest('hex'),
  }
}
