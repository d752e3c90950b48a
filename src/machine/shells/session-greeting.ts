import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlPipe } from './control-pipe.ts'
import { type Answer, readAnswer, readMessages } from './session-message.ts'

/** How long a session may take to come up: Windows PowerShell on a cold, busy PC needs many seconds. */
const startMs = 60_000

/** How the start of a session went: it spoke, it ended before it did, or it did neither. */
export type Greeting =
  | { readonly kind: 'greeted'; readonly socket: Socket }
  | { readonly kind: 'exited'; readonly code: number | undefined }
  | { readonly kind: 'late' }

/** Waits until a session's process says that it is there, and hands on its answers from then on. */
export const greeting = async (
  control: ControlPipe,
  exited: Promise<number | undefined>,
  onAnswer: (answer: Answer) => void,
): Promise<Greeting> => {
  const waiting = new AbortController()
  const greeted = control.connected.then(
    (socket) =>
      new Promise<Greeting>((resolve) => {
        readMessages(socket, (fields) => {
          if (fields[0] === 'hello') resolve({ kind: 'greeted', socket })
          else if (fields[0] === 'done') onAnswer(readAnswer(fields))
        })
      }),
  )
  const first = await Promise.race([
    greeted,
    exited.then((code): Greeting => ({ kind: 'exited', code })),
    sleep(startMs, undefined, { signal: waiting.signal, ref: false }).then(
      (): Greeting => ({ kind: 'late' }),
      (): Greeting => ({ kind: 'late' }),
    ),
  ])
  waiting.abort()
  return first
}
