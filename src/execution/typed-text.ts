import {
  beginnings,
  controls,
  echoLength,
  lengthAt,
  movements,
  redrawnLength,
  sequence,
  unfinishedSequence,
} from './key-echo.ts'
import { edit, emptyLine, type Key, readKeys, type TypedLine } from './typed-line.ts'

/** A piece of what a terminal printed. */
export interface TerminalPiece {
  /** `echo`: what was typed, as it comes back, with the movements of the cursor around it. */
  readonly kind: 'output' | 'echo'
  readonly text: string
}

/**
 * Tells what was typed at a terminal from what its programs print, by the keys alone. A line end that answers the Enter
 * key counts as output: it says nothing, and the record keeps its lines.
 */
export interface TypedText {
  /**
   * To be called before the keys are sent.
   * @param now milliseconds of any clock that only goes forward
   * @returns the lines that they complete
   */
  typed(keys: string, now: number): readonly string[]
  separate(text: string, now: number): readonly TerminalPiece[]
  /** Whether the end of the last text is held back, since it may be the beginning of an echo. */
  holds(): boolean
  /** What is held back, when nothing came for a while or nothing more will come. */
  flush(): readonly TerminalPiece[]
}

/** A key that may still be echoed. */
interface Awaited {
  readonly key: Key
  readonly line: TypedLine
  readonly at: number
  /** Whether an echo can begin here: at the first key of a line, and at the first of what was sent at once. */
  readonly first: boolean
}

interface Run {
  /** How many awaited keys it answers, or -1 when it is a line that is drawn again. */
  readonly keys: number
  readonly pieces: readonly TerminalPiece[]
  readonly end: number
}

/** How long a key's echo may take. */
const patience = 5000
/** So many characters in a row are an echo wherever they stand. */
const unmistakable = 4
const mostAwaited = 20_000
const mostBeginnings = 60

