import type { MaskStream } from '../secrets/masker.ts'
import type { RunPorts } from './run-api.ts'

/** What one step prints, on its way through the masker. */
export interface MaskedOutput {
  write(text: string): Promise<void>
  /** To be called once, when nothing more will come. */
  end(): Promise<void>
}

/** After so long a silence what is held back is no secret that a program is writing, but a prompt that waits. */
const silenceMs = 150

/** @param show is called with masked text, which may be empty, one piece after the other */
export function maskedOutput(
  masked: MaskStream,
  sleep: RunPorts['sleep'],
  show: (text: string) => Promise<void>,
): MaskedOutput {
  const ended = new AbortController()
  let writes = 0
  let isWaiting = false
  let last: Promise<void> = Promise.resolve()

  function give(text: string): Promise<void> {
    const before = last
    last = before.then(() => show(text))
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
    if (!ended.signal.aborted) await give(masked.release())
  }

  return {
    write(text) {
      writes += 1
      const given = give(masked.write(text))
      // What fails while it is given out fails for the next one who waits, too.
      if (masked.holds() && !isWaiting) void releaseAfterSilence().catch(() => undefined)
      return given
    },
    end() {
      ended.abort()
      return give(masked.end())
    },
  }
}
