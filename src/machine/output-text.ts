import { createHash } from 'node:crypto'
import type { StepExit } from '../execution/shells.ts'
import { streamDecoder } from './decode.ts'
import type { StreamDecoder } from './encodings.ts'
import { type HashThread, startHashThread } from './hash-thread.ts'

/** What one step prints, on however many streams, as text. */
export interface OutputText {
  /** A decoder for one stream of it. */
  stream(): OutputDecoder
  /** How its step ended, with what is to be said of bytes that were no text; after the `end` of each stream. */
  exit(end: StepExit): Promise<StepExit>
  /** To be called at last, also where there is no `exit`. */
  close(): void
}

export interface OutputDecoder extends StreamDecoder {
  /** Defined while more comes than can be dealt with: nothing more is to be written before it resolves. */
  behind(): Promise<void> | undefined
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
        behind: original.behind,
      }
    },
    exit: async (end) => {
      const bytes = decoders.reduce((sum, decoder) => sum + decoder.undecodable(), 0)
      const sha256 = bytes === 0 ? undefined : await original.sha256()
      original.close()
      return sha256 === undefined ? end : { ...end, undecodable: { bytes, sha256 } }
    },
    close: original.close,
  }
}

/** Up to so many bytes, in so many pieces, are held instead of hashed: most steps print less, and all of it is text. */
const heldBytes = 4 * 1024 * 1024
const heldPieces = 4096

/**
 * The hash is wanted of all bytes, and only where some were no text, which nobody knows beforehand. Much output is therefore
 * hashed beside the rest of the work, which it would hold up by a fifth.
 */
const originalBytes = () => {
  let thread: HashThread | undefined
  let held: Uint8Array[] = []
  let size = 0
  return {
    add: (bytes: Uint8Array): void => {
      size += bytes.length
      if (!thread && size <= heldBytes && held.length < heldPieces) {
        held.push(bytes)
        return
      }
      thread ??= startHashThread()
      for (const piece of held) thread.update(piece)
      held = []
      thread.update(bytes)
    },
    behind: () => thread?.behind(),
    sha256: async (): Promise<string | undefined> => {
      if (thread) return thread.hex()
      const hash = createHash('sha256')
      for (const piece of held) hash.update(piece)
      return hash.digest('hex')
    },
    close: () => thread?.close(),
  }
}
