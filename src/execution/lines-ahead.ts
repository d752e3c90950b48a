import { cursorControl, lengthAt, looks, unfinishedSequence } from './key-echo.ts'
import { isDrawnByEditor, looksLikeQuestion, mayEndPrompt, promptIn } from './terminal-prompt.ts'
import { emptyLine, type TypedLine } from './typed-line.ts'

/** Where a line may be drawn again. */
export interface Place {
  readonly text: string
  readonly at: number
  /** What the terminal's line shows up to there, with its control sequences. */
  readonly shown: () => string
  /** Whether `at` is where a program's write may have begun. */
  readonly begins: boolean
  /** Whether nothing more came for a while. */
  readonly isLast: boolean
}

export interface DrawnAgain {
  readonly line: TypedLine
  /** Where it ends, as far as it is drawn. */
  readonly end: number
  /** What of the line is not drawn yet; of a line that was changed meanwhile it is not known, and empty. */
  readonly rest: readonly string[]
}

/**
 * The lines that were typed, for the program that reads one only later: what is typed ahead, the terminal itself echoes at
 * once, and a line editor draws it a second time behind its prompt. Text alone does not always tell that from what a program
 * prints behind a colon: so each line is left out there once more, and no more often.
 */
export interface LinesAhead {
  /** The line that is being typed, after each change of it. */
  typing(line: TypedLine): void
  finished(line: TypedLine): void
  /** Ends of lines that did not come back when something did that looks like what follows them: they may be late. */
  missed(ends: readonly string[]): void
  /** Whether one may be drawn there, by what stands there alone. */
  mayBeAt(text: string, at: number): boolean
  /** The next such place before `end`, or `end`. */
  nextPlace(text: string, from: number, end: number): number
  /** `part` when the text ends too early to say. */
  drawnAt(place: Place): DrawnAgain | 'part' | undefined
}

const mostLines = 50
const mostLate = 20

/** Longer lines are masked when they are finished. */
const longest = 3

export const createLinesAhead = (): LinesAhead => {
  /** In their order, and whether they were left out once more already. */
  let lines: readonly { readonly line: TypedLine; readonly isOver: boolean }[] = []
  let late: readonly TypedLine[] = []
  let current: TypedLine | undefined
  /** What they can look like, by the first character. */
  let looksOf: ReadonlyMap<string, readonly string[]> = new Map()
  /** Finds where one can begin: its first character, and then its second one, a control or the end of the text. */
  let beginning = /(?!)/g

  const all = () => (current ? [...lines, { line: current, isOver: false }] : lines)
  const allLate = () => late.map((line) => ({ line, isOver: false }))

  const keep = (kept: typeof lines) => {
    lines = kept
    const known = [...new Set([...all(), ...allLate()].flatMap(({ line }) => versions(line)))].filter(
      (version) => version !== '',
    )
    looksOf = Map.groupBy(known, (version) => version.charAt(0))
    beginning = new RegExp(`[${anyAt(known, 0)}](?![^\\x00-\\x1f${anyAt(known, 1)}])`, 'g')
  }

  /** Most often something else follows than the end of a line, or a control: what stands before it need not be looked at. */
  const mayBeAt = (text: string, at: number) =>
    looksOf.get(text.charAt(at))?.some((version) => {
      const next = text.charCodeAt(at + commonLength(version, text, at))
      return Number.isNaN(next) || next < 32
    }) ?? false

  /** A program reads lines in their order: none comes behind one that was read for sure. */
  const taken = (line: TypedLine, isSure: boolean) => {
    const index = lines.findIndex((one) => one.line === line)
    late = late.filter((one) => one !== line)
    if (index === -1) return
    if (isSure) keep(lines.slice(index + 1))
    // What was not shown yet may be the terminal's own echo, and the line editor's is still to come.
    else if (line.echoed) keep(lines.map((one) => (one.line === line ? { line, isOver: true } : one)))
  }

  return {
    typing: (line) => {
      current = line
      keep(lines)
    },
    finished: (line) => {
      if (line.characters.length > 0) keep([...lines, { line, isOver: false }].slice(-mostLines))
    },
    missed: (ends) => {
      if (ends.length === 0) return
      late = [...late, ...ends.map((end) => ({ ...emptyLine(), characters: [...end] }))].slice(-mostLate)
      keep(lines)
    },
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
      const prompt = promptIn(shown)
      const hasPrompt = prompt.trim() !== '' && !shown.endsWith('\t')
      const isSure = hasPrompt && isDrawnByEditor(shown)
      const isQuestion = hasPrompt && looksLikeQuestion(prompt)
      const mayFollow = hasPrompt && (place.begins || mayEndPrompt(prompt, characterAt(place)))
      if (!isSure && !mayFollow && prompt !== '') return undefined
      const canStand = (line: TypedLine) => {
        if (line !== current && line.characters.join('').trim().length > longest) return false
        if (!line.echoed && prompt === '') return true
        // Whoever was asked for it gets it repeated in words, and hardly behind something that looks like a question.
        const wasAsked = line.prompt !== undefined && looksLikeQuestion(promptIn(line.prompt)) && !line.interrupted
        return wasAsked ? isQuestion : mayFollow
      }
      // The terminal's own echo, late: it stands where the program stopped printing, and seldom within a sentence.
      const standing = [...all(), ...(/^$|[\p{P}\p{S}]$/u.test(prompt.slice(-2)) ? allLate() : [])]
        .filter(({ line, isOver }) => isSure || (!isOver && canStand(line)))
        .flatMap(({ line }) => drawings(line, place).map((drawing) => ({ ...drawing, line })))
        .filter(({ isLine }) => isSure || isLine)
      const found = standing.find(({ isCut }) => !isCut)
      if (!found) return standing.length > 0 ? 'part' : undefined
      const { line, end, rest } = found
      taken(line, isSure)
      return { line, end, rest }
    },
  }
}

