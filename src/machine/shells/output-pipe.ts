import { closeSync, constants, createWriteStream, openSync } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { execa } from 'execa'
import type { PrivateFolder } from '../ownership/private-folder.ts'

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
  /** Undefined where there is none to be had (no `mkfifo`, a full disk): a pipe for each of the two has to do then. */
  take(): Promise<OutputPipe | undefined>
  close(): Promise<void>
}

const batch = 32

/**
 * Node gives its child processes sockets in place of pipes, and a pair of them. With one real pipe the order of stdout and
 * stderr is the order of the writes, whatever the program, and `/dev/stderr` can be opened. The only door to a pipe is a
 * FIFO; they are made by the dozen, since each call of `mkfifo` costs a process.
 */
export const fifoPipes = (folders: PrivateFolder): OutputPipes => {
  let folder: string | undefined
  let free: string[] = []
  let filling: Promise<void> | undefined
  let missing = false
  const fill = async (): Promise<void> => {
    try {
      // A new folder each time: the last one may have been tidied away in a run that stayed open for days.
      const before = folder
      folder = await folders.fresh()
      if (before) await folders.discard(before)
      const base = folder
      const names = Array.from({ length: batch }, (_, n) => join(base, n.toString(36)))
      await execa('mkfifo', ['-m', '600', ...names], { stdio: 'ignore' })
      free = names
    } catch {
      missing = true
    }
  }
  const take = async (): Promise<OutputPipe | undefined> => {
    for (let fills = 0; ; ) {
      const path = free.shift()
      const pipe = path === undefined ? undefined : openPipe(path)
      if (pipe) return pipe
      if (free.length > 0) continue
      if (missing || fills++ === 2) return undefined
      filling ??= fill().finally(() => {
        filling = undefined
      })
      await filling
    }
  }
  return {
    take,
    close: async () => {
      await filling
      free = []
      if (folder) await folders.discard(folder)
      folder = undefined
    },
  }
}

const openPipe = (path: string): OutputPipe | undefined => {
  let readEnd: number | undefined
  try {
    readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const writeEnd = openSync(path, constants.O_WRONLY)
    void unlink(path).catch(() => {})
    return {
      writeEnd: createWriteStream('', { fd: writeEnd, autoClose: false }),
      output: new Socket({ fd: readEnd, readable: true, writable: false }),
      closeWriteEnd: () => closeSync(writeEnd),
    }
  } catch {
    if (readEnd !== undefined) closeSync(readEnd)
    return undefined
  }
}