export const createTypedText = (): TypedText => {
  let awaited: readonly Awaited[] = []
  /** Where in `awaited` an echo can begin, by its first character. */
  let starts: ReadonlyMap<string, readonly number[]> = new Map()
  let line = emptyLine()
  let held = ''
  /** Whether what is held stood at the beginning of its chunk. */
  let heldAlone = false
  let afterEcho = false
  /** When the key was sent that came back last: what was pasted with it will come back, too. */
  let echoedAt: number | undefined

  const wait = (keys: readonly Awaited[]) => {
    awaited = keys
    const found = new Map<string, number[]>()
    let tried = 0
    for (const [index, { key, first }] of keys.entries()) {
      // After an echo, or a part of one, comes the next key's.
      if (index > 0 && !first && key.kind !== 'enter') continue
      if (tried++ === mostBeginnings) break
      for (const char of beginnings(key)) found.set(char, [...(found.get(char) ?? []), index])
    }
    starts = found
  }

  /** The echo of the keys from `awaited[from]` on, if it begins at `start`; `part` when the text ends within it. */
  const runAt = (from: number, text: string, start: number, isLast: boolean): Run | 'part' | undefined => {
    const pieces: TerminalPiece[] = []
    let end = start
    let keys = 0
    let characters = 0
    let cutOff = false
    let hasEnter = false
    for (; from + keys < awaited.length; keys++) {
      const key = awaited[from + keys]?.key
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
      if (key.kind === 'enter') hasEnter = true
    }
    if (keys === 0) return cutOff ? 'part' : undefined
    const atEnd = end === text.length || cutOff
    const exhausted = from + keys === awaited.length
    const wholeLine = hasEnter && isLineStart(from)
    const begin = awaited[from]
    // A line that was drawn as a whole has left keys of which no echo will come.
    const endsEchoed = begin?.key.kind === 'enter' && begin.line.echoed
    const isSure = begin?.key.kind === 'erase' || characters >= unmistakable || wholeLine || endsEchoed
    const behind = end + (text.startsWith(afterCursor(), end) ? afterCursor().length : 0)
    if (isSure || (exhausted && (behind === text.length || (text[behind] ?? '') < ' '))) return { keys, pieces, end }
    return atEnd && !isLast ? 'part' : undefined
  }

  /** What line editors draw again when something is put before it. */
  const afterCursor = () => (line.echoed ? line.characters.slice(line.cursor).join('') : '')

  const isLineStart = (index: number) => index === 0 || awaited[index - 1]?.key.kind === 'enter'

  /** The line that is being typed, drawn again by a line editor. */
  const redrawAt = (text: string, start: number, lines: readonly TypedLine[]): Run | undefined => {
    const end = start + redrawnLength(text, start, lines)
    return end > start ? { keys: -1, pieces: [{ kind: 'echo', text: text.slice(start, end) }], end } : undefined
  }

  /** Lines that may be drawn again: of which something was echoed, and their end was not. */
  const unfinished = (): readonly TypedLine[] =>
    [...new Set([line, ...awaited.map((one) => one.line)])].filter(
      ({ characters, echoed }) => echoed && characters.length > 1,
    )

  /**
   * A line ends before anything of a typed one came back: nothing of that one will. It is known as a line, and whoever
   * keeps the output leaves it out by that.
   */
  const forgetSilent = () => {
    const enter = awaited.findIndex(({ key }) => key.kind === 'enter')
    if (enter > 0 && !awaited[0]?.line.echoed && awaited[0]?.at !== echoedAt) wait(awaited.slice(enter + 1))
  }

  const find = (text: string, at: number, isLast: boolean): Run | 'part' | undefined => {
    let part = false
    for (const from of starts.get(text[at] ?? '') ?? []) {
      const run = runAt(from, text, at, isLast)
      if (run === 'part') part = true
      else if (run) {
        for (const one of awaited.slice(from, from + run.keys)) {
          if (one.key.kind !== 'text') continue
          one.line.echoed = true
          echoedAt = one.at
        }
        wait(awaited.slice(from + run.keys))
        return run
      }
    }
    return part ? 'part' : undefined
  }

  const split = (text: string, isLast: boolean): readonly TerminalPiece[] => {
    let lines = unfinished()
    const pieces: TerminalPiece[] = []
    let from = 0
    let at = 0
    const goOn = (begun: number) => {
      // What stands behind the cursor is drawn again when something is put before it.
      if (text.startsWith(afterCursor(), at)) at += afterCursor().length
      for (let moved = lengthAt(movements, text, at); moved > 0; moved = lengthAt(movements, text, at)) {
        const back = text.slice(at, at + moved).split('\b').length - 1
        at += moved
        // And so is what it went back over.
        const passed = line.echoed && back > 0 ? line.characters.slice(-back).join('') : ''
        if (passed !== '' && text.startsWith(passed, at)) at += passed.length
      }
      if (at > begun) pieces.push({ kind: 'echo', text: text.slice(begun, at) })
      from = at
    }
    if (afterEcho && awaited[0]?.key.kind !== 'erase') goOn(0)
    const take = (start: number, run: Run) => {
      if (start > from) pieces.push({ kind: 'output', text: text.slice(from, start) })
      pieces.push(...run.pieces)
      at = run.end
      from = at
      if (run.pieces.at(-1)?.kind === 'echo') goOn(at)
      lines = unfinished()
    }
    while (at < text.length && (awaited.length > 0 || lines.length > 0)) {
      let run = find(text, at, isLast)
      const moved = run === undefined ? at + lengthAt(movements, text, at) : at
      if (moved > at) {
        const behind = find(text, moved, isLast) ?? redrawAt(text, moved, lines)
        if (behind && behind !== 'part') {
          run = { ...behind, pieces: [{ kind: 'echo', text: text.slice(at, moved) }, ...behind.pieces] }
        }
      }
      run ??= redrawAt(text, at, lines)
      if (run === undefined && !isLast && lengthAt(unfinishedSequence, text, at) > 0) run = 'part'
      if (run === 'part') {
        held = text.slice(at)
        heldAlone = at === 0
        if (at > from) pieces.push({ kind: 'output', text: text.slice(from, at) })
        return pieces
      }
      if (run) take(at, run)
      else if (text[at] === '\n') {
        forgetSilent()
        at++
      } else at += lengthAt(sequence, text, at) || ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)
    }
    if (from < text.length) pieces.push({ kind: 'output', text: text.slice(from) })
    return pieces
  }

  /** The last piece of a text decides how the next one begins. */
  const remembered = (pieces: readonly TerminalPiece[]) => {
    const last = pieces.at(-1)
    if (last) afterEcho = last.kind === 'echo' && line.echoed
    return pieces
  }

  return {
    typed: (sent, now) => {
      const completed: string[] = []
      const more: Awaited[] = []
      for (const key of readKeys(sent)) {
        const first = more.length === 0 || more.at(-1)?.key.kind === 'enter'
        if (key.kind === 'enter' || key.sent === '\x04') {
          if (line.characters.length > 0) completed.push(line.characters.join(''))
          if (key.kind === 'enter') more.push({ key, line, at: now, first })
          line = emptyLine()
          continue
        }
        edit(line, key)
        if (key.kind !== 'paste') more.push({ key, line, at: now, first })
      }
      wait([...awaited, ...more].slice(-mostAwaited))
      return completed
    },
    separate: (chunk, now) => {
      if (awaited.some(({ at }) => now - at > patience)) wait(awaited.filter(({ at }) => now - at <= patience))
      const text = held + chunk
      held = ''
      return remembered(split(text, false))
    },
    holds: () => held !== '',
    flush: () => {
      const text = held
      held = ''
      if (text === '') return []
      const count = [...text].length
      const isEcho = heldAlone && count > 1 && awaited.slice(0, count).every(({ key }, n) => key.sent === [...text][n])
      if (!isEcho) return remembered(split(text, true))
      wait(awaited.slice(count))
      return [{ kind: 'echo', text }]
    },
  }
}
