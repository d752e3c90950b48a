import { parentPort } from 'node:worker_threads'
import { parseRunbook } from '../runbook/parse.ts'
import { type ParsedPart, type ParseRequest, partsOf } from './parse-message.ts'

/** Entry of the thread that parses. What throws here ends the thread, and its owner answers for it. */
const port = parentPort
let parts: Generator<ParsedPart, undefined> | undefined

port?.on('message', (request: ParseRequest) => {
  if (request.kind === 'parse') parts = partsOf(parseRunbook(request.text))
  const part = parts?.next().value
  if (part !== undefined) port.postMessage(part)
})
