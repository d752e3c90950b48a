import type { Tail } from './awaited-keys.ts'
import { cursorControl, lengthAt, looks, unfinishedSequence } from './key-echo.ts'
import { isCertainlyEditor, isDrawnByEditor, promptIn } from './terminal-prompt.ts'
import { emptyLine, longestUnmasked, type TypedLine } from './typed-line.ts'

/** Where a line may be drawn again. */
export interface Place {
  readonly text: string
  readonly at: number
  /** What the terminal's line shows up to there, with its control sequences. */
  readonly shown: () => string
  /** Whether nothing more came for a while. */
  readonly isLast: boolean
}

export interface DrawnAgain {
  readonly line: TypedLine
  /** Where it ends, as far as it is drawn. */
  readonly end: number
  /** What of the line is not drawn yet; of a line that was changed meanwhile it is not known, and empty. */
  readonly rest: readonly string[]
  /** Whether a program may have printed it by itself. */
  readonly isDoubtful: boolean
}

/**
 * The lines that were typed, for the program that reads one only later: what is typed ahead, the terminal itself echoes at
 * once, and a line editor draws it a second time behind its prompt. Text alone does not tell that from what a program
 * prints: so each line is left out wherever a line of the terminal ends with it, until it was read for sure.
 */
export interface LinesAhead {
  /** The line that is being typed, after each change of it. */
  typing(line: TypedLine): void
  finished(line: TypedLine): void
  /** It was read, and what was read of it came back: nothing of it, or of a line before it, is still to come. */
  read(line: TypedLine): void
  /** Ends of lines that did not come back when something did that looks like what follows them: the terminal shows them late. */
  missed(ends: readonly Tail[]): void
  /** Whether one may be drawn there, by what stands there alone. */
  mayBeAt(text: string, at: number): boolean
  /** The next such place before `end`, or `end`. */
  nextPlace(text: string, from: number, end: number): number
  /** `part` when the text ends too early to say. */
  drawnAt(place: Place): DrawnAgain | 'part' | undefined
}

/** More than somebody answers in one step. */
const mostLines = 1000
const mostEnds = 200

export const createLinesAhead = (): LinesAhead => {
  /** In their order. */
  let lines: readonly TypedLine[] = []
  let ends: readonly End[] = []
  let current: TypedLine | undefined
  /** What they can look like, by the first character. */
  let looksOf: ReadonlyMap<string, readonly string[]> = new Map()
  /** Finds where one can begin: its first character, and then its second one, a control or the end of the text. */
  let beginning = /(?!)/g
  /** Those that may be drawn again, each text once, and what may be left of them. */
  let candidates: readonly TypedLine[] = []
  let leftOver: readonly End[] = []

  const all = () => (current ? [...lines, current] : lines)

  /** What is left of those when a program throws away what was typed before it began to read, or somebody else took that. */
  const cutEnds = () =>
    all()
      .filter((line) => !line.isRead)
      .flatMap((of) => {
        const cuts = isShort(of) ? [...of.begun, ...of.restarts] : of.restarts
        return cuts.map((at) => endOf({ of, text: of.characters.slice(at).join('') }))
      })
      .filter(({ line }) => isShort(line))

  const keep = (kept: typeof lines) => {
    lines = kept
    candidates = onceEach(all())
    leftOver = cutEnds()
    const possible = [...candidates, ...[...ends, ...leftOver].map(({ line }) => line)]
    const known = [...new Set(possible.flatMap(versions))].filter((version) => version !== '')
    looksOf = Map.groupBy(known, (version) => version.charAt(0))
    beginning =
      known.length > 0 ? new RegExp(`[${anyAt(known, 0)}](?=[${anyAt(known, 1)}]| ?(?:[\\x00-\\x1f]|$))`, 'g') : /(?!)/g
  }

  /** Most often something else follows than the end of a line, or a control: what stands before it need not be looked at. */
  const mayBeAt = (text: string, at: number) =>
    looksOf.get(text.charAt(at))?.some((version) => {
      const end = at + commonLength(version, text, at)
      const next = text.charCodeAt(end + (text[end] === ' ' ? 1 : 0))
      return Number.isNaN(next) || next < 32
    }) ?? false

  /** A program reads lines in their order: none comes behind one that was read. */
  const read = (line: TypedLine) => {
    // Of two that are alike it may have been the first one that came back.
    const text = line.characters.join('')
    const index = lines.includes(line) ? lines.findIndex(({ characters }) => characters.join('') === text) : -1
    if (index === -1) return
    const over = lines.slice(0, index + 1)
    ends = ends.filter(({ of }) => !over.includes(of))
    keep(lines.slice(index + 1))
  }

  const addEnds = (more: readonly Tail[]) => {
    if (more.length === 0) return
    ends = [...ends, ...more.map((tail) => endOf(tail))].slice(-mostEnds)
    keep(lines)
  }

  return {
    typing: (line) => {
      current = line
      keep(lines)
    },
    finished: (line) => {
      if (line.characters.length > 0) keep([...lines, line].slice(-mostLines))
    },
    read,
    missed: (late) => addEnds(late),
    mayBeAt,
    nextPlace: (text, from, end) => {
      if (looksOf.size === 0) return end
      beginning.lastIndex = from
      for (let found = beginning.exec(text); found && found.index < end; found = beginning.exec(text)) {
        if (mayBeAt(text, found.index)) return found.index
      }
      return end
    },
    drawnAt: (place) => {
      const shown = place.shown()
      const isByEditor = isDrawnByEditor(shown)
      const known = candidates.filter((line) => isByEditor || line === current || isShort(line))
      const standing = [...known, ...mayStand(ends, shown), ...leftOver.map((left) => left.line)]
        .flatMap((line) => drawings(line, place).map((drawing) => ({ ...drawing, line })))
        .filter(({ isLine }) => isByEditor || isLine)
      const found = standing.filter(({ isCut }) => !isCut).toSorted((one, other) => other.end - one.end)
      const [first] = found
      if (!first) return standing.length > 0 ? 'part' : undefined
      const { line, end, rest, isWhole, isWrapped } = first
      ends = ends.filter((one) => one.line !== line || isShort(one.of))
      // It may as well be the beginning of another one.
      const others = found.filter((one) => one.line !== line && one.end === end && one.rest.length > 0)
      addEnds(others.map((other) => ({ of: other.line, text: other.rest.join('') })))
      // An editor draws some of it again behind the border.
      if (isWrapped && isShort(line))
        addEnds(line.characters.map((_, n) => ({ of: line, text: line.characters.slice(n).join('') })))
      const isDoubtful = !isWhole || !isCertainlyEditor(shown)
      if (!isDoubtful) read(line)
      return { line, end, rest, isDoubtful }
    },
  }
}

