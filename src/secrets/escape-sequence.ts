/** A control sequence introducer as one character (ECMA-48, 5.4). */
const csi = '\u009b'

/** Whether an escape sequence begins in a text. */
export const hasEscape = (text: string): boolean => text.includes('\u001b') || text.includes(csi)

/** Whether a text has a part that terminals do not show (a control string: ECMA-48, 5.6), or one may begin at its end. */
export function hasControlString(text: string): boolean {
  for (let at = text.indexOf('\u001b'); at !== -1; at = text.indexOf('\u001b', at + 1)) {
    if (at === text.length - 1 || opensString(text.charCodeAt(at + 1))) return true
  }
  return false
}

/**
 * Outside of escape sequences; after ESC; after ESC and an intermediate byte; after CSI (ECMA-48, 5.4; ECMA-35, 13.2); inside
 * of a control string, where these are told from other text.
 */
export type EscapeState = typeof ground | typeof escaped | typeof intermediate | typeof sequence | typeof controlString
export const ground = 0
const escaped = 1
const intermediate = 2
const sequence = 3
export const controlString = 4

/**
 * The state after one more unit.
 * @param knowsStrings whether the text of OSC, DCS and the like is a part of the sequence
 */
export function afterUnit(state: EscapeState, unit: number, knowsStrings: boolean): EscapeState {
  if (unit === 0x1b) return escaped
  if (unit === 0x9b && state !== controlString) return sequence
  switch (state) {
    case ground:
      return ground
    case controlString:
      return endsString(unit) ? ground : controlString
    case escaped:
      if (unit === 0x5b) return sequence
      if (knowsStrings && opensString(unit)) return controlString
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
  before === controlString
    ? endsString(unit)
    : before === sequence
      ? unit >= 0x40 && unit <= 0x7e
      : (before === escaped || before === intermediate) && unit >= 0x30 && unit <= 0x7e

const isIntermediate = (unit: number): boolean => unit >= 0x20 && unit <= 0x2f

const isCarriedOut = (unit: number): boolean => unit === 0 || unit === 10 || unit === 13

/** DCS, SOS, OSC, PM and APC, as what follows ESC. */
export const opensString = (unit: number): boolean =>
  unit === 0x50 || unit === 0x58 || unit === 0x5d || unit === 0x5e || unit === 0x5f

/** BEL, CAN, SUB and ST as one character; ESC ends it, too, with whatever follows. */
export const endsString = (unit: number): boolean => unit === 0x07 || unit === 0x18 || unit === 0x1a || unit === 0x9c
