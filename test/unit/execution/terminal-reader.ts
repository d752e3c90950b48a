import type { AwaitedInput } from '../../../src/execution/reception.ts'
import type { TypedText } from '../../../src/execution/terminal-pieces.ts'
import { createTypedText } from '../../../src/execution/typed-text.ts'

/** What a terminal prints, as someone who records it and someone who looks at it get it. */
export const reader = () => {
  const text = createTypedText()
  let now = 0
  let output = ''
  let echo = ''
  let screen = ''
  const give = (pieces: ReturnType<TypedText['flush']>) => {
    for (const piece of pieces) {
      screen += piece.text
      if (piece.isDoubtful) output += '***'
      if (piece.kind === 'echo') echo += piece.text
      else output += piece.text
    }
  }
  return {
    /** @param awaited what a program is known to wait for at that time */
    type: (keys: string, awaited?: AwaitedInput, shows?: boolean) => text.typed(keys, now, () => ({ awaited, shows })),
    print: (printed: string) => give(text.separate(printed, now)),
    pause: (ms = 60) => {
      now += ms
      if (text.holds()) give(text.flush())
    },
    done: () => {
      give(text.end())
      return { output, echo, screen }
    },
  }
}
