// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this file is about
const control = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g

/**
 * Text of others in a line of Baton's own: a title with control characters, or one that turns the writing direction, must
 * not redraw what stands around it.
 */
export function plain(text: string): string {
  return text.replace(control, ' ')
}
