import { setTimeout as sleep } from 'node:timers/promises'
import type { Keyboard, StepRequest, TerminalSize } from '../../../src/execution/shells.ts'
import type { Done, Operator } from './operator.ts'

/** Someone at the keyboard of one interactive step. */
export interface Typist {
  readonly keyboard: Keyboard
  /** For `StepRequest.onOutput`. */
  readonly onOutput: StepRequest['onOutput']
  press(keys: string): void
  resize(size: TerminalSize): void
  /** Resolves when the output, or what is shown on the screen, holds this. */
  sees(text: string | RegExp): Promise<void>
  /** What was recorded, what was echoed, both in their order, and the lines that were told. */
  output(): string
  echo(): string
  screen(): string
  readonly lines: string[]
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
const cursorQuestion = /\x1b\[6n/g

export const typist = (size: TerminalSize = { columns: 80, rows: 24 }): Typist => {
  const listeners = new Set<(keys: string) => void>()
  const resizers = new Set<(size: TerminalSize) => void>()
  const press = (keys: string) => {
    for (const listener of listeners) listener(keys)
  }
  let output = ''
  let echo = ''
  let screen = ''
  const lines: string[] = []
  return {
    keyboard: {
      size: () => size,
      onKeys: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      onResize: (listener) => {
        resizers.add(listener)
        return () => resizers.delete(listener)
      },
      onEcho: (text) => {
        echo += text
        screen += text
      },
      onLine: (line) => {
        lines.push(line)
      },
    },
    onOutput: (text, about) => {
      output += about?.isDoubtful ? '***' : text
      screen += text
      // As every terminal answers when it is asked where its cursor is.
      for (const _ of text.matchAll(cursorQuestion)) press('\x1b[1;1R')
    },
    press,
    resize: (to) => {
      for (const listener of resizers) listener(to)
    },
    sees: async (text) => {
      for (let waited = 0; waited < 10_000; waited += 10) {
        if (typeof text === 'string' ? screen.includes(text) : text.test(screen)) return
        await sleep(10)
      }
      throw new Error(`${text} never came: ${JSON.stringify(screen)}`)
    },
    output: () => output,
    echo: () => echo,
    screen: () => screen,
    lines,
  }
}

/** Runs an interactive step while `act` types. */
export const interactively = async (
  someone: Operator,
  shell: string,
  text: string,
  act: (typist: Typist) => Promise<void> | void = () => {},
  more: Partial<StepRequest> = {},
): Promise<Done & { readonly typist: Typist }> => {
  const one = typist()
  const step = someone.step(shell, text, { keyboard: one.keyboard, onOutput: one.onOutput, ...more })
  await Promise.race([act(one), step])
  return { ...(await step), output: one.output(), typist: one }
}
