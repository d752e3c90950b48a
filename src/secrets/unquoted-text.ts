import { ground } from './escape-sequence.ts'
import {
  copyVisible,
  isVisible,
  longestPiece,
  nextOf,
  place,
  placeOf,
  places,
  readPlain,
  units,
  type VisibleTextReader,
  whole,
} from './visible-text.ts'

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
      const end = place(piece)
      let heldAt = owed === undefined ? nowhere : -owed
      let length = 0
      for (let index = 0; index < end; index++) {
        if (heldAt === nowhere) {
          const next = nextOf(quote, quote, index, end)
          length = copyVisible(index, next, length)
          if (next < end) heldAt = next
          index = next
          continue
        }
        const unit = whole[index] as number
        if (isVisible(unit) === 0) continue
        if (isLetterOrDigit(unit)) {
          units[length] = quote
          places[length++] = heldAt
        }
        heldAt = nowhere
        length = copyVisible(index, index + 1, length)
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
