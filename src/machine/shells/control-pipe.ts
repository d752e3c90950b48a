import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { PrivateFolder } from '../ownership/private-folder.ts'

/** The way on which a session gets its steps and gives its answers, beside stdin, stdout and stderr. */
export interface ControlPipe {
  /** What the far end connects to: a name on Windows, an absolute path elsewhere (.NET takes either as a pipe's name). */
  readonly name: string
  /** Resolves with the first that connects; nobody else is let in. */
  readonly connected: Promise<Socket>
  close(): Promise<void>
}

/** A pipe that other users can neither guess nor open: a random name, in a folder of this user alone where there is one. */
export const openControlPipe = async (platform: NodeJS.Platform, folders: PrivateFolder): Promise<ControlPipe> => {
  const windows = platform === 'win32'
  const folder = windows ? undefined : await folders.fresh()
  const name = folder ? join(folder, 'pipe') : `baton-${randomBytes(16).toString('hex')}`
  const server = createServer().listen(windows ? `\\\\.\\pipe\\${name}` : name)
  await once(server, 'listening')
  const close = async () => {
    server.close()
    if (folder) await folders.discard(folder)
  }
  const connected = new Promise<Socket>((resolve) => {
    server.once('connection', (socket) => {
      resolve(socket)
      void close()
    })
  })
  return { name, connected, close }
}
