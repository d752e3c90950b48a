import { cursorControl, lengthAt, looks, sequence, unfinishedSequence } from './key-echo.ts'
import type { TypedLine } from './typed-line.ts'

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
  /** Whether one may be drawn there, by what stands there alone. */
  mayBeAt(text: string, at: number): boolean
  /** The next such place before `end`, or `end`. */
  nextPlace(text: string, from: number, end: number): number
  /** `part` when the text ends too early to say. */
  drawnAt(place: Place): DrawnAgain | 'part' | undefined
}

const mostLines = 50

/** Longer lines are masked when they are finished. */
const longest = 3

/** A prompt: what stands in the terminal's line since it was begun anew, or all of it where the cursor went elsewhere. */
const visible = (shown: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters begin a line anew
  const begun = shown.split(/\r|\x1b\[1?G/).at(-1) ?? ''
  const bare = withoutControls(begun)
  return bare === '' && begun !== '' ? withoutControls(shown) : bare
}

const withoutControls = (text: string): string => text.replaceAll(sequences, '').replaceAll(controlCharacters, '')

const sequences = new RegExp(sequence.source, 'g')
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken away
const controlCharacters = /[\x00-\x08\x0b-\x1f]/g

const looksLikeQuestion = (prompt: string): boolean => /[:?>$#)\]}：？＞＄＃）］」』】] {0,2}$/u.test(prompt)

/** Whether a prompt may end here: few run into the word or the number that answers it. */
const mayEndPrompt = (prompt: string, next: string): boolean => {
  if (/(?:[\p{P}\p{S}] {0,2}|[^\s\p{P}\p{S}][ \u3000])$/u.test(prompt)) return true
  const last = [...prompt].at(-1) ?? ''
  return last.trim() !== '' && scripts.some((script) => script.test(last) !== script.test(next))
}

const scripts = [/[\0-\x7f]/, /\p{Script=Hiragana}/u, /\p{Script=Katakana}/u, /\p{Script=Han}/u] as const

/** What only a line editor prints before the line that it draws: it asks for pastes to be marked, or moves the cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
const editorMark = /\x1b\[\?2004h|(?:\x08|\x1b\[(?:\d*[CDGK]|\d+;\d+H))(?:\x1b\[[0-9;]*m)*$/

export const createLinesAhead = (): LinesAhead => {
  /** In their order, and whether they were left out once more already. */
  let lines: readonly { readonly line: TypedLine; readonly isOver: boolean }[] = []
  let current: TypedLine | undefined
  /** What they can look like, by the first character. */
  let looksOf: ReadonlyMap<string, readonly string[]> = new Map()

  const all = () => (current ? [...lines, { line: current, isOver: false }] : lines)

  const keep = (kept: typeof lines) => {
    lines = kept
    const known = [...new Set(all().flatMap(({ line }) => versions(line)))].filter((version) => version !== '')
    looksOf = Map.groupBy(known, (version) => version.charAt(0))
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
    mayBeAt,
    nextPlace: (text, from, end) => {
      if (looksOf.size === 0) return end
      let at = from
      while (at < end && !(looksOf.has(text.charAt(at)) && mayBeAt(text, at))) at++
      return at
    },
    drawnAt: (place) => {
      const possible = all().flatMap((one) => drawings(one.line, place).map((drawing) => ({ ...one, ...drawing })))
      if (possible.length === 0) return undefined
      const shown = place.shown()
      const prompt = visible(shown)
      const hasPrompt = prompt.trim() !== '' && !shown.endsWith('\t')
      const isSure = hasPrompt && editorMark.test(shown)
      const isQuestion = hasPrompt && looksLikeQuestion(prompt)
      const mayFollow = hasPrompt && (place.begins || mayEndPrompt(prompt, characterAt(place)))
      const canStand = (line: TypedLine) => {
        if (line !== current && line.characters.join('').trim().length > longest) return false
        if (!line.echoed && prompt === '') return true
        // Whoever was asked for it gets it repeated in words, and hardly behind something that looks like a question.
        const wasAsked = line.prompt !== undefined && looksLikeQuestion(visible(line.prompt)) && !line.interrupted
        return wasAsked ? isQuestion : mayFollow
      }
      const standing = possible.filter(({ line, isOver, isLine }) => isSure || (isLine && !isOver && canStand(line)))
      const found = standing.find(({ isCut }) => !isCut)
      if (!found) return standing.length > 0 ? 'part' : undefined
      const { line, end, rest } = found
      taken(line, isSure)
      return { line, end, rest }
    },
  }
}

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
