import type { PlayedCast, PlayedOutput } from '../../record/played-cast.ts'

/** Milliseconds between two lines that came at once: far less than anybody sees. */
const apart = 0.01

/** A cast in which each line has a moment of its own, so that it can be sought, also where many came at once. */
export function lineByLine(cast: PlayedCast): PlayedCast {
  const output: PlayedOutput[] = []
  let atOnce: PlayedOutput[] = []
  const spread = (until: number) => {
    const [{ at } = { at: 0 }] = atOnce
    const lines = atOnce.flatMap((part) => linesOf(part.text).map((text) => ({ ...part, text })))
    // Before what comes next.
    const step = Math.min(apart, Math.max(0, until - at) / (lines.length + 1))
    output.push(...lines.map((line, index) => ({ ...line, at: at + index * step })))
    atOnce = []
  }
  for (const part of cast.output) {
    if (atOnce.length > 0 && atOnce[0]?.at !== part.at) spread(part.at)
    atOnce.push(part)
  }
  spread(Number.POSITIVE_INFINITY)
  return { ...cast, output }
}

/** Each with its line feed. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}
