import { chmodSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import type { IPty } from '@lydell/node-pty'
import type { TerminalSize } from '../../execution/shells.ts'

/** A process on a pseudo-terminal of its own. */
export interface Terminal {
  readonly pid: number
  /** The file that its programs have for it; not on Windows. */
  readonly device: string | undefined
  /** What it prints, as bytes; ends with the process, or where `endAt` said so. */
  readonly output: Readable
  readonly exited: Promise<{ readonly code: number; readonly signal: number | undefined }>
  write(keys: string): void
  resize(size: TerminalSize): void
  /** Hangs up, if the process still runs. */
  close(): void
}

export interface TerminalOptions {
  readonly program: string
  /** A string is a command line that is quoted already: Windows only. */
  readonly args: readonly string[] | string
  /** An existing folder. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly size: TerminalSize
  /** Sees every piece before it is given out, and returns what is to be given out. `last`: nothing after it is. */
  readonly filter?: (bytes: Buffer) => { readonly bytes: Buffer; readonly last: boolean }
}

/** What programs are told that they print to. */
export const terminalName = 'xterm-256color'

const asBytes = (data: unknown): Buffer => (Buffer.isBuffer(data) ? data : Buffer.from(String(data)))

/** What node-pty has on Unix beside what its types say. */
type UnixPty = IPty & { readonly fd: number; readonly ptsName: string; on(event: 'close', listener: () => void): void }

const isUnixPty = (pty: IPty): pty is UnixPty => process.platform !== 'win32' && 'fd' in pty && 'on' in pty

/**
 * Writes to the terminal without waiting for its program: node-pty's own `write` blocks the whole process as long as a
 * program does not read.
 */
const patientWriter = (pty: UnixPty): ((keys: string) => void) => {
  let open = true
  let waiting: Buffer = Buffer.alloc(0)
  let timer: NodeJS.Timeout | undefined
  pty.on('close', () => {
    open = false
    clearTimeout(timer)
  })
  const pump = () => {
    timer = undefined
    try {
      while (open && waiting.length > 0)
        waiting = waiting.subarray(writeSync(pty.fd, waiting, 0, Math.min(waiting.length, 1024)))
    } catch (error) {
      const isFull = error instanceof Error && 'code' in error && error.code === 'EAGAIN'
      if (isFull) timer = setTimeout(pump, 10)
      else waiting = Buffer.alloc(0)
    }
  }
  return (keys) => {
    waiting = Buffer.concat([waiting, Buffer.from(keys)])
    if (!timer) pump()
  }
}

/** What starts programs on macOS is a program too, and a package may have lost the bit that says so. */
const makeHelperRunnable = (): void => {
  try {
    chmodSync(createRequire(import.meta.url).resolve(`@lydell/node-pty-darwin-${process.arch}/spawn-helper`), 0o755)
  } catch {
    // Not this user's to change: whoever installed it has seen to it, or starting says why not.
  }
}

/**
 * Starts a process on a pseudo-terminal. The library is loaded when the first one is needed: it is native, and few need it.
 * @returns the reason where there is no pseudo-terminal to be had
 */
export const openTerminal = async (options: TerminalOptions): Promise<Terminal | { readonly missing: string }> => {
  const { program, args, cwd, env, size, filter } = options
  let pty: IPty
  try {
    const { spawn } = await import('@lydell/node-pty')
    if (process.platform === 'darwin') makeHelperRunnable()
    pty = spawn(program, typeof args === 'string' ? args : [...args], {
      name: terminalName,
      cwd,
      env: { ...env },
      cols: size.columns,
      rows: size.rows,
      ...(process.platform !== 'win32' && { encoding: null }),
    })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { missing: message.split('\n', 1)[0] ?? '' }
  }
  let over = false
  const output = new Readable({ read: () => pty.resume() })
  const end = () => {
    if (!over) output.push(null)
    over = true
  }
  pty.onData((data) => {
    if (over) return
    const { bytes, last } = filter?.(asBytes(data)) ?? { bytes: asBytes(data), last: false }
    const isFull = bytes.length > 0 && !output.push(bytes)
    if (last) end()
    else if (isFull) pty.pause()
  })
  const exited = new Promise<{ readonly code: number; readonly signal: number | undefined }>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      gone = true
      end()
      resolve({ code: exitCode, signal: signal || undefined })
    })
  })
  let gone = false
  const write = isUnixPty(pty) ? patientWriter(pty) : (keys: string) => pty.write(keys)
  return {
    pid: pty.pid,
    device: isUnixPty(pty) ? pty.ptsName : undefined,
    output,
    exited,
    write: (keys) => {
      if (!gone) write(keys)
    },
    resize: ({ columns, rows }) => {
      if (gone || !(columns > 0) || !(rows > 0)) return
      try {
        pty.resize(columns, rows)
      } catch {
        // It ended in this very moment.
      }
    },
    close: () => {
      over = true
      output.destroy()
      pty.resume()
      if (!gone) pty.kill()
    },
  }
}
