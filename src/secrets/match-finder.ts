import type { Automaton } from './automaton.ts'
import { type Leap, leapSlot } from './leap.ts'
import { leapOver, placeForLeaps } from './leap-over.ts'
import { type Following, follow, type LongText } from './long-text.ts'
import { readPlain, type VisibleTextReader } from './visible-text.ts'

/** Where a secret stands: in units from the beginning of everything; `end` is exclusive. */
export interface Match {
  readonly start: number
  readonly end: number
}

/** Finds secrets in a text that arrives in pieces. */
export interface MatchFinder {
  /** @param isBroken whether a line end stands between two places */
  push(piece: string, at: number, isBroken: (start: number, end: number) => boolean): readonly Match[]
  /** Where what may still become a match begins; undefined where nothing does. */
  pending(): number | undefined
  /** Whether what is pending is at most a quarter of whatever it may become. */
  isSlight(): boolean
  /** Another one that goes on from here, reading in another way. */
  goOn(read: (from: VisibleTextReader) => VisibleTextReader): MatchFinder
  /** Whether it is not decided what becomes of the next unit. */
  isInside(): boolean
  /** Whether the two find the same from here on, as long as nothing comes that they read differently. */
  agreesWith(other: MatchFinder): boolean
  place(): Place
}

/** How far a finder is: the state of the automaton, where the units that led there stand, and what lies behind it. */
interface Place {
  readonly state: number
  readonly units: readonly number[]
  /** The long texts that are gone on with. */
  readonly following: ReadonlyMap<LongText, Following>
}

/** How much may stand between the units of a secret: without a limit a text without end would have to be held back. */
const mostBetween = 1024
/** So much is read unit by unit after a leap before the next one is tried: twice as much after each that did not get as far. */
const readAfterLeap = 256
/** So many places that are no longer needed are kept until they are dropped together: dropping them one by one would cost more. */
const mostLeftOver = 4096

