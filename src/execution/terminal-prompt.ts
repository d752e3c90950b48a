import { sequence } from './key-echo.ts'

/**
 * What stands as prompt in the terminal's line: since it was begun anew, or all of it where the cursor went elsewhere.
 *
 * @param shown with its control sequences
 */
export const promptIn = (shown: string): string => {
  if (!hasControl.test(shown)) return shown
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters begin a line anew
  const begun = shown.split(/\r|\x1b\[1?G/).at(-1) ?? ''
  const bare = withoutControls(begun)
  return bare === '' && begun !== '' ? withoutControls(shown) : bare
}

const withoutControls = (text: string): string => text.replaceAll(sequences, '').replaceAll(controlCharacters, '')

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const hasControl = /[\x00-\x08\x0b-\x1f]/
const sequences = new RegExp(sequence.source, 'g')
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken away
const controlCharacters = /[\x00-\x08\x0b-\x1f]/g

export const looksLikeQuestion = (prompt: string): boolean =>
  /[:?>$#)\]}：？＞＄＃）］」』】] {0,2}$/u.test(prompt.slice(-3))

/** Whether a prompt may end here: few run into the word or the number that answers it. */
export const mayEndPrompt = (prompt: string, next: string): boolean => {
  if (/(?:[\p{P}\p{S}] {0,2}|[^\s\p{P}\p{S}][ \u3000])$/u.test(prompt.slice(-4))) return true
  const last = [...prompt.slice(-2)].at(-1) ?? ''
  return last.trim() !== '' && scripts.some((script) => script.test(last) !== script.test(next))
}

const scripts = [/[\0-\x7f]/, /\p{Script=Hiragana}/u, /\p{Script=Katakana}/u, /\p{Script=Han}/u] as const

/** What only a line editor prints before the line that it draws: it asks for pastes to be marked, or moves the cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
const editorMark = /\x1b\[\?2004h|(?:\x08|\x1b\[(?:\d*[CDGK]|\d+;\d+H))(?:\x1b\[[0-9;]*m)*$/

export const isDrawnByEditor = (shown: string): boolean => editorMark.test(shown)
