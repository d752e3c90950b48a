import { randomBytes } from 'node:crypto'
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { readBytes } from './output.ts'

/**
 * What stands between a step's program and its terminal on Unix. When the process that leads a terminal's session exits,
 * the kernel throws away what the far side has not read yet: plain node-pty loses the last lines of a program that exits
 * at once in a third of its runs. So a small shell leads the session, says when the program has ended, and exits when it
 * is told that everything was read.
 */
export interface TerminalChannel {
  readonly args: (program: string, args: readonly string[]) => readonly string[]
  /** For `TerminalOptions.filter`: takes the end mark out, and lets the shell go. */
  filter(bytes: Buffer): { readonly bytes: Buffer; readonly last: boolean }
  /** The program's exit code, 128 + the number of the signal that ended it; never resolves when the shell itself was killed. */
  readonly ended: Promise<number>
  /** What the program wrote to its descriptor 3; to be called after it ended. */
  received(): Promise<Buffer>
  close(): void
}

/** Signals from the keyboard are for the program; the shell's messages on those that end it are nothing of the step's. */
const leader = `trap : INT QUIT TERM
__baton_answer=$1 __baton_mark=$2 __baton_state=$3
shift 3
exec 4>&2 2>/dev/null
(exec "$@" 2>&4 3>"$__baton_state" 4>&-)
__baton_code=$?
printf '\\001%s%03d\\001' "$__baton_mark" "$__baton_code" >&4
read -r __baton_mark <"$__baton_answer"
exit "$__baton_code"`

/** @param folder private to this step */
export const openTerminalChannel = async (folder: string): Promise<TerminalChannel> => {
  const [answer, state] = [join(folder, 'answer'), join(folder, 'state')]
  await execa('mkfifo', ['-m', '600', answer, state], { stdio: 'ignore' })
  // Both ends, so that no side waits for the other and this process hears of no end that is none.
  const answerEnd = openSync(answer, constants.O_RDWR | constants.O_NONBLOCK)
  const stateEnd = openSync(state, constants.O_RDONLY | constants.O_NONBLOCK)
  let stateKept: number | undefined = openSync(state, constants.O_WRONLY)
  const chunks: Buffer[] = []
  const socket = new Socket({ fd: stateEnd, readable: true, writable: false })
  const reading = readBytes(socket, (bytes) => {
    chunks.push(bytes)
  })
  const letGo = () => {
    if (stateKept !== undefined) closeSync(stateKept)
    stateKept = undefined
  }

  const mark = randomBytes(16).toString('hex')
  const beginning = Buffer.from(`\u0001${mark}`)
  const length = beginning.length + 4
  const { promise: ended, resolve } = Promise.withResolvers<number>()
  let held: Buffer = Buffer.alloc(0)
  return {
    args: (program, args) => ['-c', leader, 'sh', answer, mark, state, program, ...args],
    filter: (more) => {
      const bytes = held.length > 0 ? Buffer.concat([held, more]) : more
      held = Buffer.alloc(0)
      const at = bytes.indexOf(beginning)
      if (at >= 0 && at + length <= bytes.length) {
        writeSync(answerEnd, '\n')
        resolve(Number(bytes.toString('latin1', at + beginning.length, at + length - 1)))
        return { bytes: bytes.subarray(0, at), last: true }
      }
      const begun = at >= 0 ? at : bytes.lastIndexOf(1)
      const from =
        begun >= 0 &&
        beginning.subarray(0, bytes.length - begun).equals(bytes.subarray(begun, begun + beginning.length))
          ? begun
          : bytes.length
      held = Buffer.from(bytes.subarray(from))
      return { bytes: bytes.subarray(0, from), last: false }
    },
    ended,
    received: async () => {
      letGo()
      await reading.drained()
      return Buffer.concat(chunks)
    },
    close: () => {
      letGo()
      socket.destroy()
      closeSync(answerEnd)
    },
  }
}
