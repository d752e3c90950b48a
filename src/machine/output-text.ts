import { createHash, type Hash } from 'node:crypto'
import type { StepExit } from '../execution/shells.ts'
import { streamDecoder } from './decode.ts'
import type { StreamDecoder } from './encodings.ts'

/** What one step prints, on however many streams, as text. */
export interface OutputText {
  /** A decoder for one stream of it. */
  stream(): StreamDecoder
  /** How its step ended, with what is to be said of bytes that were no text; after the `end` of each stream. */
  exit(end: StepExit): StepExit
}

/** @param encoding as for `streamDecoder` */
export const outputText = (encoding: string | undefined): OutputText => {
  const decoders: StreamDecoder[] = []
  const original = originalBytes()
  return {
    stream: () => {
      const decoder = streamDecoder(encoding)
      decoders.push(decoder)
      return {
        ...decoder,
        write: (bytes) => {
          original.add(bytes)
          return decoder.write(bytes)
        },
      }
    },
    exit: (end) => {
      const bytes = decoders.reduce((sum, decoder) => sum + decoder.undecodable(), 0)
      return bytes === 0 ? end : { ...end, undecodable: { bytes, sha256: original.sha256() } }
    },
  }
}

/** Up to so many bytes, in so many pieces, are held instead of hashed: most steps print less, and all of it is text. */
const heldBytes = 1024 * 1024
const heldPieces = 4096

/** The hash is wanted of all bytes, and only where some were no text, which nobody knows beforehand. */
const originalBytes = () => {
  let hash: Hash | undefined
  let held: Uint8Array[] = []
  let size = 0
  const hashed = (): Hash => {
    if (!hash) {
      hash = createHash('sha256')
      for (const piece of held) hash.update(piece)
      held = []
    }
    return hash
  }
  return {
    add: (bytes: Uint8Array): void => {
      size += bytes.length
      if (!hash && size <= heldBytes && held.length < heldPieces) held.push(bytes)
      else hashed().update(bytes)
    },
    sha256: (): string => hashed().digest('hex'),
  }
}
