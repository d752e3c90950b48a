import type { StepRequest } from '../../execution/shells.ts'

/** The longest time that a timer takes. */
const longestTimer = 2 ** 31 - 1

/** Watches over a step until it is disposed of. */
export interface Ender {
  /** Resolves when a step that was to end has been ended. */
  readonly ended: Promise<undefined>
  why(): 'cancelled' | 'timed-out' | undefined
  dispose(): void
}

/** Ends a step when it is cancelled or its time is over; the first reason counts. */
export const endOn = (request: Pick<StepRequest, 'signal' | 'timeoutMs'>, end: () => Promise<void>): Ender => {
  let why: 'cancelled' | 'timed-out' | undefined
  const { promise: ended, resolve } = Promise.withResolvers<undefined>()
  const finish = () => resolve(undefined)
  const begin = (reason: 'cancelled' | 'timed-out') => {
    if (why) return
    why = reason
    void end().then(finish, finish)
  }
  const cancel = () => begin('cancelled')
  request.signal.addEventListener('abort', cancel, { once: true })
  if (request.signal.aborted) cancel()
  const timer =
    request.timeoutMs === undefined
      ? undefined
      : setTimeout(() => begin('timed-out'), Math.min(request.timeoutMs, longestTimer))
  return {
    ended,
    why: () => why,
    dispose: () => {
      clearTimeout(timer)
      request.signal.removeEventListener('abort', cancel)
    },
  }
}
