import type { CastEvent } from './cast.ts'

/** A cast as a page plays it: plain data. Times are in milliseconds since its beginning. */
export interface PlayedCast {
  readonly duration: number
  /** What a terminal is sent, and when, in order. */
  readonly output: readonly PlayedOutput[]
  /** Where steps begin, in order. */
  readonly markers: readonly { readonly at: number; readonly execution: number }[]
}

export interface PlayedOutput {
  readonly at: number
  readonly text: string
  /** The step that printed it, or of which it tells. */
  readonly execution?: number
}

export async function playedCast(events: AsyncIterable<CastEvent>): Promise<PlayedCast> {
  const output: PlayedOutput[] = []
  const markers: { at: number; execution: number }[] = []
  let duration = 0
  for await (const { at, code, data, execution } of events) {
    duration = Math.max(duration, at)
    if (code === 'marker' && execution !== undefined) markers.push({ at, execution })
    if (code === 'output' && data !== '') output.push({ at, text: data, ...(execution !== undefined && { execution }) })
  }
  return { duration, output, markers }
}
