import { openRunTerminal, type RunTerminal, type TerminalActions } from './run-terminal.ts'

/** One terminal for the runs of a batch, which come one after the other. */
export interface BatchTerminal {
  /** Gives the terminal to the next run: what is typed is for that one. */
  lend(actions: TerminalActions): RunTerminal
  /** The batch is over. @param summary one line that says how it went */
  ended(summary: string): void
}

export function openBatchTerminal(name: string): BatchTerminal {
  let current: TerminalActions | undefined
  let isOver = false
  const terminal = openRunTerminal(name, {
    cancel: () => current?.cancel(),
    close: () => current?.close(),
    question: () => current?.question(),
    answer: (answer) => current?.answer(answer),
    showChanges: () => current?.showChanges(),
    type: (keys) => current?.type(keys),
    resize: (size) => current?.resize(size),
  })
  return {
    lend(actions) {
      current = actions
      // What ends with one run is there for the next one; after the last one it is as any other.
      return { ...terminal, ended: () => undefined, dispose: () => isOver && terminal.dispose() }
    },
    ended(summary) {
      isOver = true
      terminal.say('')
      terminal.say(summary)
      terminal.ended()
    },
  }
}
