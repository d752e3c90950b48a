import type { MaskStream } from '../secrets/masker.ts'
import type { RunPorts } from './run-api.ts'

/** What one step prints, on its way through the masker. */
export interface MaskedOutput {
  /**
   * @param utf8 the same text, where it is at hand
   * @param isDoubtful as for `AboutOutput`
   */
  write(text: string, utf8?: Uint8Array, isDoubtful?: boolean): Promise<void>
  /** To be called once, when nothing more will come. */
  end(): Promise<void>
}

/** After so long a silence what is held back is no secret that a program is writing, but a prompt that waits. */
const silenceMs = 150

/**
 * @param show is called with masked text, which may be empty, one piece after the other, and with the same as UTF-8, in parts,
 *   where that is at hand and nothing in it was masked
 * @param apart masks what is kept, where that may be other text
 */
export function maskedOutput(
  masked: MaskStream,
  sleep: RunPorts['sleep'],
  show: (text: string, utf8?: readonly Uint8Array[], kept?: string) => Promise<void>,
  apart?: MaskStream,
): MaskedOutput {
  const ended = new AbortController()
  let writes = 0
  let isWaiting = false
  let last: Promise<void> = Promise.resolve()

  function give(text: string, kept: string | undefined, utf8?: readonly Uint8Array[]): Promise<void> {
    const before = last
    last = before.then(() => show(text, utf8, kept))
    return last
  }

  /** One wait at a time, however many pieces come: each would cost more than masking it. */
  async function releaseAfterSilence(): Promise<void> {
    isWaiting = true
    for (let before = -1; before !== writes && !ended.signal.aborted; ) {
      before = writes
      await sleep(silenceMs, ended.signal)
    }
    isWaiting = false
    if (!ended.signal.aborted) await give(masked.release(), apart?.release())
  }

  return {
    write(text, utf8, isDoubtful) {
      writes += 1
      const heldBefore = masked.held()
      const shown = masked.write(text)
      const kept = apart?.write(text, isDoubtful)
      const held = masked.held()
      const isAtHand = utf8 !== undefined && masked.isUntouched() && held.length <= text.length
      const given = give(shown, kept, isAtHand ? [encoder.encode(heldBefore), withoutEnd(utf8, held)] : undefined)
      // What fails while it is given out fails for the next one who waits, too.
      if (held !== '' && !isWaiting) void releaseAfterSilence().catch(() => undefined)
      return given
    },
    end() {
      ended.abort()
      return give(masked.end(), apart?.end())
    },
  }
}

const encoder = new TextEncoder()

function withoutEnd(utf8: Uint8Array, end: string): Uint8Array {
  return utf8.subarray(0, utf8.length - encoder.encode(end).length)
}