/** For a class of a regular expression. */
const anyAt = (texts: readonly string[], index: number): string =>
  [...new Set(texts.map((text) => text.charCodeAt(index)))]
    .map((code) => (Number.isNaN(code) ? '' : `\\u${code.toString(16).padStart(4, '0')}`))
    .join('')

const versions = ({ characters, earlier }: TypedLine): readonly string[] => [characters.join(''), ...earlier]

const characterAt = ({ text, at }: Place): string => String.fromCodePoint(text.codePointAt(at) ?? 0)

/** How much of the line stands there, in whole characters. */
const commonLength = (version: string, text: string, at: number): number => {
  let count = 0
  while (count < version.length && version.charCodeAt(count) === text.charCodeAt(at + count)) count++
  const isHalf = count < version.length && (version.codePointAt(count - 1) ?? 0) > 0xffff
  return isHalf ? count - 1 : count
}

interface Drawing {
  readonly end: number
  readonly rest: readonly string[]
  /** Whether the text ends too early to say whether it is one. */
  readonly isCut: boolean
  /** Whether it is all of the line, up to its end in the terminal. */
  readonly isLine: boolean
}

/** What may be the line, or its beginning, and then the end of the text or a control character. */
const drawings = (line: TypedLine, { text, at, isLast }: Place): readonly Drawing[] =>
  versions(line).flatMap((version, age): readonly Drawing[] => {
    const count = commonLength(version, text, at)
    if (count === 0) return []
    const end = at + count
    const rest = age === 0 ? [...version.slice(count)] : []
    if (end === text.length) return [{ end, rest, isCut: !isLast, isLine: true }]
    const behind = end + lengthAt(looks, text, end)
    const endsThere = behind === text.length || text[behind] === '\r' || text[behind] === '\n'
    const isBegun = lengthAt(unfinishedSequence, text, behind) > 0
    const isEnd = endsThere || isBegun || lengthAt(cursorControl, text, behind) > 0
    const isLine = isEnd && count === version.length
    return isEnd || behind > end ? [{ end, rest, isCut: isBegun && !isLast, isLine }] : []
  })
