import type { Reception } from '../../execution/reception.ts'
import type { Keyboard, StepRequest } from '../../execution/shells.ts'
import type { TerminalPiece } from '../../execution/terminal-pieces.ts'
import { createTypedText } from '../../execution/typed-text.ts'

/** How long the beginning of what may be an echo waits for its rest. */
const holdMs = 50

/** The text of a terminal on its way to whoever takes it: what was typed apart from what was printed. */
export interface TerminalText {
  /** Takes text one piece after the other. */
  write(text: string): Promise<void>
  end(): Promise<void>
  /**
   * Keys that are about to be sent.
   * @param receives as for `TypedText.typed`
   */
  typed(keys: string, receives?: () => Reception): void
}

/** A terminal writes CR LF where a program writes a line end. */
const lineEnds = () => {
  let held = ''
  return {
    write: (text: string) => {
      const whole = held + text
      const last = whole.endsWith('\r') ? whole.length - 1 : whole.length
      held = whole.slice(last)
      return whole.slice(0, last).replaceAll(/\r+\n/g, '\n')
    },
    rest: () => {
      const rest = held
      held = ''
      return rest
    },
  }
}

export const terminalText = (keyboard: Keyboard, onOutput: StepRequest['onOutput']): TerminalText => {
  const text = createTypedText()
  const ends = lineEnds()
  let timer: NodeJS.Timeout | undefined
  let afterReading: NodeJS.Immediate | undefined
  let work: Promise<void> = Promise.resolve()

  const show = async (output: string) => {
    if (output !== '') await onOutput(output)
  }
  const give = async (pieces: readonly TerminalPiece[]) => {
    for (const piece of pieces) {
      if (piece.kind === 'output') {
        await show(ends.write(piece.text))
        continue
      }
      await show(ends.rest())
      if (piece.isDoubtful) await onOutput(piece.text, { isDoubtful: true })
      else await keyboard.onEcho(piece.text)
    }
  }
  /** One after the other; the first failure fails all that follows. */
  const next = (pieces: () => readonly TerminalPiece[]) => {
    work = work.then(() => give(pieces()))
    work.catch(() => {})
    return work
  }
  const stopWaiting = () => {
    clearTimeout(timer)
    clearImmediate(afterReading)
  }
  /** On a busy machine the time is over before the rest, which is there already, could be read: what is there goes first. */
  const wait = () => {
    stopWaiting()
    timer = setTimeout(() => {
      afterReading = setImmediate(() => void next(text.flush))
    }, holdMs)
  }
  return {
    write: async (more) => {
      stopWaiting()
      await next(() => text.separate(more, performance.now()))
      if (text.holds()) wait()
    },
    end: async () => {
      stopWaiting()
      await next(text.end)
      await show(ends.rest())
    },
    typed: (keys, receives) => {
      for (const line of text.typed(keys, performance.now(), receives)) keyboard.onLine(line)
    },
  }
}
