import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import type { ReadStream } from 'node:tty'
import type { Prompt } from './ports.ts'

/**
 * Questions to the person at the terminal. They go beside the output, so that `baton run … > file` still asks. Between two
 * questions the terminal is in its usual state, and Ctrl+C is the signal that it always is.
 */
export function promptOn(input: ReadStream, output: NodeJS.WritableStream): Prompt {
  return {
    line: (question, signal) => {
      const reader = createInterface({ input, output, terminal: true })
      reader.setPrompt(question)
      reader.prompt()
      return answer(reader, output, signal)
    },
    hidden: async (question, signal) => {
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
      // Before the question stands there: who types at once must find the terminal's echo off already.
      const reader = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
      output.write(question)
      const typed = await answer(reader, output, signal)
      if (typed !== undefined) output.write('\n')
      return typed
    },
  }
}

/** The next line; undefined at Ctrl+C, at Ctrl+D and when the signal ends the question. */
function answer(reader: Interface, output: NodeJS.WritableStream, signal?: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    let typed: string | undefined
    const leave = () => reader.close()
    reader.once('line', (line) => {
      typed = line
      leave()
    })
    reader.once('SIGINT', leave)
    reader.once('close', () => {
      signal?.removeEventListener('abort', leave)
      if (typed === undefined) output.write('\n')
      resolve(typed)
    })
    if (signal?.aborted) leave()
    else signal?.addEventListener('abort', leave, { once: true })
  })
}
