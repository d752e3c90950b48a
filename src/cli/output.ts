import type { WriteStream } from 'node:tty'
import type { Output } from './ports.ts'

/**
 * A stream of this process as an `Output`. Who reads may leave early (`| head`): what comes then is dropped without a word,
 * as a broken pipe is no failure of the command.
 */
export function outputTo(stream: WriteStream, env: Readonly<Record<string, string | undefined>>): Output {
  let isGone = false
  stream.on('error', () => {
    isGone = true
  })
  return {
    colours: wantsColours(stream.isTTY, env),
    isTerminal: stream.isTTY === true && env.TERM !== 'dumb',
    write(text) {
      if (!isGone) stream.write(text)
    },
    drained() {
      if (isGone || !stream.writableNeedDrain) return Promise.resolve()
      return new Promise((resolve) => {
        const settle = () => {
          stream.off('drain', settle)
          stream.off('close', settle)
          stream.off('error', settle)
          resolve()
        }
        stream.on('drain', settle)
        stream.on('close', settle)
        stream.on('error', settle)
      })
    },
  }
}

/** https://no-color.org, and `FORCE_COLOR` as Node reads it. */
function wantsColours(isTerminal: boolean | undefined, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return isTerminal === true && env.TERM !== 'dumb'
}
