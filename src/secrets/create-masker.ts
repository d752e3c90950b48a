import { buildAutomaton } from './automaton.ts'
import { readBare } from './bare-text.ts'
import { hasControlString, hasEscape } from './escape-sequence.ts'
import { buildLeap } from './leap.ts'
import { MASK } from './mask.ts'
import type { Masker, MaskStream } from './masker.ts'
import { createMatchFinder, type Match, type MatchFinder } from './match-finder.ts'
import { secretForms } from './secret-forms.ts'
import { hasQuoted, quotingCharacters, readUnquoted } from './unquoted-text.ts'
import { longestPiece, readPlain, type VisibleTextReader } from './visible-text.ts'

interface Way {
  readonly isCalledFor: (text: string) => boolean
  readonly read: (from: VisibleTextReader) => VisibleTextReader
  /** Number of the way that it does not differ from before; the plain one when left out. */
  readonly like?: number
}

/** Ways of looking at a text beside the plain one, from the first piece on in which that makes a difference. */
const otherWays: readonly Way[] = [
  { isCalledFor: hasEscape, read: (from) => readBare(false, from) },
  { isCalledFor: hasControlString, read: (from) => readBare(true, from), like: 0 },
  ...quotingCharacters.map((quoting) => ({
    isCalledFor: (text: string) => hasQuoted(text, quoting),
    read: () => readUnquoted(quoting),
  })),
]

/** A stretch of text that matches cover, in units from the beginning of everything; `end` is exclusive. */
interface Region {
  start: number
  end: number
  /** The mask for it has been given out already. */
  shown: boolean
}

/**
 * A masker that replaces every occurrence of every value, and of the forms that programs give it. Occurrences that overlap or
 * touch become one mask. The work is linear in the text, whatever the number of secrets, and the result does not depend on how
 * the text is cut into pieces.
 *
 * @param secrets Values of any length; empty ones are passed over. Names are never searched for.
 */
export function createMasker(secrets: readonly { readonly name: string; readonly value: string }[]): Masker {
  const patterns = secretForms(secrets.map(({ value }) => value))
  const stream = patterns.length === 0 ? passThrough : maskingStream(finderOf(patterns))
  return {
    mask(text) {
      const whole = stream()
      return whole.write(text) + whole.end()
    },
    stream,
  }
}

function finderOf(patterns: ReturnType<typeof secretForms>): () => MatchFinder {
  const automaton = buildAutomaton(patterns)
  const leap = buildLeap(patterns)
  return () => createMatchFinder(automaton, leap, readPlain)
}

function passThrough(): MaskStream {
  return {
    write: (chunk, isHidden) => (isHidden && chunk !== '' ? MASK : chunk),
    end: () => '',
    release: () => '',
    held: () => '',
    isUntouched: () => true,
  }
}

function maskingStream(createFinder: () => MatchFinder): () => MaskStream {
  return () => {
    /** Everything before was given out, in units from the beginning. */
    let given = 0
    let held = ''
    let regions: readonly Region[] = []
    let untouched = true
    let finder = createFinder()
    /** By other way: only there while that makes a difference. */
    let others: readonly (MatchFinder | undefined)[] = []

    return {
      write(chunk, isHidden = false) {
        untouched = true
        if (chunk.length <= longestPiece) return take(chunk, isHidden)
        let shown = ''
        for (let at = 0; at < chunk.length; at += longestPiece)
          shown += take(chunk.slice(at, at + longestPiece), isHidden)
        return shown
      },
      end() {
        finder = createFinder()
        others = []
        return giveOut('', held.length)
      },
      held: () => held,
      isUntouched: () => untouched,
      release() {
        if (![finder, ...others].every((one) => one?.isSlight() ?? true)) return ''
        return giveOut('', wholeCharacters('', held.length))
      },
    }

    function take(piece: string, isHidden: boolean): string {
      const at = given + held.length
      const isBroken = (start: number, end: number) => /[\r\n]/.test(cut(piece, start - given, end - given))
      const base = (like: number | undefined) => (like === undefined ? finder : (others[like] ?? finder))
      const looking = otherWays.map(({ isCalledFor, read, like }, way) => {
        return others[way] ?? (isCalledFor(piece) ? base(like).goOn(read) : undefined)
      })
      const matches = [finder, ...looking].flatMap((one) => one?.push(piece, at, isBroken) ?? [])
      if (isHidden && piece !== '') matches.push({ start: at, end: at + piece.length })
      others = looking
      others = looking.map((other, way) => (other?.agreesWith(base(otherWays[way]?.like)) ? undefined : other))
      if (matches.length > 0) regions = union(regions, matches)
      const pending = Math.min(...[finder, ...others].map((one) => one?.pending() ?? Number.POSITIVE_INFINITY))
      // What was released already is still looked at, and can no longer be held.
      const final = Math.max(0, Math.min(pending - given, held.length + piece.length))
      return giveOut(piece, wholeCharacters(piece, final))
    }

    /** Of what is held and a piece after it, which joining would copy. */
    function cut(piece: string, from: number, to: number): string {
      const start = Math.max(0, from)
      if (start >= held.length) return piece.slice(start - held.length, Math.max(0, to - held.length))
      const begun = held.slice(start, Math.max(0, to))
      return to > held.length ? begun + piece.slice(0, to - held.length) : begun
    }

    /** At most `final`, but never between the halves of a surrogate pair. */
    function wholeCharacters(piece: string, final: number): number {
      const last = final > held.length ? piece.charCodeAt(final - held.length - 1) : held.charCodeAt(final - 1)
      return last >= 0xd800 && last <= 0xdbff ? final - 1 : final
    }

    /** Everything before `final` can no longer become part of a match that is not known yet. */
    function giveOut(piece: string, final: number): string {
      const border = given + final
      untouched &&= regions.length === 0
      let shown = ''
      let from = 0
      const open: Region[] = []
      for (const region of regions) {
        // A region that begins right at the border has its final beginning: its mask need not wait for its end.
        if (region.start > border) {
          open.push(region)
          continue
        }
        shown += cut(piece, from, Math.max(from, region.start - given))
        if (!region.shown) shown += MASK
        from = Math.max(from, region.end - given)
        // It stays known while a match that overlaps or touches it may still come.
        if (region.end >= border) open.push({ start: region.start, end: region.end, shown: true })
      }
      shown += cut(piece, from, Math.max(from, final))
      held = cut(piece, final, held.length + piece.length)
      given = border
      regions = open
      return shown
    }
  }
}

/** In order and apart: what overlaps or touches becomes one. */
function union(known: readonly Region[], found: readonly Match[]): readonly Region[] {
  const all = [...known, ...found.map((match) => ({ ...match, shown: false }))].sort((a, b) => a.start - b.start)
  const regions: Region[] = []
  for (const region of all) {
    const last = regions.at(-1)
    if (last === undefined || region.start > last.end) {
      regions.push({ ...region })
      continue
    }
    last.end = Math.max(last.end, region.end)
    last.shown ||= region.shown
  }
  return regions
}
