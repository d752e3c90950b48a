import { parentPort } from 'node:worker_threads'
import { checkRecordSync, type RecordCheck } from './record-check.ts'

/** Records to check: absolute paths, and the hashes of lines that are looked for in them. */
export interface CheckRequest {
  readonly files: readonly string[]
  readonly sought?: ReadonlySet<string>
}

export interface CheckAnswer {
  /** In the order of the files. */
  readonly checks: readonly RecordCheck[]
  readonly found: readonly string[]
}

/** Entry of the threads that check records. What throws here ends the thread, and its owner hears it. */
function answer({ files, sought }: CheckRequest): CheckAnswer {
  const found: string[] = []
  const onHash =
    sought &&
    ((hash: string) => {
      if (sought.has(hash)) found.push(hash)
    })
  return { checks: files.map((file) => checkRecordSync(file, onHash)), found }
}

const port = parentPort
port?.on('message', (request: CheckRequest) => port.postMessage(answer(request)))