/** Of those that are alike the first: they are read in their order. */
const onceEach = (lines: readonly TypedLine[]): readonly TypedLine[] => {
  const seen = new Set<string>()
  return lines.filter((line) => {
    const text = versions(line).join('\n')
    if (seen.has(text)) return false
    seen.add(text)
    return true
  })
}

/** For a class of a regular expression. */
const anyAt = (texts: readonly string[], index: number): string =>
  [...new Set(texts.map((text) => text.charCodeAt(index)))]
    .map((code) => (Number.isNaN(code) ? '' : `\\u${code.toString(16).padStart(4, '0')}`))
    .join('')

/** The end of a line, by itself. */
interface End {
  readonly of: TypedLine
  readonly line: TypedLine
}

const endOf = ({ of, text }: Tail): End => ({ of, line: { ...emptyLine(), characters: [...text] } })

/** Those that may stand behind what is shown. */
const mayStand = (ends: readonly End[], shown: string): readonly TypedLine[] => {
  if (ends.length === 0) return []
  const prompt = promptIn(shown).slice(-2)
  // All the places where the end of a long line is missing would tell it: it is left out once, and not within a sentence.
  const isBreak = /^$|[\p{P}\p{S}]$/u.test(prompt)
  return ends.filter(({ of }) => isShort(of) || isBreak).map(({ line }) => line)
}

const isShort = ({ characters }: TypedLine): boolean => characters.join('').trim().length <= longestUnmasked

const versions = ({ characters, earlier }: TypedLine): readonly string[] => [characters.join(''), ...earlier]

/** How much of the line stands there, in whole characters. */
const commonLength = (version: string, text: string, at: number): number => {
  let count = 0
  while (count < version.length && version.charCodeAt(count) === text.charCodeAt(at + count)) count++
  const isHalf = count < version.length && (version.codePointAt(count - 1) ?? 0) > 0xffff
  return isHalf ? count - 1 : count
}

/** What a terminal or a line editor prints at the Enter key. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
const entered = /\r*\n|\x1b\[\?2004l/y
/** And where the terminal's line is full. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a control character comes next
const wrapped = / (?:[\x00-\x1f]|$)/y

interface Drawing {
  readonly end: number
  readonly rest: readonly string[]
  /** Whether the text ends too early to say whether it is one. */
  readonly isCut: boolean
  /** Whether it is all of the line, up to its end in the terminal. */
  readonly isLine: boolean
  /** Whether it is all of the line, and the Enter key behind it. */
  readonly isWhole: boolean
  readonly isWrapped: boolean
}

/** What may be the line, or its beginning, and then the end of the text or a control character. */
const drawings = (line: TypedLine, { text, at, isLast }: Place): readonly Drawing[] =>
  versions(line).flatMap((version, age): readonly Drawing[] => {
    const count = commonLength(version, text, at)
    if (count === 0) return []
    const end = at + count
    const rest = age === 0 ? [...version.slice(count)] : []
    const isWrapped = lengthAt(wrapped, text, end) > 0
    const mayGoOn = end === text.length || (isWrapped && end + 2 >= text.length)
    if (isWrapped || mayGoOn) {
      // Nothing but a space follows: a program has printed that.
      if (isLast && isWrapped && end + 1 === text.length) return []
      return [{ end, rest, isCut: mayGoOn && !isLast, isLine: true, isWhole: false, isWrapped }]
    }
    const behind = end + lengthAt(looks, text, end)
    const isEntered = lengthAt(entered, text, behind) > 0
    const isBegun = lengthAt(unfinishedSequence, text, behind) > 0
    const isMoved = !isEntered && (text[behind] === '\r' || lengthAt(cursorControl, text, behind) > 0)
    const isEnd = behind === text.length || isEntered || isBegun || isMoved
    // Of what was typed in parts a program draws one before it reads the next; and one before the terminal's border.
    const isLine = isEnd && (count === version.length || isMoved || isBegun)
    const isWhole = isEntered && isLine
    return isEnd || behind > end ? [{ end, rest, isCut: isBegun && !isLast, isLine, isWhole, isWrapped }] : []
  })
