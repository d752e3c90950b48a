import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The way on which a session gets its steps and gives its answers, beside stdin, stdout and stderr. */
export interface ControlPipe {
  /** What the far end connects to: a name on Windows, an absolute path elsewhere (.NET takes either as a pipe's name). */
  readonly name: string
  /** Resolves with the first that connects; nobody else is let in. */
  readonly connected: Promise<Socket>
  close(): Promise<void>
}

/** A pipe that other users can neither guess nor open: a random name, in a folder of this user alone where there is one. */
export const openControlPipe = async (platform: NodeJS.Platform, tempDir: string): Promise<ControlPipe> => {
  const windows = platform === 'win32'
  const folder = windows ? undefined : await mkdtemp(join(tempDir, 'baton-'))
  const name = folder ? join(folder, 'pipe') : `baton-${randomBytes(16).toString('hex')}`
  const server = createServer().listen(windows ? `\\\\.\\pipe\\${name}` : name)
  await once(server, 'listening')
  const close = async () => {
    server.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  }
  const connected = new Promise<Socket>((resolve) => {
    server.once('connection', (socket) => {
      resolve(socket)
      void close()
    })
  })
  return { name, connected, close }
}

/** One line of the protocol of host.ps1: a word, then the base64 of each field. */
export const encodeMessage = (word: string, fields: readonly string[]): string =>
  `${[word, ...fields.map((field) => Buffer.from(field).toString('base64'))].join(' ')}\n`

/** The names and values of `entries` after their count. */
export const counted = (entries: Readonly<Record<string, string>>): readonly string[] => {
  const list = Object.entries(entries)
  return [String(list.length), ...list.flat()]
}

/** Calls back with the fields of each message, the word first. */
export const readMessages = (socket: Socket, onMessage: (fields: readonly string[]) => void): void => {
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })
  lines.on('line', (line) => {
    const [word = '', ...fields] = line.split(' ')
    onMessage([word, ...fields.map((field) => Buffer.from(field, 'base64').toString())])
  })
  // A far end that was killed resets its connection; that its process is gone is seen elsewhere.
  lines.on('error', () => {})
  socket.on('error', () => {})
}
