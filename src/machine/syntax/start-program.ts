import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Printed, StartOptions } from './syntax-reader.ts'

/**
 * What interpreters need to find themselves. Everything else stays away: BASH_ENV, RUBYOPT, PERL5OPT, NODE_OPTIONS,
 * PYTHON*, ZDOTDIR, DOTNET_STARTUP_HOOKS, exported functions and the like make an interpreter run something.
 */
const needed =
  /^(?:PATH|PATHEXT|HOME|USERPROFILE|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|TE?MP|TMPDIR|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES.*|PROGRAMW6432|DOTNET_ROOT|(?:PYENV|RBENV|NODENV|ASDF|MISE|VOLTA)_(?:ROOT|VERSION|HOME|DIR))$/i

/** Messages are read by their form, so they are asked for in English; UTF-8 where the system has this locale. */
const language = { LC_ALL: 'C.UTF-8', NO_COLOR: '1' }

export const environmentForChecks = (env: NodeJS.ProcessEnv): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && needed.test(entry[0]) && !/^\(\)/.test(entry[1]),
    ),
  ),
  ...language,
})

/** Characters of output, after which a program is ended. */
const longestOutput = 1_000_000

/**
 * Starts a program in its own folder, where no repo can put anything in its way.
 * @returns undefined when it did not start, was ended by a signal, took too long or printed without end
 */
export const startProgram = async (
  program: string,
  args: readonly string[],
  { input = '', inputAsFile = false, timeoutMs = 5000 }: StartOptions,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Printed | undefined> => {
  if (signal.aborted) return undefined
  const file = inputAsFile ? await unnamedFile(input) : undefined
  try {
    const child = spawn(program, args, {
      cwd: dirname(program),
      env,
      stdio: [file?.fd ?? 'pipe', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      signal,
      windowsHide: true,
    })
    // A program that did not read all of it has its reasons.
    child.stdin?.on('error', () => {}).end(input)
    return await outcomeOf(child)
  } finally {
    await file?.close()
  }
}

const outcomeOf = (child: ChildProcess): Promise<Printed | undefined> =>
  new Promise((resolve) => {
    const collect = (stream: Readable | null) => {
      let text = ''
      stream?.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
        if (text.length > longestOutput) child.kill('SIGKILL')
      })
      return () => text
    }
    const stdout = collect(child.stdout)
    const stderr = collect(child.stderr)
    const nothing = () => {
      // What the program started may hold its pipes for longer than anyone waits.
      child.stdout?.destroy()
      child.stderr?.destroy()
      resolve(undefined)
    }
    child.once('error', nothing)
    child.once('exit', (_code, signal) => signal && nothing())
    child.once('close', (exitCode) =>
      resolve(exitCode === null ? undefined : { exitCode, stdout: stdout(), stderr: stderr() }),
    )
  })

/** A file that has lost its name as soon as it is open, so that nothing is left of it. */
const unnamedFile = async (text: string): Promise<FileHandle> => {
  const path = join(tmpdir(), `baton-${randomUUID()}`)
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 })
    return await open(path)
  } finally {
    await rm(path, { force: true })
  }
}
