import type { Awaited, Echo } from './awaited-keys.ts'
import type { TypedLine } from './typed-line.ts'

/**
 * What a terminal shows of keys in the middle of what a program prints at that time: it looks like anything. So whatever looks
 * like what was just sent, and did not come back yet, is left out.
 */
export interface StrayEchoes {
  sent(keys: readonly Awaited[]): void
  cameBack(keys: readonly Awaited[]): void
  /** A program drew it: the terminal shows nothing of it any more. */
  drawn(line: TypedLine, text: string): void
  /** To be called before a text is looked through. */
  setTime(now: number): void
  /** Whether there is none to be looked for. */
  isEmpty(): boolean
  mayBeAt(text: string, at: number): boolean
  at(text: string, start: number): Echo | undefined
}

/** How long the terminal's own echo of a key may take, in milliseconds: it is printed when the key is sent. */
const promptly = 1000

/** More characters than that are an echo wherever they stand. */
const longest = 3

interface Sent {
  readonly text: string
  readonly keys: readonly Awaited[]
  /** Whether the terminal itself may show them, where that is known. */
  readonly isShown: boolean | undefined
}

/** Whoever draws a line by himself has shown all of it that he will when its end is there. */
const isOver = ({ isShown, keys: [first] }: Sent, entered: Awaited | undefined): boolean =>
  !isShown && entered !== undefined && first !== undefined && first.at <= entered.at

export const createStrayEchoes = (): StrayEchoes => {
  let recent: readonly Sent[] = []

  const lengthAt = (text: string, start: number) =>
    Math.max(0, ...recent.map((one) => (text.startsWith(one.text, start) ? one.text.length : 0)))

  return {
    sent: (keys) => {
      const isShown = keys[0]?.line.isShown
      if (isShown === false) return
      const begins = keys.findIndex(({ key }) => key.kind !== 'text')
      const run = begins === -1 ? keys : keys.slice(0, begins)
      const text = run.map(({ key }) => key.sent).join('')
      if (text.trim() !== '' && run.length <= longest) recent = [...recent, { text, keys: run, isShown }]
    },
    cameBack: (keys) => {
      if (recent.length === 0) return
      const entered = keys.findLast(({ key, line }) => key.kind === 'enter' && line.echoed)
      recent = recent.filter((one) => !one.keys.some((key) => keys.includes(key)) && !isOver(one, entered))
    },
    drawn: (line, drawn) => {
      if (recent.length > 0) {
        recent = recent.filter(({ keys, text }) => keys[0]?.line !== line || !drawn.includes(text))
      }
    },
    setTime: (now) => {
      if (recent.length > 0) recent = recent.filter(({ keys }) => now - (keys[0]?.at ?? 0) <= promptly)
    },
    isEmpty: () => recent.length === 0,
    mayBeAt: (text, at) => recent.some((one) => text.startsWith(one.text, at)),
    at: (text, start) => {
      const end = start + lengthAt(text, start)
      if (end === start) return undefined
      return {
        keys: -1,
        pieces: [{ kind: 'echo', text: text.slice(start, end), isDoubtful: true }],
        end,
        line: undefined,
      }
    },
  }
}
