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
  let waiting: AbortController | undefined
  let last: Promise<void> = Promise.resolve()

  function give(text: string): Promise<void> {
    waiting?.abort()
    waiting = undefined
    const before = last
    last = before.then(() => show(text))
    return last
  }

  async function releaseLater(): Promise<void> {
    const silence = new AbortController()
    waiting = silence
    await sleep(silenceMs, silence.signal)
    if (!silence.signal.aborted) await give(masked.release())
  }

  return {
    write(text) {
      const given = give(masked.write(text))
      // What fails while it is given out fails for the next one who waits, too.
      if (masked.holds()) void releaseLater().catch(() => undefined)
      return given
    },
    end: () => give(masked.end()),
  }
}
