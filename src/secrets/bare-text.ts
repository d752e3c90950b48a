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
import {
  copyVisible,
  nextOf,
  place,
  placeOf,
  readPlain,
  units,
  type VisibleText,
  type VisibleTextReader,
  whole,
} from './visible-text.ts'

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
      if (state === ground) {
        if (!hasEscape(piece)) return readPlain.read(piece)
        const leftOut = knowsStrings ? wholeWithStrings : wholeSequences
        const shown = piece.replace(leftOut, '')
        if (!hasEscape(shown)) return placedIn(piece, leftOut, readPlain.read(shown))
      }
      const end = place(piece)
      let current = state
      let length = 0
      for (let index = 0; index < end; index++) {
        if (current === ground) {
          const next = nextOf(0x1b, 0x9b, index, end)
          length = copyVisible(index, next, length)
          if (next === end) break
          index = next
          const last = lastOfEscape(index, end, knowsStrings)
          if (last > index) {
            index = last
            continue
          }
        }
        const unit = whole[index] as number
        const before: EscapeState = current
        current = afterUnit(before, unit, knowsStrings)
        inString = current === controlString ? inString + 1 : 0
        if (inString > longestString) current = ground
        if (current !== ground || endsEscape(before, unit)) continue
        length = copyVisible(index, index + 1, length)
      }
      state = current
      return { units, length, placeOf }
    },
    isInside: () => state !== ground,
    escape: () => state,
    owed: () => undefined,
  }
}

/**
 * Whole escape sequences without anything odd in them, which nearly all are, and line ends: a text is rid of these in one go,
 * much faster than unit by unit.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const wholeSequences = /(?:[\0\n\r]|\x1b(?:\[[ -?]*[@-~]|[0-Z\\-~]))+/g
const wholeWithStrings =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  /(?:[\0\n\r]|\x1b(?:\[[ -?]*[@-~]|[0-OQ-WYZ\\`-~]|[PX\]^_][^\x07\x18\x1a\x1b\x9c]{0,500}(?:[\x07\x18\x1a\x9c]|\x1b\\)))+/g

/** What was read of a piece, with the places where it stands in the piece: these are found out only when asked for. */
function placedIn(piece: string, leftOut: RegExp, { units, length, placeOf }: VisibleText): VisibleText {
  let gaps: readonly Gap[] | undefined
  return {
    units,
    length,
    placeOf(unit) {
      gaps ??= gapsIn(piece, leftOut)
      const place = placeOf(unit)
      let [first, end] = [0, gaps.length]
      while (first < end) {
        const middle = (first + end) >> 1
        if ((gaps[middle]?.at ?? 0) <= place) first = middle + 1
        else end = middle
      }
      return place + (gaps[first - 1]?.before ?? 0)
    },
  }
}

/** Something that is left out: where it stood in what is left, and how much is left out up to there. */
interface Gap {
  readonly at: number
  readonly before: number
}

function gapsIn(piece: string, leftOut: RegExp): readonly Gap[] {
  const gaps: Gap[] = []
  let before = 0
  leftOut.lastIndex = 0
  for (let gap = leftOut.exec(piece); gap; gap = leftOut.exec(piece)) {
    const at = gap.index - before
    before += gap[0].length
    gaps.push({ at, before })
  }
  return gaps
}

/** Where the escape sequence that begins at a place ends, when it is one without anything odd in it: nearly all are. */
function lastOfEscape(start: number, end: number, knowsStrings: boolean): number {
  if (start + 1 >= end || whole[start] !== 0x1b) return start
  const kind = whole[start + 1] as number
  if (kind === 0x5b) return lastOfSequence(start, end)
  if (knowsStrings && opensString(kind)) return lastOfString(start, end)
  return kind >= 0x30 && kind <= 0x7e ? start + 1 : start
}

function lastOfSequence(start: number, end: number): number {
  for (let index = start + 2; index < end; index++) {
    const unit = whole[index] as number
    if (unit >= 0x40 && unit <= 0x7e) return index
    if (unit < 0x20 || unit > 0x3f) return start
  }
  return start
}

/** The same of a short control string. */
function lastOfString(start: number, end: number): number {
  const limit = Math.min(end - 1, start + longestString / 2)
  for (let index = start + 2; index < limit; index++) {
    const unit = whole[index] as number
    if (endsString(unit)) return index
    if (unit === 0x1b) return whole[index + 1] === 0x5c ? index + 1 : start
  }
  return start
}
