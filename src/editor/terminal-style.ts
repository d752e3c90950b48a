import { readableText } from '../execution/readable-text.ts'

// What a terminal understands: colours, and marks around each step.

export const bold = (text: string) => `\x1b[1m${text}\x1b[22m`
const colour = (code: number, text: string) => `\x1b[${code}m${text}\x1b[39m`
/** Quiet and legible: VS Code sees to the contrast of a colour in every theme, and to half of it alone for text that is faint. */
export const dim = (text: string) => colour(90, text)
export const red = (text: string) => colour(31, text)
export const green = (text: string) => colour(32, text)
export const yellow = (text: string) => colour(33, text)
export const cyan = (text: string) => colour(36, text)
/** White on red: what must not be overlooked. */
export const alarm = (text: string) => `\x1b[41;97m${text}\x1b[49;39m`

/** The shell integration sequences that VS Code documents: they give each step its mark, "previous command" and "copy output". */
export const mark = (sequence: string) => `\x1b]633;${sequence}\x07`

export const escapeMark = (text: string) =>
  text.replace(/[\\;\p{Cc}]/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)

/**
 * Text as something to read, with what deceives as its code.
 * @param deceptive more characters that are shown as their codes (`U+202E`)
 */
export function readable(text: string, deceptive: readonly string[] = []): string {
  return readableText(text, deceptive, alarm)
}
