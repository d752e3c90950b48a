import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Reading, readBytes } from './output.ts'
import type { LaunchContext } from './shell.ts'

/** The way on which a process hands its state on: never a file, since a step's state may hold what it made of a secret. */
export interface HandoverChannel {
  readonly target: LaunchContext['handover']
  /** Whether the process needs a pipe as descriptor 3. */
  readonly descriptor: boolean
  /** To be called with that pipe as soon as the process runs. */
  attach(stream: Readable | undefined): void
  /** Everything that came; to be called after the process has exited. */
  received(): Promise<Buffer>
  close(): void
}

const collect = () => {
  const chunks: Buffer[] = []
  let reading: Reading | undefined
  return {
    attach: (stream: Readable) => {
      reading = readBytes(stream, (bytes) => {
        chunks.push(bytes)
      })
    },
    isAttached: () => reading !== undefined,
    received: async () => {
      await reading?.drained()
      return Buffer.concat(chunks)
    },
  }
}

const throughDescriptor = (): HandoverChannel => {
  const { attach, received } = collect()
  return {
    target: { kind: 'descriptor', fd: 3 },
    descriptor: true,
    attach: (stream) => stream && attach(stream),
    received,
    close: () => {},
  }
}

/** Windows lets a process inherit no more than the three standard handles in a way that every shell understands. */
const throughNamedPipe = async (): Promise<HandoverChannel> => {
  const path = `\\\\.\\pipe\\baton-${randomBytes(16).toString('hex')}`
  const { attach, isAttached, received } = collect()
  const server = createServer((socket) => attach(socket)).listen(path)
  await once(server, 'listening')
  return {
    target: { kind: 'path', path },
    descriptor: false,
    attach: () => {},
    received: async () => {
      for (let waited = 0; waited < 200 && !isAttached(); waited += 10) await sleep(10)
      return received()
    },
    close: () => void server.close(),
  }
}

export const openHandover = (platform: NodeJS.Platform): Promise<HandoverChannel> =>
  platform === 'win32' ? throughNamedPipe() : Promise.resolve(throughDescriptor())
