import type { StepRequest } from '../../execution/shells.ts'
import type { Terminal } from './terminal.ts'
import { receptionAt } from './terminal-reception.ts'
import { type TerminalText, terminalText } from './terminal-text.ts'

/** How long a prompt that was interrupted may hold its session before Enter ends it. */
const promptMs = 300

/** Where the text of one step of a session goes, and where its keys come from. */
export interface SessionConsole {
  write(text: string): Promise<void>
  end(): Promise<void>
  /** Ends a prompt at which a step that is being stopped still waits: a read of a console cannot be stopped otherwise. */
  release(): void
  dispose(): void
}

/**
 * @param terminal the session's, as soon as there is one
 * @param interrupt called at Ctrl+C, which would end the session itself and not the step
 */
export const sessionConsole = (
  request: StepRequest,
  terminal: () => Terminal | undefined,
  interrupt: () => void,
): SessionConsole => {
  const { keyboard } = request
  if (!keyboard) {
    return { write: async (text) => request.onOutput(text), end: async () => {}, release: () => {}, dispose: () => {} }
  }
  const text: TerminalText = terminalText(keyboard, request.onOutput)
  const press = (keys: string) => {
    const at = terminal()
    text.typed(keys, () => (at ? receptionAt(at) : {}))
    at?.write(keys)
  }
  const ends = [
    keyboard.onKeys((keys) => {
      const [before = '', ...after] = keys.split('\x03')
      if (before !== '') press(before)
      if (after.length > 0) interrupt()
    }),
    keyboard.onResize((size) => terminal()?.resize(size)),
  ]
  terminal()?.resize(keyboard.size())
  let timer: NodeJS.Timeout | undefined
  return {
    write: text.write,
    end: text.end,
    release: () => {
      timer ??= setTimeout(() => terminal()?.write('\r'), promptMs)
    },
    dispose: () => {
      clearTimeout(timer)
      for (const end of ends) end()
    },
  }
}
