/** A control sequence introducer as one character (ECMA-48, 5.4). */
const csi = '\u009b'

/** Whether an escape sequence begins in a text. */
export const hasEscape = (text: string): boolean => text.includes('\u001b') || text.includes(csi)

/** Outside of escape sequences; after ESC; after ESC and an intermediate byte; after CSI (ECMA-48, 5.4; ECMA-35, 13.2). */
export type EscapeState = typeof ground | typeof escaped | typeof intermediate | typeof sequence
export const ground = 0
const escaped = 1
const intermediate = 2
const sequence = 3

/** The state after one more unit. */
export function afterUnit(state: EscapeState, unit: number): EscapeState {
  if (unit === 0x1b) return escaped
  if (unit === 0x9b) return sequence
  switch (state) {
    case ground:
      return ground
    case escaped:
      if (unit === 0x5b) return sequence
      return isIntermediate(unit) ? intermediate : ground
    case intermediate:
      return isIntermediate(unit) ? intermediate : ground
    case sequence:
      // A control character in the middle does not end it: terminals carry such out on the way.
      return (unit >= 0x20 && unit <= 0x3f) || isCarriedOut(unit) ? sequence : ground
  }
}

/** Whether a unit that leads back to the text belongs to the sequence that it ends. */
export const endsEscape = (before: EscapeState, unit: number): boolean =>
  before === sequence
    ? unit >= 0x40 && unit <= 0x7e
    : (before === escaped || before === intermediate) && unit >= 0x30 && unit <= 0x7e

const isIntermediate = (unit: number): boolean => unit >= 0x20 && unit <= 0x2f

const isCarriedOut = (unit: number): boolean => unit === 0 || unit === 10 || unit === 13
