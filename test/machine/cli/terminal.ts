import { execFileSync, spawn } from 'node:child_process'
import { environment, program, type Surroundings, stateFor } from './baton.ts'

/** Gives a command a pseudo-terminal, and its standard input as the keyboard. */
const terminalProgram = 'script'

/** Why no terminal can be had here; undefined when one can. */
export function whyNoTerminal(): string | undefined {
  try {
    const version = execFileSync(terminalProgram, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return version.includes('util-linux') ? undefined : 'a terminal needs `script` of util-linux'
  } catch {
    return 'a terminal needs `script` of util-linux'
  }
}

export interface Terminal {
  /** Resolves when this stands on the screen behind what was waited for before. */
  shows(text: string | RegExp): Promise<void>
  type(keys: string): void
  /** Everything that was on the screen, and the exit code. */
  end(): Promise<{ readonly code: number | null; readonly screen: string }>
}

/** Runs `baton` on a pseudo-terminal. */
export function onTerminal(words: readonly string[], { cwd, env }: Surroundings): Terminal {
  const quoted = [process.execPath, program, ...words].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  const child = spawn(terminalProgram, ['-qefc', `exec ${quoted}`, '/dev/null'], {
    cwd,
    env: environment({ TERM: 'xterm', SHELL: '/bin/sh', ...stateFor(cwd), ...env }),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let screen = ''
  let seen = 0
  let look = () => {}
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    screen += chunk
    look()
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
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
        void ended.then(() => fail('It ended'))
        setTimeout(() => fail('30 seconds went by'), 30_000).unref()
        look()
      }),
    type: (keys) => child.stdin.write(keys),
    end: async () => ({ code: await ended, screen }),
  }
}
