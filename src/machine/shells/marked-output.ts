import type { StepExit } from '../../execution/shells.ts'
import { outputText } from '../output-text.ts'

/** Takes what a session prints during one step, up to the marks that its host sets behind it. */
export interface MarkedOutput {
  /** One per stream. */
  stream(): (bytes: Buffer) => Promise<void> | undefined
  /** Resolves when all marks have come, and everything before them has been taken. */
  readonly complete: Promise<void>
  /** What is still held back. */
  end(): Promise<void>
  /** How its step ended, with what is to be said of bytes that were no text; after `end`. */
  exit(end: StepExit): StepExit
}

/** How many bytes at the end of `bytes` may be the beginning of `mark`. */
const begun = (bytes: Buffer, mark: Buffer): number => {
  for (let length = Math.min(mark.length - 1, bytes.length); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(mark.subarray(0, length))) return length
  }
  return 0
}

/** The marks of one session have one beginning, so that a late mark of an earlier step is known and shown to nobody. */
export interface Mark {
  readonly beginning: Buffer
  /** As long as that of every other step of the session. */
  readonly rest: Buffer
}

/**
 * @param mark bytes that appear nowhere else
 * @param marks how many of them come, over all streams
 */
export const markedOutput = (
  mark: Mark,
  marks: number,
  encoding: string | undefined,
  onText: (text: string) => void | Promise<void>,
): MarkedOutput => {
  const length = mark.beginning.length + mark.rest.length
  let missing = marks
  let finish: () => void = () => {}
  const complete = new Promise<void>((resolve) => {
    finish = resolve
  })
  const ends: (() => Promise<void>)[] = []
  const output = outputText(encoding)
  const stream = () => {
    const decoder = output.stream()
    let held: Buffer = Buffer.alloc(0)
    const give = async (text: string) => {
      if (text !== '') await onText(text)
    }
    ends.push(async () => {
      await give(decoder.write(held) + decoder.end())
      held = Buffer.alloc(0)
    })
    return async (chunk: Buffer) => {
      let bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
      let text = ''
      let found = 0
      let at = bytes.indexOf(mark.beginning)
      while (at >= 0 && at + length <= bytes.length) {
        text += decoder.write(bytes.subarray(0, at))
        if (bytes.subarray(at + mark.beginning.length, at + length).equals(mark.rest)) found++
        bytes = bytes.subarray(at + length)
        at = bytes.indexOf(mark.beginning)
      }
      const keep = at >= 0 ? bytes.length - at : begun(bytes, mark.beginning)
      text += decoder.write(bytes.subarray(0, bytes.length - keep))
      held = Buffer.from(bytes.subarray(bytes.length - keep))
      await give(text)
      missing -= found
      if (found > 0 && missing <= 0) finish()
    }
  }
  return {
    stream,
    complete,
    exit: output.exit,
    end: async () => {
      for (const end of ends) await end()
    },
  }
}
