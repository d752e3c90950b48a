/** Two clocks: that of the recording, and that of a playback which skips long pauses. Milliseconds. */
export interface Clocks {
  /** How long the playback takes. */
  readonly length: number
  played(recorded: number): number
  recorded(played: number): number
}

/**
 * @param times of everything that happens, in order
 * @param longest what is left of a pause that is longer
 */
export function skipPauses(times: readonly number[], duration: number, longest: number): Clocks {
  const recorded = [0, ...times, Math.max(duration, times.at(-1) ?? 0)]
  const played: number[] = []
  let at = 0
  for (const [index, time] of recorded.entries()) {
    at += Math.min(longest, time - (recorded[index - 1] ?? 0))
    played.push(at)
  }
  return {
    length: at,
    played: (time) => translate(time, recorded, played),
    recorded: (time) => translate(time, played, recorded),
  }
}

/** Between two things that happen, both clocks go on evenly. */
function translate(time: number, from: readonly number[], to: readonly number[]): number {
  let low = 0
  let high = from.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((from[middle] ?? 0) <= time) low = middle
    else high = middle - 1
  }
  const [start = 0, target = 0] = [from[low], to[low]]
  const [end, after] = [from[low + 1], to[low + 1]]
  if (end === undefined || after === undefined || end === start) return target
  return target + ((time - start) / (end - start)) * (after - target)
}
