import { Worker } from 'node:worker_threads'
import type { Runbook } from '../runbook/runbook.ts'
import { unreadRunbook } from '../runbook/unread.ts'
import { joinParts, type ParsedPart, type ParseRequest } from './parse-message.ts'

export interface ParseThreadOptions {
  /** Absolute path of the worker's script. */
  readonly workerFile: string
  /** How long one text may take. */
  readonly limitMs?: number
  /** Of the thread's heap, in MiB. */
  readonly memoryMb?: number
}

/** Parses in a thread of its own, one text at a time; the thread starts with the first. */
export interface ParseThread {
  /** Never rejects: a text that takes too long or too much memory is a document with the problem `file-too-slow`. */
  parse(text: string): Promise<Runbook>
  /** Ends the thread. What waits, and what is asked from now on, is answered with `file-too-slow`. */
  dispose(): void
}

export function createParseThread({ workerFile, limitMs = 20_000, memoryMb = 2048 }: ParseThreadOptions): ParseThread {
  let worker: Worker | undefined
  let last: Promise<unknown> = Promise.resolve()
  let giveUp: (() => void) | undefined
  let isDisposed = false

  function start(): Worker {
    const started = new Worker(workerFile, {
      name: 'baton-parse',
      // Not what the host of the extension was started with, such as --inspect.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    })
    started.unref()
    return started
  }

  function ask(text: string): Promise<Runbook> {
    if (isDisposed) return Promise.resolve(unreadRunbook('file-too-slow'))
    const thread = worker ?? start()
    worker = thread
    return new Promise((resolve) => {
      const parts: ParsedPart[] = []
      const settle = (runbook: Runbook | undefined) => {
        // Ref'd, it keeps a program that waits for the answer alive, which the thread itself must not.
        clearTimeout(timer)
        giveUp = undefined
        thread.off('message', onMessage)
        thread.off('error', abandon)
        thread.off('exit', abandon)
        resolve(runbook ?? unreadRunbook('file-too-slow'))
      }
      const abandon = () => {
        if (worker === thread) worker = undefined
        // Its end may bring errors that nobody waits for any more.
        thread.on('error', () => {})
        void thread.terminate()
        settle(undefined)
      }
      const onMessage = (part: ParsedPart) => {
        parts.push(part)
        if (part.isLast) settle(joinParts(parts))
        else send({ kind: 'next' })
      }
      const send = (request: ParseRequest) => thread.postMessage(request)
      const timer = setTimeout(abandon, limitMs)
      giveUp = abandon
      thread.on('message', onMessage)
      thread.on('error', abandon)
      thread.on('exit', abandon)
      send({ kind: 'parse', text })
    })
  }

  return {
    parse(text) {
      const answer = last.then(() => ask(text))
      last = answer
      return answer
    },
    dispose() {
      isDisposed = true
      giveUp?.()
      void worker?.terminate()
      worker = undefined
    },
  }
}
