import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StreamDecoder } from '../encodings.ts'

/** How long after the end of its process a stream may stay silent before nothing more is expected of it. */
const quietMs = 200
/** How long after it a descendant that never falls silent is listened to. */
const chatterMs = 1000

/** A stream that is being read. */
export interface Reading {
  /** Resolves when everything was read that had been written before `exited` was called. */
  drained(): Promise<void>
  /** Rejects as soon as what was read could not be taken; nothing more is read then. */
  readonly broken: Promise<never>
}

/**
 * Hands on the text of a stream as it arrives, one piece after the other, and reads no further while a piece is being
 * taken.
 * @param onText is given the same as UTF-8 where it is at hand, in memory that is used again when the piece has been taken
 * @throws what `onText` throws, out of `drained`
 */
export const readText = (
  stream: Readable,
  decoder: StreamDecoder,
  onText: (text: string, utf8?: Uint8Array) => void | Promise<void>,
): Reading => {
  const give = (text: string) => (text === '' ? undefined : onText(text, decoder.utf8?.()))
  return readBytes(
    stream,
    (bytes) => give(decoder.write(bytes)),
    () => give(decoder.end()),
  )
}

/** The same with bytes. */
export const readBytes = (
  stream: Readable,
  onBytes: (bytes: Buffer) => void | Promise<void>,
  onEnd: () => void | Promise<void> = () => {},
): Reading => {
  let lastAt = performance.now()
  let busy = false
  let failure: { readonly error: unknown } | undefined
  let finish: () => void = () => {}
  const ended = new Promise<'ended'>((resolve) => {
    finish = () => resolve('ended')
  })
  const { promise: broken, reject } = Promise.withResolvers<never>()
  broken.catch(() => {})
  const fail = (error: unknown) => {
    failure ??= { error }
    reject(error)
    stream.destroy()
    finish()
  }
  const resume = () => {
    busy = false
    lastAt = performance.now()
    stream.resume()
  }
  stream.on('data', (bytes: Buffer) => {
    lastAt = performance.now()
    try {
      const taken = onBytes(bytes)
      if (!taken) return
      busy = true
      stream.pause()
      taken.then(resume, fail)
    } catch (error) {
      fail(error)
    }
  })
  stream.once('close', finish)
  stream.once('end', finish)
  // A pipe whose other side vanished has simply ended.
  stream.once('error', finish)

  const silence = async () => {
    const exitedAt = performance.now()
    lastAt = exitedAt
    for (;;) {
      const now = performance.now()
      const rest = quietMs - (now - lastAt)
      if (!busy && (rest <= 0 || now - exitedAt > chatterMs)) return 'silent'
      await sleep(busy ? 20 : Math.max(1, rest), undefined, { ref: true })
    }
  }
  return {
    broken,
    drained: async () => {
      if ((await Promise.race([ended, silence()])) === 'silent') stream.destroy()
      if (failure) throw failure.error
      await onEnd()
    },
  }
}
