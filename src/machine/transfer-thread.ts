import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Transfers } from '../secrets/transfer/transfer.ts'

/**
 * Encrypts and decrypts in a thread of its own: to make a key from a passphrase takes a second of computing and 256 MiB, and
 * both end with the thread. Each call starts one.
 * @param workerFile absolute path of the thread's script
 */
export function createTransferThread(workerFile: string): Transfers {
  async function call<Name extends keyof Transfers>(
    name: Name,
    args: Parameters<Transfers[Name]>,
  ): Promise<Awaited<ReturnType<Transfers[Name]>>> {
    // Not what the host of the extension was started with, such as --inspect.
    const worker = new Worker(workerFile, { name: 'baton-transfer', execArgv: [], workerData: { call: name, args } })
    try {
      // Rejects with what the thread threw.
      const [{ result }] = await once(worker, 'message')
      return result
    } finally {
      await worker.terminate()
    }
  }

  return {
    checkRecipients: (...args) => call('checkRecipients', args),
    seal: (...args) => call('seal', args),
    open: (...args) => call('open', args),
    createIdentity: (...args) => call('createIdentity', args),
    recipientOf: (...args) => call('recipientOf', args),
  }
}
