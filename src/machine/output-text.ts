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

/**
 * Of bytes that are no text, these alone are hashed. A hash of all that came would let anybody try out what a secret was that
 * is masked in the text beside it.
 * @param encoding as for `streamDecoder`
 */
export const outputText = (encoding: string | undefined): OutputText => {
  let hash: Hash | undefined
  let bytes = 0
  const onInvalid = (invalid: Uint8Array): void => {
    hash ??= createHash('sha256')
    hash.update(invalid)
    bytes += invalid.length
  }
  return {
    stream: () => streamDecoder(encoding, onInvalid),
    exit: (end) => (hash === undefined ? end : { ...end, undecodable: { bytes, sha256: hash.digest('hex') } }),
  }
}
