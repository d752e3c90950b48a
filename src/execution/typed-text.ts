import { type Awaited, type Echo, echoAt, echoStarts, type TerminalPiece, tails } from './awaited-keys.ts'
import { afterMoves, drawnEcho, redrawnEcho, shownAfter } from './drawn-line.ts'
import { lengthAt, movements, sequence, unfinishedSequence, wholeLength } from './key-echo.ts'
import { createLinesAhead, type Place } from './lines-ahead.ts'
import { afterCursor, edit, emptyLine, hasText, keysOf, readKeys, type TypedLine } from './typed-line.ts'

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
  /**
   * What is held back, when nothing came for a while. The beginning of a control sequence stays: it shows nothing, and
   * what completes it must not be taken for text.
   */
  flush(): readonly TerminalPiece[]
  /** What is held back, when nothing more will come. */
  end(): readonly TerminalPiece[]
}

/** How long a key's echo may take. */
const patience = 5000
const mostAwaited = 20_000

export const createTypedText = (): TypedText => {
  let awaited: readonly Awaited[] = []
  /** Where in `awaited` an echo can begin, by its first character. */
  let starts: ReadonlyMap<string, readonly number[]> = new Map()
  let line = emptyLine()
  let held = ''
  /** Whether what is held stood at the beginning of its chunk. */
  let heldAlone = false
  let afterEcho = false
  /** What the terminal's line shows, as far as programs print it. */
  let shown = ''
  /** Those that may be drawn again. */
  let lines: readonly TypedLine[] = []
  /** When the key was sent that came back last: what was pasted with it will come back, too. */
  let echoedAt: number | undefined
  let time = 0
  const ahead = createLinesAhead()

  const wait = (keys: readonly Awaited[]) => {
    awaited = keys
    starts = echoStarts(keys)
  }

  /** A line that is being typed, or the beginning of one, that a line editor draws with its prompt or between controls. */
  const drawnAt = (text: string, at: number, from: number, isLast: boolean): Echo | 'part' | undefined => {
    const next = awaited[0]?.line ?? line
    const drawable = next.echoed || !hasText(next) ? lines : [...lines, next]
    return drawable.length > 0
      ? drawnEcho(text, at, drawable, shownAfter(shown, text.slice(from, at)), isLast)
      : undefined
  }

  /** A line that was typed ahead, as the program draws it that reads it now: what is missing of it is still to come. */
  const aheadAt = (text: string, at: number, from: number, place: Pick<Place, 'begins' | 'isLast'>) => {
    if (!ahead.mayBeAt(text, at)) return undefined
    const before = () => shownAfter(shown, text.slice(from, at))
    const drawn = ahead.drawnAt({ ...place, text, at, shown: before })
    if (typeof drawn !== 'object') return drawn
    const { line: one, end, rest } = drawn
    Object.assign(one, { echoed: true, interrupted: false, prompt: before() })
    const keys = keysOf(rest, one === line).map((key) => ({ key, line: one, at: time, first: false }))
    wait([...keys, ...awaited.filter((other) => other.line !== one)])
    return { keys: -1, pieces: [{ kind: 'echo', text: text.slice(at, end) }], end, line: one } satisfies Echo
  }

  /** Lines that may be drawn again: of which something was echoed, and their end was not. */
  const unfinished = (): readonly TypedLine[] =>
    [...new Set([line, ...awaited.map((one) => one.line)])].filter((one) => one.echoed && hasText(one))

  /**
   * A line ends before anything of a typed one came back: nothing of that one will. It is known as a line, and whoever
   * keeps the output leaves it out by that.
   */
  const forgetSilent = () => {
    const enter = awaited.findIndex(({ key }) => key.kind === 'enter')
    if (!(enter > 0) || awaited[0]?.line.echoed || awaited[0]?.at === echoedAt) return
    ahead.missed(tails(awaited.slice(0, enter)))
    wait(awaited.slice(enter + 1))
  }

  const find = (text: string, at: number, printedFrom: number, isLast: boolean): Echo | 'part' | undefined => {
    let part = false
    const beginsLine = () => shownAfter(shown, text.slice(printedFrom, at)) === ''
    for (const from of starts.get(text[at] ?? '') ?? []) {
      const echo = echoAt(awaited, from, text, at, { isLast, afterCursor: afterCursor(line), beginsLine })
      if (echo === 'part') part = true
      else if (echo) {
        answered(from, echo.keys)
        return echo
      }
    }
    return part ? 'part' : undefined
  }

  /** What came back is no longer waited for, and neither is what was typed before it. */
  const answered = (from: number, keys: number) => {
    ahead.missed(tails(awaited.slice(0, from)))
    for (const one of awaited.slice(from, from + keys)) {
      if (one.key.kind !== 'text') continue
      one.line.echoed = true
      one.line.interrupted = false
      echoedAt = one.at
    }
    wait(awaited.slice(from + keys))
  }

  const split = (text: string, after: 'text' | 'pause' | 'end', beginsAlone: boolean): readonly TerminalPiece[] => {
    const isLast = after !== 'text'
    lines = unfinished()
    const whole = wholeLength(text)
    const pieces: TerminalPiece[] = []
    let from = 0
    let at = 0
    /** Whether something begins here: at the beginning of the text, and behind a control or an echo. */
    let alone = beginsAlone
    const push = (piece: TerminalPiece, of?: TypedLine) => {
      if (piece.text === '') return
      pieces.push(piece)
      if (piece.kind === 'output') shown = shownAfter(shown, piece.text)
      else if (of) of.prompt ??= shown
    }
    const goOn = (begun: number) => {
      at = afterMoves(text, at, line)
      push({ kind: 'echo', text: text.slice(begun, at) })
      from = at
    }
    if (afterEcho && awaited[0]?.key.kind !== 'erase') goOn(0)
    const take = (echo: Echo) => {
      push({ kind: 'output', text: text.slice(from, at) })
      for (const piece of echo.pieces) push(piece, echo.line)
      at = echo.end
      from = at
      alone = true
      if (echo.pieces.at(-1)?.kind === 'echo') goOn(at)
      lines = unfinished()
    }
    const echoFrom = (start: number, isAlone: boolean): Echo | 'part' | undefined => {
      const echo = find(text, start, from, isLast)
      if (echo && echo !== 'part') return echo
      const again = aheadAt(text, start, from, { begins: start === 0 && beginsAlone, isLast })
      if (again && again !== 'part') return again
      return (
        (isAlone ? drawnAt(text, start, from, isLast) : undefined) ?? redrawnEcho(text, start, lines) ?? echo ?? again
      )
    }
    while (at < text.length) {
      if (awaited.length === 0 && lines.length === 0 && !hasText(line)) {
        at = ahead.nextPlace(text, at, Math.max(at, whole))
        if (at === text.length) break
      }
      // Most of a long output: nothing begins here.
      const next = text[at] ?? ''
      if (next >= ' ' && !alone && lines.length === 0 && !starts.has(next) && !ahead.mayBeAt(text, at)) {
        at++
        continue
      }
      let echo = echoFrom(at, alone)
      const moved = echo === undefined ? at + lengthAt(movements, text, at) : at
      if (moved > at) {
        const behind = echoFrom(moved, true)
        if (behind && behind !== 'part') {
          echo = { ...behind, pieces: [{ kind: 'echo', text: text.slice(at, moved) }, ...behind.pieces] }
        }
      }
      if (echo === undefined && after !== 'end' && lengthAt(unfinishedSequence, text, at) > 0) echo = 'part'
      if (echo === 'part') {
        held = text.slice(at)
        heldAlone = alone
        push({ kind: 'output', text: text.slice(from, at) })
        return pieces
      }
      if (echo) take(echo)
      else {
        const control = lengthAt(sequence, text, at)
        const char = text.codePointAt(at) ?? 0
        if (char === 10) {
          forgetSilent()
          for (const one of [line, ...lines]) one.interrupted = true
        }
        alone = control > 0 || char < 32
        at += control || (char > 0xffff ? 2 : 1)
      }
    }
    push({ kind: 'output', text: text.slice(from) })
    return pieces
  }

  /** The last piece of a text decides how the next one begins. */
  const remembered = (pieces: readonly TerminalPiece[]) => {
    const last = pieces.at(-1)
    if (last) afterEcho = last.kind === 'echo' && line.echoed
    return pieces
  }

  const flush = (atEnd: boolean): readonly TerminalPiece[] => {
    const text = held
    held = ''
    if (text === '') return []
    const characters = [...text]
    const isTyped = characters.every((char, n) => awaited[n]?.key.sent === char)
    if (!isTyped || characters.length === 1) return remembered(split(text, atEnd ? 'end' : 'pause', heldAlone))
    const begun = awaited[0]?.line
    if (begun) begun.prompt ??= shown
    answered(0, characters.length)
    return [{ kind: 'echo', text }]
  }

  return {
    typed: (sent, now) => {
      time = now
      const completed: string[] = []
      const more: Awaited[] = []
      for (const key of readKeys(sent)) {
        const first = more.length === 0 || more.at(-1)?.key.kind === 'enter'
        if (key.kind === 'enter' || key.sent === '\x04') {
          if (line.characters.length > 0) completed.push(line.characters.join(''))
          if (key.kind === 'enter') more.push({ key, line, at: now, first })
          ahead.finished(line)
          line = emptyLine()
          continue
        }
        edit(line, key)
        if (key.kind !== 'paste') more.push({ key, line, at: now, first })
      }
      ahead.typing(line)
      wait([...awaited, ...more].slice(-mostAwaited))
      return completed
    },
    separate: (chunk, now) => {
      time = now
      if (awaited.some(({ at }) => now - at > patience)) wait(awaited.filter(({ at }) => now - at <= patience))
      const text = held + chunk
      const alone = held === '' || heldAlone
      held = ''
      return remembered(split(text, 'text', alone))
    },
    holds: () => held !== '',
    flush: () => flush(false),
    end: () => [...flush(false), ...flush(true)],
  }
}
