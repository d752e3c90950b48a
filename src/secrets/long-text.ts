/** A text to be found that is too long for the automaton, which knows its beginning alone. */
export interface LongText {
  readonly text: string
  /** So many of its units are in the automaton. */
  readonly begun: number
  /**
   * By how many of its first units stand before a place: how many stand there at the next best (Knuth, Morris and Pratt, "Fast
   * pattern matching in strings", 1977). Made when the beginning is met for the first time.
   */
  borders(): Int32Array
}

export function longText(text: string, begun: number): LongText {
  let made: Int32Array | undefined
  return {
    text,
    begun,
    borders() {
      made ??= bordersOf(text)
      return made
    },
  }
}

function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length + 1)
  let border = 0
  for (let index = 1; index < text.length; index++) {
    while (border > 0 && text.charCodeAt(index) !== text.charCodeAt(border)) border = borders[border] ?? 0
    if (text.charCodeAt(index) === text.charCodeAt(border)) border += 1
    borders[index + 1] = border
  }
  return borders
}

/** How far a long text is found already, at the end of what was read. */
export interface Following {
  /** How many of its first units stand there. */
  readonly reached: number
  /** Where the last of them stands, in units from the beginning of everything. */
  readonly last: number
}

/** A unit of what was read, or none; `place` in units from the beginning of everything. */
export interface Units {
  readonly units: Uint16Array
  readonly length: number
  place(unit: number): number
}

/**
 * Goes on behind the beginning of a long text: whatever equals it is found at once, and ends where something differs.
 * @param mostBetween so much may stand between two of its units
 * @param onFound a stretch that belongs to it; `end` is exclusive
 * @returns How far it is at the end of the units, or the unit at which it ended.
 */
export function follow(
  long: LongText,
  following: Following,
  { units, length, place }: Units,
  from: number,
  mostBetween: number,
  onFound: (start: number, end: number) => void,
): Following | number {
  const { text, begun } = long
  const borders = long.borders()
  const start = following.last
  let { reached, last } = following
  const found = () => {
    if (last > start) onFound(start, last + 1)
  }
  for (let index = from; index < length; index++) {
    const unit = units[index] ?? 0
    while (reached >= begun && (reached === text.length || text.charCodeAt(reached) !== unit)) {
      reached = borders[reached] ?? 0
    }
    const at = reached < begun ? last : place(index)
    if (reached < begun || at - last - 1 > mostBetween) {
      found()
      return index
    }
    reached += 1
    last = at
  }
  found()
  return { reached, last }
}
