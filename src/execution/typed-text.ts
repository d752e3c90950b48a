import { type Awaited, type Echo, echoAt, echoStarts, isSentAs, tails, unfinished } from './awaited-keys.ts'
import { afterMoves, drawnEcho, redrawnEcho, shownAfter } from './drawn-line.ts'
import { lengthAt, movements, sequence, unfinishedSequence, wholeLength } from './key-echo.ts'
import { createLinesAhead } from './lines-ahead.ts'
import { createStrayEchoes } from './stray-echoes.ts'
import type { TerminalPiece, TypedText } from './terminal-pieces.ts'
import { isCertainlyEditor, isQuestion, promptIn } from './terminal-prompt.ts'
import { typeKeys } from './typed-keys.ts'
import { afterCursor, emptyLine, hasText, keysOf, type TypedLine } from './typed-line.ts'

/** How long a key's echo may take. */
const patience = 5000
const mostAwaited = 20_000
/** So long after the last of what was printed, in milliseconds, nothing more is about to come: somebody was waited for. */
const silence = 300

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
  let printedAt = 0
  const ahead = createLinesAhead()
  const strays = createStrayEchoes()

  const wait = (keys: readonly Awaited[]) => {
    awaited = keys
    starts = echoStarts(keys)
  }

  /** A line that is being typed, or the beginning of one, that a line editor draws with its prompt or between controls. */
  const drawnAt = (text: string, at: number, from: number, isLast: boolean): Echo | 'part' | undefined => {
    const next = awaited[0]?.line ?? line
    const drawable = next.echoed || !hasText(next) ? lines : [...lines, next]
    return drawnEcho(text, at, drawable, () => shownAfter(shown, text.slice(from, at)), isLast)
  }

  /** A line that was typed ahead, as the program draws it that reads it now: what is missing of it is still to come. */
  const aheadAt = (text: string, at: number, from: number, isLast: boolean) => {
    if (!ahead.mayBeAt(text, at)) return undefined
    const before = () => shownAfter(shown, text.slice(from, at))
    const drawn = ahead.drawnAt({ text, at, shown: before, isLast })
    if (typeof drawn !== 'object') return drawn
    const { line: one, end, rest, isDoubtful } = drawn
    Object.assign(one, { echoed: true, interrupted: false, prompt: before() })
    const keys = keysOf(rest, one === line).map((key) => ({ key, line: one, at: time, first: false }))
    wait([...keys, ...awaited.filter((other) => other.line !== one)])
    const pieces = [{ kind: 'echo', text: text.slice(at, end), isDoubtful }] as const
    return { keys: -1, pieces, end, line: one } satisfies Echo
  }

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
    strays.cameBack(awaited.slice(from, from + keys))
    for (const { key, line: of, at } of awaited.slice(from, from + keys)) {
      if (key.kind === 'text') {
        of.echoed = true
        of.interrupted = false
        echoedAt = at
      } else if (key.kind === 'enter' && of.echoed && (of.isRead || isCertainlyEditor(of.prompt ?? ''))) ahead.read(of)
    }
    wait(awaited.slice(from + keys))
  }

  const split = (text: string, after: 'text' | 'pause' | 'end', beginsAlone: boolean): readonly TerminalPiece[] => {
    const isLast = after !== 'text'
    lines = unfinished(line, awaited)
    const whole = wholeLength(text)
    const pieces: TerminalPiece[] = []
    let from = 0
    let at = 0
    /** Whether something begins here: at the beginning of the text, and behind a control or an echo. */
    let alone = beginsAlone
    const push = (piece: TerminalPiece, of?: TypedLine) => {
      if (piece.text === '') return
      pieces.push(piece)
      if (piece.kind === 'output') {
        shown = shownAfter(shown, piece.text)
        printedAt = time
      } else if (of) of.prompt ??= shown
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
      if (echo.keys === -1 && echo.line) strays.drawn(echo.line, text.slice(at, echo.end))
      at = echo.end
      from = at
      alone = true
      if (echo.pieces.at(-1)?.kind === 'echo') goOn(at)
      lines = unfinished(line, awaited)
    }
    const echoFrom = (start: number, isAlone: boolean): Echo | 'part' | undefined => {
      const echo = find(text, start, from, isLast)
      if (echo && echo !== 'part') return echo
      const again = aheadAt(text, start, from, isLast)
      if (again && again !== 'part') return again
      const drawn = again ?? (isAlone ? drawnAt(text, start, from, isLast) : undefined)
      const sure = drawn ?? redrawnEcho(text, start, lines) ?? echo
      return sure ?? strays.at(text, start)
    }
    while (at < text.length) {
      if (awaited.length === 0 && lines.length === 0 && !hasText(line) && strays.isEmpty()) {
        at = ahead.nextPlace(text, at, Math.max(at, whole))
        if (at === text.length) break
      }
      // Most of a long output: nothing begins here.
      const next = text[at] ?? ''
      if (
        next >= ' ' &&
        !alone &&
        lines.length === 0 &&
        !starts.has(next) &&
        !ahead.mayBeAt(text, at) &&
        !strays.mayBeAt(text, at)
      ) {
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
    const count = [...text].length
    const begun = awaited[0]?.line
    if (!begun || count === 1 || !isSentAs(awaited, text)) {
      return remembered(split(text, atEnd ? 'end' : 'pause', heldAlone))
    }
    begun.prompt ??= shown
    answered(0, count)
    return [{ kind: 'echo', text }]
  }

  return {
    typed: (sent, now, receives) => {
      time = now
      const isSilent = now - printedAt >= silence
      const isAsked = isSilent && (sent === '\r' || sent.length === 1) && isQuestion(promptIn(shown))
      // Where it is not known who reads: who answers a question that has stood there for a while has not typed ahead.
      const reception = () => {
        const known = receives?.() ?? {}
        const { awaited = isAsked ? 'line' : undefined, shows = isSilent ? false : undefined } = known
        return { ...known, awaited, shows }
      }
      const { keys, finished, current } = typeKeys(sent, now, line, reception)
      line = current
      for (const one of finished) if (!one.isUnseen) ahead.finished(one)
      ahead.typing(line)
      strays.sent(keys)
      wait([...awaited, ...keys].slice(-mostAwaited))
      return finished
        .flatMap(({ characters, restarts }) => [0, ...restarts].map((at) => characters.slice(at).join('')))
        .filter((text) => text !== '')
    },
    separate: (chunk, now) => {
      time = now
      strays.setTime(now)
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
