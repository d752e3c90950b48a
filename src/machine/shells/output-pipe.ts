import { closeSync, constants, createWriteStream, openSync, rmSync } from 'node:fs'
import { mkdtemp, rm, unlink } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { execa } from 'execa'
import { atExit } from './at-exit.ts'

/** One pipe for stdout and stderr of one process. */
export interface OutputPipe {
  /** The write end, to be given to the process as both. */
  readonly writeEnd: Writable
  /** Ends when nobody holds the write end any more. */
  readonly output: Readable
  /** To be called when the process has its copy, or will never have one. */
  closeWriteEnd(): void
}

export interface OutputPipes {
  take(): Promise<OutputPipe>
  close(): Promise<void>
}

const batch = 32

/**
 * Node gives its child processes sockets in place of pipes, and a pair of them. With one real pipe the order of stdout and
 * stderr is the order of the writes, whatever the program, and `/dev/stderr` can be opened. The only door to a pipe is a
 * FIFO; they are made by the dozen, since each call of `mkfifo` costs a process.
 */
export const fifoPipes = (tempDir: string): OutputPipes => {
  let folder: Promise<string> | undefined
  let forget = () => {}
  let made = 0
  const free: string[] = []
  let filling: Promise<void> | undefined
  const fill = async () => {
    folder ??= mkdtemp(join(tempDir, 'baton-')).then((path) => {
      forget = atExit(() => rmSync(path, { recursive: true, force: true }))
      return path
    })
    const base = await folder
    const names = Array.from({ length: batch }, () => join(base, `${made++}`))
    await execa('mkfifo', ['-m', '600', ...names], { stdio: 'ignore' })
    free.push(...names)
  }
  const take = async (): Promise<OutputPipe> => {
    while (free.length === 0) {
      filling ??= fill().finally(() => {
        filling = undefined
      })
      await filling
    }
    const path = free.shift() ?? ''
    const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const writeEnd = openSync(path, constants.O_WRONLY)
    void unlink(path).catch(() => {})
    return {
      writeEnd: createWriteStream('', { fd: writeEnd, autoClose: false }),
      output: new Socket({ fd: readEnd, readable: true, writable: false }),
      closeWriteEnd: () => closeSync(writeEnd),
    }
  }
  return {
    take,
    close: async () => {
      const path = await folder?.catch(() => undefined)
      folder = undefined
      forget()
      free.length = 0
      if (path) await rm(path, { recursive: true, force: true })
    },
  }
}
