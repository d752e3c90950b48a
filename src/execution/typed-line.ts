/** One key or one pasted character, as a terminal sends it. */
export interface Key {
  /** `move`: a cursor or function key; `erase`: takes characters away; `paste`: the border of a paste, which no program shows. */
  readonly kind: 'text' | 'enter' | 'erase' | 'move' | 'control' | 'paste'
  readonly sent: string
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: keys are control characters
const oneKey = /\x1b\[20[01]~|\x1b\[[0-?]*[ -/]*[@-~]|\x1bO.|\x1b[^\x1b]|[\s\S]/gu

const erasing = new Set(['\b', '\x7f', '\x15', '\x17', '\x0b', '\x1b[3~', '\x1b\x7f'])

/** What a terminal itself answers when it is asked where its cursor is, or what it is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
const report = /^\x1b\[[?>]?[0-9;]*[Rc]$/

const kindOf = (sent: string): Key['kind'] => {
  if (sent === '\r' || sent === '\n') return 'enter'
  if (erasing.has(sent)) return 'erase'
  if (sent === '\x1b[200~' || sent === '\x1b[201~') return 'paste'
  if (report.test(sent)) return 'control'
  if (sent.length > 1 && sent.startsWith('\x1b')) return 'move'
  return sent < ' ' && sent !== '\t' ? 'control' : 'text'
}

/** What was sent (xterm's encoding of keys), one key at a time. */
export const readKeys = (sent: string): readonly Key[] =>
  [...sent.matchAll(oneKey)].map(([key]) => ({ kind: kindOf(key), sent: key }))

/** The line that is being typed, as far as it can be known from the keys alone. */
export interface TypedLine {
  readonly characters: string[]
  /** How many of them stand before the cursor. */
  cursor: number
  /** Whether any of it came back from the program. */
  echoed: boolean
  /** What it was before it was changed elsewhere than at its end: a program that is behind still shows that. */
  readonly earlier: string[]
  /** What stood before it in its line of the terminal when the first of it came back. */
  prompt?: string
  /** Whether the program printed a line end meanwhile: what looks like a small part of the line may be anything. */
  interrupted: boolean
  /** Where in it begins what was sent at once, but for its own beginning: a program may throw away what was typed before. */
  readonly begun: number[]
  /** Where in it begins what was typed when the terminal had gone from giving out keys to giving out lines. */
  readonly restarts: number[]
  /** Whether the terminal gave out key by key what was sent last. */
  isRaw: boolean
  /** Whether a program was known to wait for it, so that it was read when it was typed and will be shown but once. */
  isRead: boolean
  /** Whether the terminal itself may show what was sent last, where that is known. */
  isShown: boolean | undefined
  /** Whether it was read as a whole by somebody who hides it. */
  isUnseen: boolean
}

/** Longer lines are masked when they are finished. */
export const longestUnmasked = 3

const mostEarlier = 50
const longestEarlier = 500

export const emptyLine = (): TypedLine => ({
  characters: [],
  cursor: 0,
  echoed: false,
  earlier: [],
  interrupted: false,
  begun: [],
  restarts: [],
  isRaw: false,
  isRead: true,
  isShown: undefined,
  isUnseen: false,
})

const remember = ({ characters, earlier }: TypedLine): void => {
  if (characters.length === 0 || characters.length > longestEarlier) return
  const text = characters.join('')
  if (earlier.at(-1) === text) return
  earlier.push(text)
  if (earlier.length > mostEarlier) earlier.shift()
}

/** Whether it has, or had, anything that a program could show. */
export const hasText = ({ characters, earlier }: TypedLine): boolean => characters.length + earlier.length > 0

/** What line editors draw again when something is put before it. */
export const afterCursor = ({ echoed, characters, cursor }: TypedLine): string =>
  echoed ? characters.slice(cursor).join('') : ''

/** @param isOpen whether the Enter key is still to be pressed */
export const keysOf = (characters: readonly string[], isOpen: boolean): readonly Key[] => [
  ...characters.map((sent) => ({ kind: 'text', sent }) as const),
  ...(isOpen ? [] : [{ kind: 'enter', sent: '\r' } as const]),
]

const cut = (line: TypedLine, from: number, to: number): void => {
  line.characters.splice(from, to - from)
  line.cursor = from
}

const wordBefore = ({ characters, cursor }: TypedLine): number => {
  let from = cursor
  while (from > 0 && characters[from - 1] === ' ') from--
  while (from > 0 && characters[from - 1] !== ' ') from--
  return from
}

/** Does to the line what the terminal's own line discipline and the usual line editors do at a key. */
export const edit = (line: TypedLine, { kind, sent }: Key): void => {
  const { characters, cursor } = line
  if (kind !== 'text' || cursor < characters.length) remember(line)
  if (kind === 'text') {
    characters.splice(cursor, 0, sent)
    line.cursor++
    return
  }
  switch (sent) {
    case '\b':
    case '\x7f':
      if (cursor > 0) cut(line, cursor - 1, cursor)
      break
    case '\x1b[3~':
      cut(line, cursor, Math.min(cursor + 1, characters.length))
      break
    case '\x15':
      cut(line, 0, cursor)
      break
    case '\x0b':
      cut(line, cursor, characters.length)
      break
    case '\x17':
    case '\x1b\x7f':
      cut(line, wordBefore(line), cursor)
      break
    case '\x1b[D':
    case '\x1bOD':
    case '\x02':
      line.cursor = Math.max(0, cursor - 1)
      break
    case '\x1b[C':
    case '\x1bOC':
    case '\x06':
      line.cursor = Math.min(characters.length, cursor + 1)
      break
    case '\x1b[H':
    case '\x1bOH':
    case '\x01':
      line.cursor = 0
      break
    case '\x1b[F':
    case '\x1bOF':
    case '\x05':
      line.cursor = characters.length
      break
    // What was interrupted is gone; what a history brings back was not typed.
    case '\x03':
    case '\x1b[A':
    case '\x1bOA':
    case '\x1b[B':
    case '\x1bOB':
      cut(line, 0, characters.length)
      break
  }
}
