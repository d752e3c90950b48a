import type { Deception } from './event.ts'

/** Unicode's bidirectional controls (UAX #9): what is shown is in another order than what runs (CVE-2021-42574). */
const bidirectional = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

/** Characters without a shape of their own that make two words look alike. */
const invisible = /[\u00ad\u115f\u1160\u180e\u200b-\u200d\u2060-\u2064\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]/u

/**
 * Characters in a step's text that make it look like another one than runs. The joiner inside of an emoji is none.
 * @param line 1-based line of the runbook on which `text` begins
 */
export function findDeceptions(text: string, line: number): readonly Deception[] {
  return text.split('\n').flatMap((written, index) => {
    const withoutEmoji = written.replace(
      /\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?(?:\u200d\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)+/gu,
      (emoji) => 'x'.repeat(emoji.length),
    )
    const found: Deception[] = []
    let column = 1
    for (const character of withoutEmoji) {
      const kind = bidirectional.test(character) ? 'bidirectional' : invisible.test(character) ? 'invisible' : undefined
      if (kind !== undefined) found.push({ line: line + index, column, kind, character: codeOf(character) })
      column += character.length
    }
    return found
  })
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
