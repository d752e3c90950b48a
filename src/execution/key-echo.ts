import type { Key } from './typed-line.ts'

/** What may stand between the echoes of two keys. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
export const controls = /(?:\x08|\x1b\[[0-9;?]*[CDGKPX@Jmhl]|\r(?!\n))*/y
/** Movements of the cursor in its line, by which a line editor makes place for an echo. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
export const movements = /(?:\x08|\x1b\[[0-9;]*[CDGKPX@J]|\x1b\[0?m|\r(?=\x1b\[\d*C))*/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: a backspace is one
const erasure = /\x08 \x08|\x08\x08 {2}\x08\x08|\x08*\x1b\[\d*[JKP]/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: a backspace is one
const erasures = /(?:\x08 \x08|\x08\x08 {2}\x08\x08)+|\x08*\x1b\[\d*[JKP]/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
const movement = /\x08|\x1b\[\d*[CDGH]/y
/** A whole control sequence (ECMA-48), and below one that the text ends within. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
export const sequence = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[^[\]])/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
export const unfinishedSequence = /\x1b(?:\[[0-?]{0,40}[ -/]*|\][^\x07\x1b]{0,200}\x1b?)?$/y

/** Colours and other looks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
export const looks = /(?:\x1b\[[0-9;]*m)+/y
/** What moves the cursor, takes away what is shown, or changes how keys are read. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
export const cursorControl = /\x08|\x1b\[\??[0-9;]*[A-HJKPX@hl]/y

/** Where a control sequence begins that the text ends within, or the end of the text. */
export const wholeLength = (text: string): number => {
  const last = text.lastIndexOf('\x1b')
  return last !== -1 && lengthAt(unfinishedSequence, text, last) > 0 ? last : text.length
}

/** @param pattern sticky */
export const lengthAt = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}

/** A terminal shows a control character as a caret and a letter (termios' ECHOCTL). */
const careted = (sent: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  sent.replaceAll(/[\x00-\x1f]/g, (char) => `^${String.fromCharCode(char.charCodeAt(0) + 64)}`)

/** How much of the text from `at` on is this key's echo: 0 if it is not, 'part' if the text ends too early to say. */
export const echoLength = ({ kind, sent }: Key, text: string, at: number): number | 'part' => {
  const literally = (echo: string) =>
    text.startsWith(echo, at)
      ? echo.length
      : at < text.length && text.length - at < echo.length && echo.startsWith(text.slice(at))
        ? 'part'
        : 0
  switch (kind) {
    case 'text':
      return literally(sent)
    case 'enter':
      return text.startsWith('\n', at) ? 1 : literally('\r\n')
    case 'erase':
      if (text[at] === '\b' && text.length - at < 3 && '\b \b'.startsWith(text.slice(at))) return 'part'
      return lengthAt(sent === '\x7f' || sent === '\b' ? erasure : erasures, text, at)
    case 'move':
      return lengthAt(movement, text, at) || literally(careted(sent))
    case 'control':
      return literally(careted(sent))
    case 'paste':
      return 0
  }
}

/** What the echo of a key can begin with. */
export const beginnings = ({ kind, sent }: Key): readonly string[] => {
  switch (kind) {
    case 'text':
      return [sent.charAt(0)]
    case 'enter':
      return ['\r', '\n']
    case 'erase':
      return ['\b', '\x1b']
    case 'move':
      return ['\b', '\x1b', '^']
    case 'control':
      return ['^']
    case 'paste':
      return []
  }
}
