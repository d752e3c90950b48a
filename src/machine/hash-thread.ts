import { Worker } from 'node:worker_threads'

/** SHA-256 of a long stream, made by a thread of its own. */
export interface HashThread {
  /** @param bytes are copied */
  update(bytes: Uint8Array): void
  /** Defined while the thread is far behind: resolves when more may be given to it. */
  behind(): Promise<void> | undefined
  /** Hexadecimal, of everything; undefined where the thread has failed. To be called once; the thread ends. */
  hex(): Promise<string | undefined>
  /** Ends the thread. */
  close(): void
}

/** What the thread runs: a block and how much of it counts, which it gives back; or nothing, for the hash of all. */
const program = `
const { createHash } = require('node:crypto')
const { parentPort } = require('node:worker_threads')
const hash = createHash('sha256')
parentPort.on('message', (message) => {
  if (message === undefined) return parentPort.postMessage(hash.digest('hex'))
  hash.update(new Uint8Array(message.block, 0, message.length))
  parentPort.postMessage(message.block, [message.block])
})`

const blockBytes = 256 * 1024
const mostBlocks = 32

export const startHashThread = (): HashThread => {
  const worker = new Worker(program, { eval: true, env: {}, execArgv: [] })
  worker.unref()
  const free: ArrayBuffer[] = []
  let block = new Uint8Array(blockBytes)
  let used = 0
  let away = 0
  let caughtUp: PromiseWithResolvers<void> | undefined
  const { promise: result, resolve } = Promise.withResolvers<string | undefined>()
  const settle = (hex: string | undefined) => {
    resolve(hex)
    caughtUp?.resolve()
    caughtUp = undefined
  }
  let failed = false
  const fail = () => {
    failed = true
    settle(undefined)
  }
  worker.on('error', fail).on('exit', fail)
  worker.on('message', (message: ArrayBuffer | string) => {
    if (typeof message === 'string') return settle(message)
    away--
    free.push(message)
    if (away <= mostBlocks / 2) {
      caughtUp?.resolve()
      caughtUp = undefined
    }
  })
  const send = () => {
    worker.postMessage({ block: block.buffer, length: used }, [block.buffer])
    away++
    const back = free.pop()
    block = back ? new Uint8Array(back) : new Uint8Array(blockBytes)
    used = 0
  }
  return {
    update: (bytes) => {
      for (let from = 0; from < bytes.length && !failed; ) {
        const piece = bytes.subarray(from, from + blockBytes - used)
        block.set(piece, used)
        used += piece.length
        from += piece.length
        if (used === blockBytes) send()
      }
    },
    behind: () => {
      if (failed || away < mostBlocks) return undefined
      caughtUp ??= Promise.withResolvers<void>()
      return caughtUp.promise
    },
    hex: async () => {
      if (!failed) {
        send()
        worker.postMessage(undefined)
        // A process that is about to end waits for this.
        worker.ref()
      }
      const hex = await result
      void worker.terminate()
      return hex
    },
    close: () => void worker.terminate(),
  }
}
