// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what this file is about

/**
 * Control sequences of ECMA-48: CSI; OSC, DCS, SOS, PM and APC with what they carry, up to BEL or ST; and two-character
 * escapes. One that is cut off at the end of the text is taken too.
 */
const sequences =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*(?:[@-~]|$)|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x1b[ -/]*(?:[0-~]|$)/g

const eraseRest = /(?:\x1b\[|\x9b)0?K/g

const eraseLine = /(?:\x1b\[|\x9b)2K/g

/** Colours and other looks, and titles and links: what moves nothing. */
const looks = /(?:\x1b\[|\x9b)[0-9;:]*m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g

const moving = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/

/** What a terminal shows in the end of a text that a program wrote for it. */
export type ScreenText = (text: string) => Promise<string>

/** The same where no terminal is needed to tell, because the text moves no cursor; else undefined. */
export function textWithoutMoves(text: string): string | undefined {
  const shown = text.replaceAll(looks, '').replaceAll('\r\n', '\n')
  return moving.test(shown) ? undefined : shown
}

/** Stand for the erase sequences while lines are put together: private characters that no program prints. */
const restErased = '\u{f0000}'
const lineErased = '\u{f0001}'

const invisible = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g

/**
 * Text that a program wrote for a terminal, as text: without control sequences, and with what `\r` and `\b` overwrote gone.
 * It follows one line at a time, so a program that moves its cursor up leaves all that it wrote.
 */
export function plainText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(eraseRest, restErased)
    .replaceAll(eraseLine, lineErased)
    .replaceAll(sequences, '')
    .split('\n')
    .map(overwrite)
    .join('\n')
}

function overwrite(line: string): string {
  if (!/[\r\x08\u{f0000}\u{f0001}]/u.test(line)) return line.replaceAll(invisible, '')
  const cells: string[] = []
  let at = 0
  for (const character of line) {
    if (character === '\r') at = 0
    else if (character === '\b') at = Math.max(0, at - 1)
    else if (character === restErased) cells.length = Math.min(cells.length, at)
    else if (character === lineErased) cells.length = 0
    else if (character >= ' ' || character === '\t') cells[at++] = character
  }
  return cells.join('')
}
