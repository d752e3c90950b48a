import { spawn } from '@lydell/node-pty'
import { environment, stateFor } from './baton.ts'

export interface SizedTerminal {
  shows(text: string | RegExp): Promise<void>
  type(keys: string): void
  resize(columns: number, rows: number): void
  kill(signal: string): void
  end(): Promise<{ readonly code: number; readonly screen: string }>
}

/** A command on a pseudo-terminal that has a size, which `script` of util-linux cannot give it. */
export function onSized(command: string, words: readonly string[], cwd: string, more = {}): SizedTerminal {
  const env = environment({ TERM: 'xterm', ...stateFor(cwd), ...more })
  const pty = spawn(command, [...words], { cols: 90, rows: 30, cwd, env })
  let screen = ''
  let seen = 0
  let look = () => {}
  pty.onData((data) => {
    screen += data
    look()
  })
  const ended = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)))
  return {
    shows: (text) =>
      new Promise((resolve, reject) => {
        look = () => {
          const rest = screen.slice(seen)
          const at = typeof text === 'string' ? rest.indexOf(text) : rest.search(text)
          if (at < 0) return
          seen += at + 1
          look = () => {}
          resolve()
        }
        const fail = (why: string) => reject(new Error(`${why} without ${text}:\n${screen}`))
        void ended.then(() => setTimeout(() => fail('It ended'), 200).unref())
        setTimeout(() => fail('30 seconds went by'), 30_000).unref()
        look()
      }),
    type: (keys) => pty.write(keys),
    resize: (columns, rows) => pty.resize(columns, rows),
    kill: (signal) => pty.kill(signal),
    end: async () => ({ code: await ended, screen }),
  }
}
