import { type EscapeState, ground } from './escape-sequence.ts'

/**
 * A text without what stands inside of a secret and is none of it: line ends, NULs and, by reader, escape sequences or
 * quoting characters. In memory that is used again by whatever is read next.
 */
export interface VisibleText {
  readonly units: Uint16Array
  readonly length: number
  /** Where a unit stands in the text that was read. */
  placeOf(unit: number): number
}

/** Reads a text piece by piece; a piece has at most `longestPiece` units. */
export interface VisibleTextReader {
  read(piece: string): VisibleText
  /** Whether the last piece ended where it is not decided what becomes of the next unit. */
  isInside(): boolean
  /** Which escape sequence the last piece ended in; `ground` where these are text like any other. */
  escape(): EscapeState
  /** How far before the end of the last piece a unit stands that may still turn out to be visible. */
  owed(): number | undefined
}

export const longestPiece = 64 * 1024
/** A unit may come out of one piece that stood at the end of the one before. */
const mostUnits = longestPiece + 1

/** Memory that is there already, and that a string is written to as it lies in memory, is by far the fastest to read. */
const bytes = Buffer.alloc(mostUnits * 2)
/** The visible units of the piece that is read. */
export const units = new Uint16Array(bytes.buffer, bytes.byteOffset, mostUnits)
/** Where each of them stands in the piece. */
export const places = new Int32Array(mostUnits)
const wholeBytes = Buffer.alloc(longestPiece * 2)
/** All units of the piece. */
export const whole = new Uint16Array(wholeBytes.buffer, wholeBytes.byteOffset, longestPiece)

/** Puts a piece where all its units are read from. Returns how many there are. */
export const place = (piece: string): number => wholeBytes.write(piece, 'utf16le') / 2

/** The text as it is, but for line ends and NULs. */
export const readPlain: VisibleTextReader = {
  read: (piece) => (piece.includes('\0') ? withoutNul(piece) : withoutLineEnds(piece)),
  isInside: () => false,
  escape: () => ground,
  owed: () => undefined,
}

/** 0 for line ends and NULs, else 1: counted with, so that nothing has to wait for the answer. */
export const isVisible = (unit: number): 0 | 1 => (unit > 13 || (unit !== 10 && unit !== 13 && unit !== 0) ? 1 : 0)

export const placeOf = (unit: number): number => places[unit] ?? 0

/**
 * Copies a stretch of the whole text behind what was copied before, where each unit stood included.
 * @returns how many units there are then
 */
export function copyVisible(from: number, end: number, before: number): number {
  // Once for all of them: what another module looks up in this one it looks up each time.
  const [source, target, at] = [whole, units, places]
  let length = before
  for (let index = from; index < end; index++) {
    const unit = source[index] as number
    target[length] = unit
    at[length] = index
    length += isVisible(unit)
  }
  return length
}

/** Where a unit, or another one, stands next in the whole text, or `end`. */
export function nextOf(unit: number, other: number, from: number, end: number): number {
  const source = whole
  let index = from
  while (index < end && source[index] !== unit && source[index] !== other) index++
  return index
}

function withoutNul(piece: string): VisibleText {
  return { units, length: copyVisible(0, place(piece), 0), placeOf }
}

/** Most text comes this way: it is read as whole strings are, and where its units stood is found out only when asked. */
function withoutLineEnds(piece: string): VisibleText {
  // One character each: a class of two is looked for far more slowly.
  const withoutLf = piece.replace(/\n/g, '')
  const visible = withoutLf.includes('\r') ? withoutLf.replace(/\r/g, '') : withoutLf
  const length = bytes.write(visible, 'utf16le') / 2
  if (length === piece.length) return { units, length, placeOf: (unit) => unit }
  const search = visible === withoutLf ? lineByLine(piece) : undefined
  let isKnown = false
  return {
    units,
    length,
    placeOf(unit) {
      if (isKnown) return placeOf(unit)
      // What is held back stands at the end.
      if (length - unit <= fewUnits) return placeFromEnd(piece, length - unit)
      const place = search?.(unit)
      if (place !== undefined) return place
      withoutNul(piece)
      isKnown = true
      return placeOf(unit)
    },
  }
}

/** So often the search begins anew before it is faster to find out where every unit stands. */
const mostSearches = 4

/** Where a visible unit stands in a piece whose lines end with LF alone: fast for a few units in their order, else undefined. */
function lineByLine(piece: string): (unit: number) => number | undefined {
  let unitAt = 0
  let index = 0
  let searches = 1
  return (unit) => {
    if (unit < unitAt) {
      if (searches++ === mostSearches) return undefined
      unitAt = 0
      index = 0
    }
    for (;;) {
      const lineEnd = piece.indexOf('\n', index)
      const inLine = (lineEnd < 0 ? piece.length : lineEnd) - index
      if (lineEnd < 0 || unit < unitAt + inLine) return index + unit - unitAt
      unitAt += inLine
      index = lineEnd + 1
    }
  }
}

const fewUnits = 64

/** Where the last but so many of the visible units stands; 1 is the last. */
function placeFromEnd(piece: string, count: number): number {
  let index = piece.length
  for (let left = count; left > 0; ) {
    index -= 1
    left -= isVisible(piece.charCodeAt(index))
  }
  return index
}
