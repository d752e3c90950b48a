import { readableText } from '../execution/readable-text.ts'
import type { Style } from './style.ts'

/**
 * A text as lines to read before it runs, with what deceives as its code.
 * @param deceptive more characters that are shown so, as `U+202E`
 */
export function readableLines(text: string, style: Style, deceptive: readonly string[] = []): readonly string[] {
  return readableText(text, deceptive, (code) => style.bad(`‹${code}›`)).split('\n')
}
