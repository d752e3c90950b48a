import type { Output } from './ports.ts'

/** Colours for Baton's own lines, by what they mean; plain text where colours are not wanted. */
export interface Style {
  readonly quiet: (text: string) => string
  readonly strong: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly notice: (text: string) => string
}

export function styleFor(output: Output): Style {
  const sgr = (on: number, off: number) => (text: string) => (output.colours ? `\x1b[${on}m${text}\x1b[${off}m` : text)
  return { quiet: sgr(2, 22), strong: sgr(1, 22), good: sgr(32, 39), bad: sgr(31, 39), notice: sgr(33, 39) }
}