export function createMatchFinder(
  automaton: Automaton,
  leap: Leap,
  reader: VisibleTextReader,
  from: Place = { state: 0, units: [], following: new Map() },
): MatchFinder {
  const { depth, fail, goesOn, match, shortestThrough, unbroken, longer } = automaton
  let state = from.state
  /** Where the last units stand: as many as the state is deep, and some before. */
  let stands = [...from.units]
  const following = new Map(from.following)
  /** Everything so far, in units. */
  let seen = 0

  const depthOf = (one: number) => depth[one] ?? 0
  const firstHeld = () => (state === 0 ? undefined : stands[stands.length - depthOf(state)])

  /** What has no continuation, or too much between its units, can no longer become a match as it is. */
  function settle(): void {
    for (; state !== 0; state = fail[state] ?? 0) {
      if (goesOn[state] === 1 && seen - (firstHeld() ?? seen) - depthOf(state) <= mostBetween) break
    }
    if (stands.length > depthOf(state) + mostLeftOver) stands = stands.slice(stands.length - depthOf(state))
  }

  function read(piece: string, at: number, isBroken: (start: number, end: number) => boolean): readonly Match[] {
    const { units, length, placeOf } = reader.read(piece)
    const before = stands.length
    const whereIs = (unit: number) => (unit < 0 ? (stands[before + unit] ?? at) : at + placeOf(unit))
    const matches: Match[] = []
    /** Where in these units a long text ended that was gone on with. */
    const endedAt = new Map<LongText, number>()
    const goOnWith = (long: LongText, far: Following, from: number) => {
      const visible = { units, length, place: whereIs }
      const now = follow(long, far, visible, from, mostBetween, (start, end) => matches.push({ start, end }))
      if (typeof now !== 'number') {
        following.set(long, now)
        return
      }
      following.delete(long)
      endedAt.set(long, now)
    }
    for (const [long, far] of [...following]) goOnWith(long, far, 0)
    state = scan(automaton, leap, state, units, length, (reached, last) => {
      const end = whereIs(last) + 1
      let isFound = false
      for (let node = match[reached] ?? 0; node !== 0; node = match[fail[node] ?? 0] ?? 0) {
        const size = depthOf(node)
        const start = whereIs(last + 1 - size)
        const isWhole = end - start - size <= mostBetween && !(unbroken[node] === 1 && isBroken(start, end))
        if (!isWhole) continue
        // Longer ones that end here come first: what is left is inside of this one.
        if (!isFound) matches.push({ start, end })
        isFound = true
        if (longer.size === 0) return
        for (const long of longer.get(node) ?? []) {
          if (following.has(long) || last < (endedAt.get(long) ?? 0)) continue
          goOnWith(long, { reached: long.begun, last: end - 1 }, last + 1)
        }
      }
    })
    const fresh = Math.min(depthOf(state), length)
    for (let unit = length - fresh; unit < length; unit++) stands.push(at + placeOf(unit))
    seen = at + piece.length
    for (const [long, { last }] of following) if (seen - last - 1 > mostBetween) following.delete(long)
    settle()
    return matches
  }

  return {
    push(piece, at, isBroken) {
      if (reader !== readPlain || leap.distance === undefined) return read(piece, at, isBroken)
      const matches: Match[] = []
      placeForLeaps(piece)
      let most = readAfterLeap
      for (let from = 0; from < piece.length; ) {
        const begin = state === 0 && following.size === 0 ? leapOver(automaton, leap, from, piece.length) : from
        const end = Math.min(begin + most, piece.length)
        matches.push(...read(piece.slice(begin, end), at + begin, isBroken))
        if (begin - from < most) most *= 2
        from = end
      }
      return matches
    },
    pending() {
      const owed = reader.owed()
      const first = firstHeld() ?? (owed === undefined ? undefined : seen - owed)
      if (following.size === 0) return first
      // Only what is passed over if a long text goes on behind it.
      return Math.min(first ?? seen, ...[...following.values()].map(({ last }) => last + 1))
    },
    isSlight() {
      for (let node = state; node !== 0; node = fail[node] ?? 0) {
        if (depthOf(node) * 4 > (shortestThrough[node] ?? 0)) return false
      }
      return true
    },
    goOn: (read) => createMatchFinder(automaton, leap, read(reader), place()),
    isInside: () => reader.isInside(),
    agreesWith(other) {
      const theirs = other.place()
      const own = place()
      if (reader.isInside() || other.isInside() || theirs.state !== own.state) return false
      if (theirs.following.size !== following.size) return false
      for (const [long, { reached, last }] of following) {
        const far = theirs.following.get(long)
        if (far?.reached !== reached || far.last !== last) return false
      }
      return theirs.units.every((unit, index) => unit === own.units[index])
    },
    place,
  }

  function place(): Place {
    return { state, units: state === 0 ? [] : stands.slice(-depthOf(state)), following }
  }
}

/** Runs the automaton over units and tells each state in which a pattern ends. Returns the state at the end. */
function scan(
  { first, match, next }: Automaton,
  { window, distance }: Leap,
  from: number,
  units: Uint16Array,
  length: number,
  onMatch: (state: number, index: number) => void,
): number {
  let state = from
  for (let index = 0; index < length; index++) {
    // All look-ups are inside of their tables.
    if (state === 0) {
      // Most text begins no secret: this waits for no state before it reads on, and looks at few units.
      if (distance) {
        let last = index + window - 1
        while (last < length) {
          const slot = leapSlot(units[last - 2] as number, units[last - 1] as number, units[last] as number)
          const far = distance[slot] as number
          if (far === 0) break
          last += far
        }
        index = last - window + 1
      }
      while (index < length && first[units[index] as number] === 0) index++
      if (index >= length) break
    }
    state = next(state, units[index] as number)
    if (match[state] !== 0) onMatch(state, index)
  }
  return state
}
