import type { Automaton } from './automaton.ts'
import { type Leap, leapSlot } from './leap.ts'
import { isVisible, longestPiece } from './visible-text.ts'

/** The text as it lies in memory, from where its units are read by far the fastest. */
const bytes = Buffer.alloc(longestPiece * 2)
const units = new Uint16Array(bytes.buffer, bytes.byteOffset, longestPiece)

/** So many invisible units are walked over for each visible one of a window before leaping is given up as too slow. */
const mostBetween = 2

/** Puts a text of at most `longestPiece` units where `leapOver` reads it; it stays there until the next one comes. */
export function placeForLeaps(text: string): void {
  bytes.write(text, 'utf16le')
}

/**
 * Looks at a text as it is, without taking line ends and NULs out of it first: they are passed over where one is met.
 * @param from place in the text that was put there last: no pattern has begun before it
 * @param length of that text
 * @returns A place before which no pattern begins: at the latest, where the first begins that ends in the text or may
 *   go on after it
 */
export function leapOver({ match, next }: Automaton, { window, distance }: Leap, from: number, length: number): number {
  if (distance === undefined) return from
  let begin = from
  // A distance counts visible units: others in between shorten a leap, and nothing is ever missed by that.
  for (let last = begin + window - 1; last < length; ) {
    // All look-ups are inside of their tables.
    const c = units[last] as number
    let b = units[last - 1] as number
    let a = units[last - 2] as number
    if (c <= 13 || b <= 13 || a <= 13) {
      if (isVisible(c) === 0) {
        last += 1
        continue
      }
      const second = visibleBefore(last, begin)
      const third = visibleBefore(second, begin)
      if (third < begin) {
        last += 1
        continue
      }
      b = units[second] as number
      a = units[third] as number
    }
    const far = distance[leapSlot(a, b, c)] as number
    if (far !== 0) {
      last += far
      continue
    }
    const start = windowBefore(last, begin, window)
    if (start === undefined) return begin
    let state = 0
    let index = start
    do {
      const unit = units[index++] as number
      if (isVisible(unit) === 0) continue
      state = next(state, unit)
      if (match[state] !== 0) return start
    } while (state !== 0 && index < length)
    if (state !== 0) return start
    begin = index
    last = begin + window - 1
  }
  return windowBefore(length, begin, window) ?? begin
}

/** Where the last visible unit before a place stands; before `begin` where there is none. */
function visibleBefore(place: number, begin: number): number {
  let index = place - 1
  while (index >= begin && isVisible(units[index] as number) === 0) index -= 1
  return index
}

/** Where as many visible units begin as a window has, the last one at a place; at the earliest at `begin`. */
function windowBefore(last: number, begin: number, window: number): number | undefined {
  const earliest = last - window * (mostBetween + 1)
  let left = window - 1
  let index = last
  while (left > 0 && index > begin) {
    index -= 1
    left -= isVisible(units[index] as number)
    if (index < earliest) return undefined
  }
  return index
}
