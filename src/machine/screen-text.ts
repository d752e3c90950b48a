import { textWithoutMoves } from '../execution/terminal-text.ts'

/** What a terminal shows in the end of a text; the terminal is loaded for the first text that needs one. */
export async function screenText(text: string): Promise<string> {
  return textWithoutMoves(text) ?? (await import('./terminal-screen.ts')).screenText(text)
}
