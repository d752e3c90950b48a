import { constants, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { checkRecordSync, type RecordCheck } from './check.ts'
import { type RefreshAnswer, type RefreshRequest, refreshSegment, removeStaleSegments } from './refresh.ts'

/** Records to check: absolute paths, and the hashes of lines that are looked for in them. */
export interface CheckRequest {
  readonly kind: 'check'
  readonly files: readonly string[]
  readonly sought?: ReadonlySet<string>
}

export interface CheckAnswer {
  /** In the order of the files. */
  readonly checks: readonly RecordCheck[]
  readonly found: readonly string[]
}

function check({ files, sought }: CheckRequest): CheckAnswer {
  const found: string[] = []
  const onHash =
    sought &&
    ((hash: string) => {
      if (sought.has(hash)) found.push(hash)
    })
  return { checks: files.map((file) => checkRecordSync(file, onHash)), found }
}

// Whoever waits for the threads goes first, as an editor with hardly more cores than threads. Linux alone has priorities of
// threads: elsewhere this would be that of the whole process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

/** Entry of the threads that read many records. What throws here ends the thread, and its owner hears it. */
const port = parentPort
let isTidy = false
port?.on('message', (request: CheckRequest | RefreshRequest) => {
  if (request.kind === 'check') return port.postMessage(check(request))
  if (!isTidy) removeStaleSegments(request.cacheFolder, Date.now())
  isTidy = true
  const answer: RefreshAnswer = refreshSegment(request)
  // Handed over instead of copied.
  const { head, rest } = answer
  port.postMessage(answer, [...(head ? [head.buffer] : []), ...(rest ? [rest.buffer] : [])])
})
