/**
 * A text without what stands inside of a secret and is none of it: line ends, NULs and, where `escapes` are passed over,
 * escape sequences. In memory that is used again by whatever is read next.
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
  /** Whether the last piece ended inside of an escape sequence. */
  isInside(): boolean
}

export const longestPiece = 64 * 1024

/** Memory that is there already, and that a string is written to as it lies in memory, is by far the fastest to read. */
const bytes = Buffer.alloc(longestPiece * 2)
const units = new Uint16Array(bytes.buffer, bytes.byteOffset, longestPiece)
const wholeBytes = Buffer.alloc(longestPiece * 2)
const whole = new Uint16Array(wholeBytes.buffer, wholeBytes.byteOffset, longestPiece)
const places = new Int32Array(longestPiece)

/** A control sequence introducer as one character (ECMA-48, 5.4). */
const csi = '\u009b'

/** Whether an escape sequence begins in a text. */
export const hasEscape = (text: string): boolean => text.includes('\u001b') || text.includes(csi)

/** The text as it is, but for line ends and NULs. */
export const readPlain: VisibleTextReader = {
  read: (piece) => (piece.includes('\0') ? withoutNul(piece) : withoutLineEnds(piece)),
  isInside: () => false,
}

/**
 * The text without escape sequences, too. The texts that OSC, DCS and the like carry are text like any other here: a program
 * may put a secret into the title of a window.
 */
export function readBare(): VisibleTextReader {
  let state: EscapeState = 'ground'
  return {
    read(piece) {
      if (state === 'ground' && !hasEscape(piece)) return readPlain.read(piece)
      const end = wholeBytes.write(piece, 'utf16le') / 2
      let length = 0
      for (let index = 0; index < end; index++) {
        const unit = whole[index] as number
        if (state !== 'ground' || unit === 0x1b || unit === 0x9b) {
          const before: EscapeState = state
          state = afterUnit(before, unit)
          if (state !== 'ground' || endsEscape(before, unit)) continue
        }
        if (isPassedOver(unit)) continue
        units[length] = unit
        places[length++] = index
      }
      return { units, length, placeOf }
    },
    isInside: () => state !== 'ground',
  }
}

/** `sequence`: after CSI; `escape`: after ESC; `intermediate`: after ESC and an intermediate byte (ECMA-48, 5.4; ECMA-35, 13.2). */
type EscapeState = 'ground' | 'escape' | 'intermediate' | 'sequence'

function afterUnit(state: EscapeState, unit: number): EscapeState {
  if (unit === 0x1b) return 'escape'
  if (unit === 0x9b) return 'sequence'
  switch (state) {
    case 'ground':
      return 'ground'
    case 'escape':
      if (unit === 0x5b) return 'sequence'
      return isIntermediate(unit) ? 'intermediate' : 'ground'
    case 'intermediate':
      return isIntermediate(unit) ? 'intermediate' : 'ground'
    case 'sequence':
      // What is typed between in a line of its own does not end it: terminals carry control characters out on the way.
      return (unit >= 0x20 && unit <= 0x3f) || isPassedOver(unit) ? 'sequence' : 'ground'
  }
}

/** Whether a unit that leads back to the text belongs to the sequence that it ends. */
const endsEscape = (before: EscapeState, unit: number): boolean =>
  before === 'sequence'
    ? unit >= 0x40 && unit <= 0x7e
    : (before === 'escape' || before === 'intermediate') && unit >= 0x30 && unit <= 0x7e

const isIntermediate = (unit: number): boolean => unit >= 0x20 && unit <= 0x2f
const isPassedOver = (unit: number): boolean => unit === 10 || unit === 13 || unit === 0
const placeOf = (unit: number): number => places[unit] ?? 0

function withoutNul(piece: string): VisibleText {
  const end = wholeBytes.write(piece, 'utf16le') / 2
  let length = 0
  for (let index = 0; index < end; index++) {
    const unit = whole[index] as number
    if (isPassedOver(unit)) continue
    units[length] = unit
    places[length++] = index
  }
  return { units, length, placeOf }
}

/** Most text comes this way: it is read as whole strings are, and where its units stood is found out only when asked. */
function withoutLineEnds(piece: string): VisibleText {
  const visible = piece.replace(/[\r\n]+/g, '')
  const length = bytes.write(visible, 'utf16le') / 2
  if (length === piece.length) return { units, length, placeOf: (unit) => unit }
  let isKnown = false
  return {
    units,
    length,
    placeOf(unit) {
      if (!isKnown) withoutNul(piece)
      isKnown = true
      return placeOf(unit)
    },
  }
}
