// biome-ignore-all lint/suspicious/noControlCharactersInRegex: characters that nobody sees are what this file is about
import type { Deception } from './event.ts'

/** One emoji: a picture with its style or skin tone. A tag sequence is the flag of a region (UTS #51, 1.4.9). */
const emoji = '\\p{Extended_Pictographic}[\\ufe0e\\ufe0f\\u{1f3fb}-\\u{1f3ff}]?'
const regionFlag = '\\u{1f3f4}[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{3,6}\\u{e007f}'

/** Where the same characters belong: emoji and their joiners, keycaps, and ideographs in a form of the UCS or the IVD. */
const fine = [
  regionFlag,
  `${emoji}(?:\\u200d${emoji})*`,
  '[0-9#*]\\ufe0f\\u20e3',
  '\\p{Script=Han}[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]',
  '\\p{Script=Mongolian}[\\u180b-\\u180d\\u180f]',
].join('|')

/** Unicode's bidirectional controls (UAX #9): what is shown is in another order than what runs (CVE-2021-42574). */
const bidirectional = '[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]'

/**
 * Without a shape of their own: control characters, zero-width and format characters, fillers, variation selectors behind
 * what has no variants, tags, and the line separators that only some programs take for line ends. Blanks that can be seen are
 * none of them: what a no-break or an ideographic space breaks in a script fails aloud, and it is ordinary text in a string.
 */
const invisible =
  '[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200d\\u2028\\u2029' +
  '\\u2060-\\u2065\\u206a-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]'

const looked = new RegExp(`(?:${fine})|(${bidirectional})|(${invisible})`, 'gu')

/**
 * Characters in a step's text that make it look like another one than runs, in their order.
 *
 * @param line 1-based line of the runbook on which `text` begins
 */
export function findDeceptions(text: string, line: number): readonly Deception[] {
  return text.split('\n').flatMap((written, index) =>
    Array.from(written.matchAll(looked)).flatMap(({ index: at, 1: turning, 2: hidden }) => {
      const character = turning ?? hidden
      if (character === undefined) return []
      const kind = turning === undefined ? 'invisible' : 'bidirectional'
      return [{ line: line + index, column: at + 1, kind, character: codeOf(character) } as const]
    }),
  )
}

/** As the Unicode standard writes a code point. */
function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
