import type { Keyboard, TerminalSize } from './shells.ts'

/** What the operator's terminal sends to whichever interactive step runs. */
export interface RunKeyboard {
  type(keys: string): void
  resize(size: TerminalSize): void
  /** The keyboard of one step. */
  forStep(step: Pick<Keyboard, 'onEcho' | 'onLine'>): Keyboard
}

/** Of a terminal that nobody has measured yet. */
const usualSize: TerminalSize = { columns: 80, rows: 24 }

export function createRunKeyboard(): RunKeyboard {
  const keyListeners = new Set<(keys: string) => void>()
  const sizeListeners = new Set<(size: TerminalSize) => void>()
  let size = usualSize
  return {
    type(keys) {
      for (const listener of keyListeners) listener(keys)
    },
    resize(next) {
      if (!(next.columns > 0 && next.rows > 0)) return
      size = next
      for (const listener of sizeListeners) listener(next)
    },
    forStep: (step) => ({
      ...step,
      size: () => size,
      onKeys: listening(keyListeners),
      onResize: listening(sizeListeners),
    }),
  }
}

function listening<T>(listeners: Set<(value: T) => void>): (listener: (value: T) => void) => () => void {
  return (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
}
