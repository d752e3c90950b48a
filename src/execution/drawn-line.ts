import type { Echo } from './awaited-keys.ts'
import { controls, lengthAt, movements } from './key-echo.ts'
import { afterCursor, type TypedLine } from './typed-line.ts'

/** What stands between two controls: a line editor draws a line, or a part of it, as one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it ends at a control character
const printed = /[^\x00-\x1f\x7f]+/y

// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
const controlSequences = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[^[\]])|[\x00-\x1f]/g

/** A line, or a part of it, that was drawn again: so much of something else, the prompt, and then so much of the line. */
interface Drawn {
  readonly before: number
  readonly length: number
}

const mostShown = 600

/** What the terminal's line got up to now, with one more text: the prompt, when nothing was typed yet. */
export const shownAfter = (shown: string, text: string): string => {
  const begun = text.lastIndexOf('\n') + 1
  if (begun > 0) return text.slice(Math.max(begun, text.length - mostShown))
  return (shown + text.slice(-mostShown)).slice(-mostShown)
}

/** What was printed in the terminal's line each time that it was begun anew: an editor draws the prompt in pieces, too. */
const prompts = (shown: string): readonly string[] =>
  shown
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters begin a line anew
    .split(/\r|\x1b\[1?G/)
    .map((part) => part.replaceAll(controlSequences, ''))
    .filter((part) => part !== '')

/** Everything that the line was, and is: of what was only added to at its end the last is enough. */
const versions = ({ characters, earlier }: TypedLine): readonly string[] => [...earlier, characters.join('')]

/**
 * What a line editor draws at once, all of it a part of the line as it is or was, or the line behind its prompt. Of a line
 * of which nothing came back yet, the beginning.
 *
 * @param start where something begins: at the beginning of a text, or behind a control
 * @param shown what the terminal's line shows up to there
 */
const drawnAlone = (text: string, start: number, line: TypedLine, shown: string): Drawn | undefined => {
  const drawn = text.slice(start, start + lengthAt(printed, text, start))
  if (drawn === '') return undefined
  const all = versions(line)
  if (drawn.length > mostShown + Math.max(...all.map(({ length }) => length))) return undefined
  // With spaces over what stood there before.
  const bare = drawn.trimEnd()
  const isPart = (version: string) => (line.echoed ? version.includes(bare) : version.startsWith(bare))
  if (!line.interrupted && bare !== '' && all.some(isPart)) {
    return { before: 0, length: drawn.length }
  }
  const known = prompts(line.prompt ?? shown)
  for (let before = 1; before < drawn.length && before <= mostShown; before++) {
    const begun = drawn.slice(0, before)
    if (!known.some((prompt) => prompt.endsWith(begun))) continue
    const rest = drawn.slice(before)
    const bareRest = rest.trimEnd()
    if (bareRest !== '' && all.some((version) => version.startsWith(bareRest))) return { before, length: rest.length }
  }
  return undefined
}

/** So many characters of a line that is being edited are that line drawn again: line editors do it from anywhere. */
const redrawn = 3

/** How much of the text from `start` on is one of these lines, or its rest, as a line editor draws it again. */
const redrawnLength = (text: string, start: number, lines: readonly TypedLine[]): number => {
  for (const { characters } of lines) {
    for (let from = 0; from < characters.length; from++) {
      let end = start
      let count = 0
      while (from + count < characters.length) {
        const char = characters[from + count] ?? ''
        let at = end
        if (!text.startsWith(char, at) && count > 0) at += lengthAt(controls, text, at)
        if (!text.startsWith(char, at)) break
        end = at + char.length
        count++
      }
      const isRest = from + count === characters.length && (end === text.length || (text[end] ?? '') < ' ')
      if (count >= redrawn || (count > 1 && (count === characters.length || isRest))) return end - start
    }
  }
  return 0
}

/**
 * The first of these lines, or of their beginnings, that a line editor draws there, with its prompt or between controls; `part`
 * when the text ends within a line of which nothing came back yet.
 *
 * @param shown as for `drawnAlone`
 */
export const drawnEcho = (
  text: string,
  at: number,
  lines: readonly TypedLine[],
  shown: () => string,
  isLast: boolean,
): Echo | 'part' | undefined => {
  for (const line of lines) {
    const drawn = drawnAlone(text, at, line, shown())
    if (!drawn) continue
    const start = at + drawn.before
    const end = start + drawn.length
    const isWhole = text.slice(start, end) === line.characters.join('')
    if (!line.echoed && end === text.length && !isLast && !isWhole) return 'part'
    line.echoed = true
    line.interrupted = false
    const prompt = drawn.before > 0 ? [{ kind: 'output', text: text.slice(at, start) } as const] : []
    return { keys: -1, pieces: [...prompt, { kind: 'echo', text: text.slice(start, end) }], end, line }
  }
  return undefined
}

/** A line that is being typed, drawn again by a line editor wherever it stands. */
export const redrawnEcho = (text: string, start: number, lines: readonly TypedLine[]): Echo | undefined => {
  const end = start + redrawnLength(text, start, lines)
  return end > start
    ? { keys: -1, pieces: [{ kind: 'echo', text: text.slice(start, end) }], end, line: undefined }
    : undefined
}

/** Where the movements of the cursor end that follow an echo, and what a line editor draws again with them. */
export const afterMoves = (text: string, start: number, line: TypedLine): number => {
  let at = start
  // What stands behind the cursor is drawn again when something is put before it.
  if (text.startsWith(afterCursor(line), at)) at += afterCursor(line).length
  for (let moved = lengthAt(movements, text, at); moved > 0; moved = lengthAt(movements, text, at)) {
    const back = text.slice(at, at + moved).split('\b').length - 1
    at += moved
    // And so is what it went back over.
    const passed = line.echoed && back > 0 ? line.characters.slice(-back).join('') : ''
    if (passed !== '' && text.startsWith(passed, at)) at += passed.length
  }
  return at
}
