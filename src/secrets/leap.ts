/**
 * How far text can be leapt over without missing where a pattern begins (Wu and Manber, "A fast algorithm for multi-pattern
 * searching", 1994): decided by the last three of as many units as the shortest pattern has.
 */
export interface Leap {
  /** Units that are looked at together: the length of the shortest pattern, at most 255. */
  readonly window: number
  /**
   * By `leapSlot` of the last three units of a window: how many units further a pattern can begin at the earliest; 0 when one
   * may begin with this window. Undefined where a pattern is too short for that.
   */
  readonly distance: Uint8Array | undefined
}

/** Small enough to stay in a processor's nearest memory, mostly. */
const slotBits = 16

/** Where three code units stand in `distance`; those that share a place shorten each other's way and nothing else. */
export const leapSlot = (first: number, second: number, third: number): number =>
  // Fibonacci hashing (Knuth, "The Art of Computer Programming", 6.4): text is of few and similar units.
  Math.imul(first ^ (second << 7) ^ (third << 14), 0x9e3779b1) >>> (32 - slotBits)

/** @param patterns none of them empty */
export function buildLeap(patterns: readonly { readonly text: string }[]): Leap {
  const window = patterns.reduce((least, { text }) => Math.min(least, text.length), 255)
  if (window < 3) return { window, distance: undefined }
  const distance = new Uint8Array(1 << slotBits).fill(window - 2)
  for (const { text } of patterns) {
    for (let at = 2; at < window; at++) {
      const slot = leapSlot(text.charCodeAt(at - 2), text.charCodeAt(at - 1), text.charCodeAt(at))
      distance[slot] = Math.min(distance[slot] ?? 0, window - 1 - at)
    }
  }
  return { window, distance }
}
