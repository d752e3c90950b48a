import type { Readable } from 'node:stream'
import { execa } from 'execa'
import type { ExecutionProblem } from '../../execution/problem.ts'
import type { TerminalSize } from '../../execution/shells.ts'
import type { RunContext } from './process-step.ts'
import { openTerminal, type Terminal } from './terminal.ts'

/** The process of a live session. */
export interface SessionProcess {
  readonly pid: number
  /** One for stdout and stderr together where that can be had, else one for each. */
  readonly streams: readonly Readable[]
  /** Its exit code, where it has one. */
  readonly exited: Promise<number | undefined>
  readonly terminal?: Terminal
}

export interface SessionProcessOptions {
  readonly shell: string
  readonly interpreter: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly run: RunContext
}

export const onPipes = async (options: SessionProcessOptions): Promise<SessionProcess | ExecutionProblem> => {
  const { shell, interpreter, args, cwd, env, run } = options
  const pipe = await run.pipes?.take()
  const output = pipe?.writeEnd ?? 'pipe'
  const child = execa(interpreter, args, {
    cwd,
    env,
    extendEnv: false,
    stdio: ['ignore', output, output],
    buffer: false,
    reject: false,
    cleanup: false,
    detached: run.platform !== 'win32',
    windowsHide: true,
  })
  pipe?.closeWriteEnd()
  const { pid } = child
  if (pid === undefined) {
    pipe?.output.destroy()
    return { code: 'session-not-started', values: { shell, detail: String((await child).code ?? '') } }
  }
  const streams = pipe ? [pipe.output] : [child.stdout, child.stderr].filter((stream) => stream !== null)
  const exited = new Promise<number | undefined>((resolve) => {
    child.nodeChildProcess.once('exit', (code) => resolve(code ?? undefined))
    child.nodeChildProcess.once('error', () => resolve(undefined))
  })
  return { pid, streams, exited }
}

export const onTerminal = async (
  options: SessionProcessOptions,
  size: TerminalSize,
): Promise<SessionProcess | ExecutionProblem> => {
  const { interpreter, args, cwd, env } = options
  const terminal = await openTerminal({ program: interpreter, args, cwd, env, size })
  if ('missing' in terminal) return { code: 'terminal-missing', values: { detail: terminal.missing } }
  const exited = terminal.exited.then(({ code, signal }) => (signal ? undefined : code))
  return { pid: terminal.pid, streams: [terminal.output], exited, terminal }
}
