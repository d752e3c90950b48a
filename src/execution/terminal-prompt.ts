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

/** What only a line editor prints before the line that it draws: it asks for pastes to be marked, or moves the cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
const movesCursor = /(?:\x08|\x1b\[(?:\d*[CDGK]|\d+;\d+H))(?:\x1b\[[0-9;]*m)*$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
const asksForPastes = /\x1b\[\?2004h(?!.*\x1b\[\?2004l)/s
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
const movesTo = /\x1b\[(\d+)G$|\r\x1b\[(\d+)C$/

/** Whether a line editor draws here, as far as it can be told: a bar of progress moves the cursor, too. */
export const isDrawnByEditor = (shown: string): boolean =>
  asksForPastes.test(shown) || (movesCursor.test(shown) && promptIn(shown).trim() !== '')

/**
 * Whether what is typed here is shown by a line editor alone, and not by the terminal: nobody but an editor moves the cursor to where
 * it stands, behind a prompt.
 */
export const isCertainlyEditor = (shown: string): boolean => {
  const prompt = promptIn(shown)
  if (!isQuestion(prompt)) return false
  if (asksForPastes.test(shown)) return true
  const [, column, cells] = movesTo.exec(shown) ?? []
  const width = column === undefined ? Number(cells) : Number(column) - 1
  const wide = prompt.match(/[\u1100-\uffff]/g)?.length ?? 0
  return width >= prompt.length && width <= prompt.length + wide
}

/** Whether a prompt ends as those do that wait for an answer; elsewhere a line may have begun already. */
export const isQuestion = (prompt: string): boolean => endsLikeQuestion.test(prompt.slice(-3))

const endsLikeQuestion = /[:?>$#)\]}：？＞＄＃）］」』】] {0,2}$/u
