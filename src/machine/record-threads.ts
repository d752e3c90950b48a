import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { RefreshAnswer, RefreshRequest } from './record-refresh.ts'
import type { CheckAnswer, CheckRequest } from './record-worker.ts'

/** Files that a thread is given at a time: enough to hide the messages, few enough to keep all threads at work. */
const sliceLength = 256
/** More do not help: the disk and the one that waits for them are the limit then. */
const mostThreads = 8

/**
 * Checks many records on all cores.
 * @param workerFile absolute path of the threads' script
 * @param files absolute paths
 */
export async function checkInThreads(
  workerFile: string,
  files: readonly string[],
  sought?: ReadonlySet<string>,
): Promise<CheckAnswer> {
  const requests = Array.from(
    { length: Math.ceil(files.length / sliceLength) },
    (_, index): CheckRequest => ({
      kind: 'check',
      files: files.slice(index * sliceLength, (index + 1) * sliceLength),
      ...(sought && { sought }),
    }),
  )
  const answers: CheckAnswer[] = []
  await inThreads<CheckRequest, CheckAnswer>(workerFile, requests, mostThreads, (answer, index) => {
    answers[index] = answer
  })
  return {
    checks: answers.flatMap(({ checks }) => checks),
    found: answers.flatMap(({ found }) => found),
  }
}

/**
 * Brings segments of the cache up to date.
 * @param threads how many at most
 * @param onAnswer hears each answer when it comes
 */
export async function refreshInThreads(
  workerFile: string,
  requests: readonly RefreshRequest[],
  threads: number,
  onAnswer: (answer: RefreshAnswer, request: RefreshRequest) => Promise<void>,
): Promise<void> {
  await inThreads<RefreshRequest, RefreshAnswer>(workerFile, requests, threads, async (answer, index) => {
    const request = requests[index]
    if (request !== undefined) await onAnswer(answer, request)
  })
}

/** Whichever thread is ready takes the next request. */
async function inThreads<Request, Answer>(
  workerFile: string,
  requests: readonly Request[],
  threads: number,
  onAnswer: (answer: Answer, index: number) => Promise<void> | void,
): Promise<void> {
  const queue = requests.entries()
  const work = async () => {
    // Not what the host of the extension was started with, such as --inspect.
    const worker = new Worker(workerFile, { name: 'baton-records', execArgv: [] })
    try {
      for (const [index, request] of queue) {
        worker.postMessage(request)
        // Rejects with what the thread threw.
        const [answer] = await once(worker, 'message')
        await onAnswer(answer, index)
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(requests.length, availableParallelism(), threads) }, work))
}
