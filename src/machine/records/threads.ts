import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { RefreshAnswer, RefreshRequest } from './refresh.ts'
import type { CheckAnswer, CheckRequest } from './worker.ts'

/** Files that a thread is given at a time: enough to hide the messages, few enough to keep all threads at work. */
const sliceLength = 256
/** More do not help: the disk and the one that waits for them are the limit then. */
const mostThreads = 8

/**
 * Checks many records on all cores.
 * @param workerFile absolute path of the threads' script
 * @param paths of the records
 * @param absolute makes one of them absolute: when a thread is given it, since that would take long for all at once
 */
export async function checkInThreads(
  workerFile: string,
  paths: readonly string[],
  absolute: (path: string) => string,
  sought?: ReadonlySet<string>,
): Promise<CheckAnswer> {
  const count = Math.ceil(paths.length / sliceLength)
  const requestAt = (index: number): CheckRequest => ({
    kind: 'check',
    files: paths.slice(index * sliceLength, (index + 1) * sliceLength).map(absolute),
    ...(sought && { sought }),
  })
  const answers: CheckAnswer[] = []
  await inThreads<CheckRequest, CheckAnswer>(
    workerFile,
    { count, requestAt, threads: mostThreads },
    (answer, index) => {
      answers[index] = answer
    },
  )
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
  const work = { count: requests.length, requestAt: (index: number) => requests[index], threads }
  await inThreads<RefreshRequest, RefreshAnswer>(workerFile, work, async (answer, index) => {
    const request = requests[index]
    if (request !== undefined) await onAnswer(answer, request)
  })
}

/**
 * More than there are cores, because a thread waits for the disk from time to time; not many more, because each has to warm up
 * on its own.
 */
function busyThreads(): number {
  return Math.ceil(availableParallelism() * 1.5)
}

interface ThreadedWork<Request> {
  readonly count: number
  readonly requestAt: (index: number) => Request | undefined
  /** How many threads at most. */
  readonly threads: number
}

/** Whichever thread is ready takes the next request. */
async function inThreads<Request, Answer>(
  workerFile: string,
  { count, requestAt, threads }: ThreadedWork<Request>,
  onAnswer: (answer: Answer, index: number) => Promise<void> | void,
): Promise<void> {
  const queue = Array.from({ length: count }, (_, index) => index).values()
  let started: Promise<unknown> = Promise.resolve()
  const start = async () => {
    // Not what the host of the extension was started with, such as --inspect.
    const worker = new Worker(workerFile, { name: 'baton-records', execArgv: [] })
    await once(worker, 'online')
    return worker
  }
  const work = async () => {
    // One by one: to start them all at once would hold up whoever waits for them.
    const starting = started.then(start)
    started = starting
    const worker = await starting
    try {
      for (const index of queue) {
        worker.postMessage(requestAt(index))
        // Rejects with what the thread threw.
        const [answer] = await once(worker, 'message')
        await onAnswer(answer, index)
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(count, busyThreads(), threads) }, work))
}
