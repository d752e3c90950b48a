/**
 * The known key that a person seems to have meant by a misspelt one (`shedule`, `timout`, `secret`): one or two letters off,
 * and no more than a third of the word. Undefined where none is near.
 */
export function similarKey(written: string, known: Iterable<string>): string | undefined {
  const near = [...known]
    .map((key) => ({ key, off: lettersOff(written.toLowerCase(), key.toLowerCase()) }))
    .filter(({ key, off }) => off <= Math.min(2, Math.floor(key.length / 3)))
  return near.toSorted((a, b) => a.off - b.off)[0]?.key
}

/** Letters to insert, take out or replace, and neighbours to swap (optimal string alignment); 3 for anything above 2. */
function lettersOff(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  let before: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row]
    for (let at = 1; at <= b.length; at += 1) {
      const isSame = a[row - 1] === b[at - 1]
      const isSwapped = a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1]
      line.push(
        Math.min(
          (last[at] ?? 0) + 1,
          (line[at - 1] ?? 0) + 1,
          (last[at - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (before[at - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    before = last
    last = line
  }
  return Math.min(3, last[b.length] ?? 3)
}
