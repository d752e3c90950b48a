/** A seeded generator (mulberry32), so that a failure can be repeated from the seed in its message. */
export function randomFrom(seed: number): { below(limit: number): number; pick<T>(from: readonly [T, ...T[]]): T } {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(fraction() * limit)
  return { below, pick: (from) => from[below(from.length)] ?? from[0] }
}
