import {
  afterUnit,
  controlString,
  type EscapeState,
  endsEscape,
  endsString,
  ground,
  hasEscape,
  opensString,
} from './escape-sequence.ts'

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
const units = new Uint16Array(bytes.buffer, bytes.byteOffset, mostUnits)
const wholeBytes = Buffer.alloc(longestPiece * 2)
const whole = new Uint16Array(wholeBytes.buffer, wholeBytes.byteOffset, longestPiece)
const places = new Int32Array(mostUnits)

/** The text as it is, but for line ends and NULs. */
export const readPlain: VisibleTextReader = {
  read: (piece) => (piece.includes('\0') ? withoutNul(piece) : withoutLineEnds(piece)),
  isInside: () => false,
  escape: () => ground,
  owed: () => undefined,
}

/** A control string that is longer than this was never ended: what follows is text. */
const longestString = 1024

/**
 * The text without escape sequences, too.
 * @param knowsStrings whether the texts that OSC, DCS and the like carry are parts of these: they are not shown, but a program
 *   may put a secret into the title of a window, so that both ways of looking are needed
 * @param from has read what came before
 */
export function readBare(knowsStrings: boolean, from: VisibleTextReader): VisibleTextReader {
  let state: EscapeState = from.escape()
  let inString = 0
  return {
    read(piece) {
      if (state === ground && !hasEscape(piece)) return readPlain.read(piece)
      const end = wholeBytes.write(piece, 'utf16le') / 2
      let current = state
      let length = 0
      for (let index = 0; index < end; index++) {
        const unit = whole[index] as number
        if (current === ground && unit === 0x1b) {
          const last = Math.max(lastOfSequence(index, end), knowsStrings ? lastOfString(index, end) : index)
          if (last > index) {
            index = last
            continue
          }
        }
        if (current !== ground || unit === 0x1b || unit === 0x9b) {
          const before: EscapeState = current
          current = afterUnit(before, unit, knowsStrings)
          inString = current === controlString ? inString + 1 : 0
          if (inString > longestString) current = ground
          if (current !== ground || endsEscape(before, unit)) continue
        }
        units[length] = unit
        places[length] = index
        length += isVisible(unit)
      }
      state = current
      return { units, length, placeOf }
    },
    isInside: () => state !== ground,
    escape: () => state,
    owed: () => undefined,
  }
}

/** Where the control sequence that begins at a place ends, when it is one without anything odd in it: nearly all are. */
function lastOfSequence(start: number, end: number): number {
  if (whole[start + 1] !== 0x5b) return start
  for (let index = start + 2; index < end; index++) {
    const unit = whole[index] as number
    if (unit >= 0x40 && unit <= 0x7e) return index
    if (unit < 0x20 || unit > 0x3f) return start
  }
  return start
}

/** The same of a short control string. */
function lastOfString(start: number, end: number): number {
  if (start + 2 >= end || !opensString(whole[start + 1] as number)) return start
  const limit = Math.min(end - 1, start + longestString / 2)
  for (let index = start + 2; index < limit; index++) {
    const unit = whole[index] as number
    if (endsString(unit)) return index
    if (unit === 0x1b) return whole[index + 1] === 0x5c ? index + 1 : start
  }
  return start
}

/** What quotes the next character: in most shells and languages, in PowerShell, and in cmd. */
export const quotingCharacters = ['\\', '`', '^'] as const

const quotedBy = {
  '\\': /\\(?:[^A-Za-z0-9]|$)/,
  '`': /`(?:[^A-Za-z0-9]|$)/,
  '^': /\^(?:[^A-Za-z0-9]|$)/,
}

/** Whether a character quotes something in a text, or may do so behind its end. */
export const hasQuoted = (text: string, quoting: (typeof quotingCharacters)[number]): boolean =>
  // Most text has none of them, which is found out much faster.
  text.includes(quoting) && quotedBy[quoting].test(text)

/**
 * The text without what quotes a character that is no letter and no digit: every shell and every language quotes others, and
 * some only at the beginning or behind a `=`. Before letters and digits these characters mean something else (`\n`, `\u65e5`).
 */
export function readUnquoted(quotingCharacter: (typeof quotingCharacters)[number]): VisibleTextReader {
  const quote = quotingCharacter.charCodeAt(0)
  /** How far before the next piece a quoting character stands of which it is not known yet what it quotes. */
  let owed: number | undefined
  return {
    read(piece) {
      if (owed === undefined && !hasQuoted(piece, quotingCharacter)) return readPlain.read(piece)
      const end = wholeBytes.write(piece, 'utf16le') / 2
      let heldAt = owed === undefined ? nowhere : -owed
      let length = 0
      for (let index = 0; index < end; index++) {
        const unit = whole[index] as number
        if (heldAt !== nowhere && isVisible(unit) === 1) {
          if (isLetterOrDigit(unit)) {
            units[length] = quote
            places[length++] = heldAt
          }
          heldAt = nowhere
        } else if (unit === quote) {
          heldAt = index
          continue
        }
        units[length] = unit
        places[length] = index
        length += isVisible(unit)
      }
      owed = heldAt === nowhere ? undefined : end - heldAt
      return { units, length, placeOf }
    },
    isInside: () => owed !== undefined,
    escape: () => ground,
    owed: () => owed,
  }
}

/** No place before or in a piece. */
const nowhere = longestPiece

const isLetterOrDigit = (unit: number): boolean =>
  (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x30 && unit <= 0x39)

/** 0 for line ends and NULs, else 1: counted with, so that nothing has to wait for the answer. */
export const isVisible = (unit: number): 0 | 1 => (unit > 13 || (unit !== 10 && unit !== 13 && unit !== 0) ? 1 : 0)

const placeOf = (unit: number): number => places[unit] ?? 0

function withoutNul(piece: string): VisibleText {
  const end = wholeBytes.write(piece, 'utf16le') / 2
  let length = 0
  for (let index = 0; index < end; index++) {
    const unit = whole[index] as number
    units[length] = unit
    places[length] = index
    length += isVisible(unit)
  }
  return { units, length, placeOf }
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
