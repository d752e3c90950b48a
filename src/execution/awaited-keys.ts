import { beginnings, controls, echoLength, lengthAt } from './key-echo.ts'
import type { TerminalPiece } from './terminal-pieces.ts'
import { hasText, type Key, type TypedLine } from './typed-line.ts'

/** A key that may still be echoed. */
export interface Awaited {
  readonly key: Key
  readonly line: TypedLine
  readonly at: number
  /** Whether an echo can begin here: at the first key of a line, and at the first of what was sent at once. */
  readonly first: boolean
}

/** What was typed, found in a text. */
export interface Echo {
  /** How many awaited keys it answers, or -1 when it is a line that is drawn again. */
  readonly keys: number
  readonly pieces: readonly TerminalPiece[]
  readonly end: number
  /** The line that it is of; of keys, that of the first. */
  readonly line: TypedLine | undefined
}

/** So many characters in a row are an echo wherever they stand. */
const unmistakable = 4
const mostBeginnings = 60

const isLineStart = (awaited: readonly Awaited[], index: number) =>
  index === 0 || awaited[index - 1]?.key.kind === 'enter'

/** Where in the keys an echo can begin, by its first character. */
export const echoStarts = (awaited: readonly Awaited[]): ReadonlyMap<string, readonly number[]> => {
  const found = new Map<string, number[]>()
  let tried = 0
  for (const [index, { key, first }] of awaited.entries()) {
    // After an echo, or a part of one, comes the next key's.
    if (index > 0 && !first && key.kind !== 'enter') continue
    if (tried++ === mostBeginnings) break
    for (const char of beginnings(key)) found.set(char, [...(found.get(char) ?? []), index])
  }
  return found
}

/** The end of a line. */
export interface Tail {
  readonly of: TypedLine
  readonly text: string
}

/** How the lines of these keys end, from each key on that was sent by itself: the terminal may have shown only that. */
export const tails = (keys: readonly Awaited[]): readonly Tail[] =>
  keys.flatMap(({ key, line, first }, index) => {
    if (!first || key.kind !== 'text' || line.isUnseen) return []
    const tail = keys.slice(index).filter((one) => one.line === line && one.key.kind === 'text')
    return tail.length < line.characters.length ? [{ of: line, text: tail.map((one) => one.key.sent).join('') }] : []
  })

export const isSentAs = (awaited: readonly Awaited[], text: string): boolean =>
  [...text].every((char, n) => awaited[n]?.key.sent === char)

/** Lines that may be drawn again: of which something was echoed, and their end was not. */
export const unfinished = (current: TypedLine, awaited: readonly Awaited[]): readonly TypedLine[] =>
  [...new Set([current, ...awaited.map(({ line }) => line)])].filter((line) => line.echoed && hasText(line))

/** Where an echo is looked for. */
interface Around {
  /** Whether nothing more came for a while. */
  readonly isLast: boolean
  /** What stands behind the cursor, and is drawn again with what is put before it. */
  readonly afterCursor: string
  /** Whether the terminal's line begins there. */
  readonly beginsLine: () => boolean
}

/**
 * The echo of the keys from `awaited[from]` on, if it begins at `start`; `part` when the text ends within it.
 */
export const echoAt = (
  awaited: readonly Awaited[],
  from: number,
  text: string,
  start: number,
  { isLast, afterCursor, beginsLine }: Around,
): Echo | 'part' | undefined => {
  const pieces: TerminalPiece[] = []
  let end = start
  let keys = 0
  let characters = 0
  let cutOff = false
  let hasEnter = false
  let inOnePiece = true
  for (; from + keys < awaited.length; keys++) {
    const { key, first } = awaited[from + keys] ?? {}
    if (!key) break
    let at = end
    let length = echoLength(key, text, at)
    if (length === 0 && keys > 0) {
      at += lengthAt(controls, text, at)
      length = echoLength(key, text, at)
    }
    if (length === 'part') cutOff = true
    if (length === 'part' || length === 0) break
    if (at > end) pieces.push({ kind: 'echo', text: text.slice(end, at) })
    pieces.push({ kind: key.kind === 'enter' ? 'output' : 'echo', text: text.slice(at, at + length) })
    end = at + length
    if (key.kind === 'text') characters++
    if (first && keys > 0 && !hasEnter) inOnePiece = false
    if (key.kind === 'enter') hasEnter = true
  }
  if (keys === 0) return cutOff ? 'part' : undefined
  const atEnd = end === text.length || cutOff
  const exhausted = from + keys === awaited.length
  const wholeLine = hasEnter && isLineStart(awaited, from)
  const begin = awaited[from]
  // A line that was drawn as a whole has left keys of which no echo will come.
  const endsEchoed = begin?.key.kind === 'enter' && begin.line.echoed
  // Not while nothing of its line came back: whoever draws a whole line also takes away what is behind it.
  const erases = begin?.key.kind === 'erase' && begin.line.echoed
  // The beginning was typed while the terminal showed nothing, the end when it did.
  const isEnd = hasEnter && begin?.first === true && characters > 0 && (inOnePiece || beginsLine())
  const isSure = erases || characters >= unmistakable || wholeLine || endsEchoed || isEnd
  const behind = end + (text.startsWith(afterCursor, end) ? afterCursor.length : 0)
  // A movement of the cursor is no answer to a key while what was typed before it did not come back.
  const isEarly = from > 0 && (begin?.key.kind === 'erase' || begin?.key.kind === 'move') && !begin.line.echoed
  const endsThere = !isEarly && exhausted && (behind === text.length || (text[behind] ?? '') < ' ')
  if (isSure || endsThere) return { keys, pieces, end, line: begin?.line }
  return atEnd && !isLast ? 'part' : undefined
}
