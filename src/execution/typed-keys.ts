import type { Awaited } from './awaited-keys.ts'
import type { Reception } from './reception.ts'
import { edit, emptyLine, type Key, longestUnmasked, readKeys, type TypedLine } from './typed-line.ts'

interface Typed {
  readonly keys: readonly Awaited[]
  readonly finished: readonly TypedLine[]
  /** The line that is being typed then. */
  readonly current: TypedLine
}

/** More keys than that nobody presses at a program that takes them one by one, before it asks for a line. */
const longestOfKeys = 16

/** Whether it gives a line to its program. */
const isEnd = ({ kind, sent }: Key): boolean => kind === 'enter' || sent === '\x04'

/** Does what was sent to the line that is being typed, and to those after it. */
export const typeKeys = (sent: string, now: number, line: TypedLine, receives?: () => Reception): Typed => {
  const keys: Awaited[] = []
  const finished: TypedLine[] = []
  let current = line
  const read = readKeys(sent)
  const { length } = line.characters
  const mayTell = read.some(isEnd) || length < longestUnmasked || (line.isRaw && length < longestOfKeys)
  const reception = mayTell ? receives?.() : undefined
  if (mayTell) {
    line.isShown = reception?.shows
    // What was typed up to here, a program took key by key.
    if (line.isRaw && reception?.isRaw === false && length > 0) line.restarts.push(length)
    line.isRaw = reception?.isRaw ?? false
  }
  let awaited = reception?.awaited
  // What takes one key may leave the next ones to somebody else.
  const isAlone = read.filter((key) => !isEnd(key)).length === 1
  for (const key of read) {
    if (keys.length === 0 && current.cursor > 0) current.begun.push(current.cursor)
    const first = keys.length === 0 || keys.at(-1)?.key.kind === 'enter'
    if (key.kind !== 'paste' && key.sent !== '\x04') keys.push({ key, line: current, at: now, first })
    if (isEnd(key)) {
      current.isRead = awaited === 'line' || (awaited === 'key' && current.isRead)
      current.isUnseen = awaited === 'line' && current.isShown === false
      awaited = undefined
      finished.push(current)
      current = emptyLine()
    } else {
      current.isRead &&= awaited === 'key' && isAlone
      edit(current, key)
    }
  }
  return { keys, finished, current }
}
