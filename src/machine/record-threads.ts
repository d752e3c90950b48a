import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { CheckAnswer, CheckRequest } from './record-worker.ts'

/** Files that a thread is given at a time: enough to hide the messages, few enough to keep all threads at work. */
const sliceLength = 256
/** More do not help: the disk and the one that waits for them are the limit then. */
const mostThreads = 8

/**
 * Checks many records on all cores: a thread for each, and whoever is ready takes the next slice.
 * @param workerFile absolute path of the threads' script
 * @param files absolute paths
 */
export async function checkInThreads(
  workerFile: string,
  files: readonly string[],
  sought?: ReadonlySet<string>,
): Promise<CheckAnswer> {
  const slices = Array.from({ length: Math.ceil(files.length / sliceLength) }, (_, index) =>
    files.slice(index * sliceLength, (index + 1) * sliceLength),
  )
  const answers: CheckAnswer[] = []
  const queue = slices.entries()
  const work = async () => {
    // Not what the host of the extension was started with, such as --inspect.
    const worker = new Worker(workerFile, { name: 'baton-records', execArgv: [] })
    try {
      for (const [index, slice] of queue) {
        const request: CheckRequest = { files: slice, ...(sought && { sought }) }
        worker.postMessage(request)
        // Rejects with what the thread threw.
        const [answer] = await once(worker, 'message')
        answers[index] = answer
      }
    } finally {
      await worker.terminate()
    }
  }
  const threads = Math.min(slices.length, availableParallelism(), mostThreads)
  await Promise.all(Array.from({ length: threads }, work))
  return {
    checks: answers.flatMap(({ checks }) => checks),
    found: answers.flatMap(({ found }) => found),
  }
}
