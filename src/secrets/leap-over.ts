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

/** Leaps through a text: no pattern begins in it from where it was set down up to the window that ends with `last`. */
interface Cursor {
  /** No window reaches back beyond this place. */
  begin: number
  last: number
}

/** A text as long as that is leapt through at two places at once: each leap waits for the one before it, and for no other. */
const worthTwoCursors = 1024

/**
 * Looks at a text as it is, without taking line ends and NULs out of it first: they are passed over where one is met.
 * @param from place in the text that was put there last: no pattern has begun before it
 * @param length of that text
 * @returns A place before which no pattern begins: at the latest, where the first begins that ends in the text or may
 *   go on after it
 */
export function leapOver(automaton: Automaton, { window, distance }: Leap, from: number, length: number): number {
  if (distance === undefined) return from
  const left: Cursor = { begin: from, last: from + window - 1 }
  const middle = from + Math.floor((length - from) / 2)
  const border = length - from < worthTwoCursors ? undefined : windowAfter(middle, window)
  if (border === undefined) return leapAlone(automaton, distance, window, left, length, length) ?? atEnd(left)

  const right: Cursor = { begin: middle, last: border }
  let found: number | undefined
  while (found === undefined && left.last < border && right.last < length) {
    leapBoth(distance, left, right, border, length)
    if (left.last < border && leapFrom(distance, left.last, left.begin) === 0) {
      const start = examine(automaton, window, left, length)
      if (start !== undefined) return start
    }
    if (right.last < length && leapFrom(distance, right.last, right.begin) === 0)
      found = examine(automaton, window, right, length)
  }
  const start = leapAlone(automaton, distance, window, left, border, length)
  if (start !== undefined) return start
  return found ?? leapAlone(automaton, distance, window, right, length, length) ?? atEnd(right)

  function atEnd({ begin }: Cursor): number {
    return windowBefore(length, begin, window) ?? begin
  }
}

/** Goes on with both until one of them is at its end, or a pattern may begin with its window. */
function leapBoth(distance: Uint8Array, left: Cursor, right: Cursor, leftEnd: number, rightEnd: number): void {
  const { begin: leftBegin } = left
  const { begin: rightBegin } = right
  let inLeft = left.last
  let inRight = right.last
  while (inLeft < leftEnd && inRight < rightEnd) {
    const farLeft = leapFrom(distance, inLeft, leftBegin)
    const farRight = leapFrom(distance, inRight, rightBegin)
    inLeft += farLeft
    inRight += farRight
    if (farLeft === 0 || farRight === 0) break
  }
  left.last = inLeft
  right.last = inRight
}

/** @returns where a pattern begins, or may begin; undefined when the cursor is at `end` */
function leapAlone(
  automaton: Automaton,
  distance: Uint8Array,
  window: number,
  cursor: Cursor,
  end: number,
  length: number,
): number | undefined {
  while (cursor.last < end) {
    const { begin } = cursor
    let last = cursor.last
    for (let far = -1; far !== 0 && last < end; last += far) far = leapFrom(distance, last, begin)
    cursor.last = last
    if (last >= end) return undefined
    const start = examine(automaton, window, cursor, length)
    if (start !== undefined) return start
  }
  return undefined
}

/** How far a cursor may move: 0 when a pattern may begin with its window. */
function leapFrom(distance: Uint8Array, last: number, begin: number): number {
  // All look-ups are inside of their tables.
  const c = units[last] as number
  const b = units[last - 1] as number
  const a = units[last - 2] as number
  if (c <= 13 || b <= 13 || a <= 13) return leapFromLineEnd(distance, last, begin)
  const far = distance[leapSlot(a, b, c)] as number
  return far === 0 ? leapFromBefore(distance, last) : far
}

/** What the three units before the last three let leap beyond them: text often ends like some window and seldom goes like it. */
function leapFromBefore(distance: Uint8Array, last: number): number {
  const c = units[last - 3] as number
  const b = units[last - 4] as number
  const a = units[last - 5] as number
  return c > 13 && b > 13 && a > 13 ? Math.max(0, (distance[leapSlot(a, b, c)] as number) - 3) : 0
}

/** The same where invisible units stand before or at the place: a distance counts visible ones, others only shorten it. */
function leapFromLineEnd(distance: Uint8Array, last: number, begin: number): number {
  if (isVisible(units[last] as number) === 0) return 1
  const second = visibleBefore(last, begin)
  const third = visibleBefore(second, begin)
  if (third < begin) return 1
  return distance[leapSlot(units[third] as number, units[second] as number, units[last] as number)] as number
}

/**
 * Whether a pattern begins with the window of a cursor. Where none does the cursor moves on.
 * @returns where one begins, or may begin
 */
function examine({ match, next }: Automaton, window: number, cursor: Cursor, length: number): number | undefined {
  const start = windowBefore(cursor.last, cursor.begin, window)
  if (start === undefined) return cursor.begin
  let state = 0
  let index = start
  do {
    const unit = units[index++] as number
    if (isVisible(unit) === 0) continue
    state = next(state, unit)
    if (match[state] !== 0) return start
  } while (state !== 0 && index < length)
  if (state !== 0) return start
  cursor.begin = index
  cursor.last = index + window - 1
  return undefined
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

/** Where the last unit of a window stands that begins at a place; undefined where that is too far. */
function windowAfter(place: number, window: number): number | undefined {
  const latest = place + window * (mostBetween + 1)
  let left = window
  for (let index = place; index < latest; index++) {
    left -= isVisible(units[index] as number)
    if (left === 0) return index
  }
  return undefined
}
