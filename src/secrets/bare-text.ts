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
import { copyVisible, place, placeOf, readPlain, units, type VisibleTextReader, whole } from './visible-text.ts'

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
      const end = place(piece)
      let current = state
      let length = 0
      for (let index = 0; index < end; index++) {
        if (current === ground) {
          const next = nextEscape(index, end)
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

function nextEscape(from: number, end: number): number {
  let index = from
  while (index < end && whole[index] !== 0x1b && whole[index] !== 0x9b) index++
  return index
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
