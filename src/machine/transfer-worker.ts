import { parentPort, workerData } from 'node:worker_threads'
import { type Transfers, transfers } from '../secrets/transfer/transfer.ts'

/** Which function to call with what. One thread answers one request. */
type TransferRequest = {
  readonly [Name in keyof Transfers]: { readonly call: Name; readonly args: Parameters<Transfers[Name]> }
}[keyof Transfers]

/** Entry of the thread that encrypts and decrypts. What throws here ends the thread, and its owner hears it. */
function answer(request: TransferRequest): Promise<unknown> {
  switch (request.call) {
    case 'checkRecipients':
      return transfers.checkRecipients(...request.args)
    case 'seal':
      return transfers.seal(...request.args)
    case 'open':
      return transfers.open(...request.args)
    case 'createIdentity':
      return transfers.createIdentity()
    case 'recipientOf':
      return transfers.recipientOf(...request.args)
  }
}

void answer(workerData).then((result) => parentPort?.postMessage({ result }))
