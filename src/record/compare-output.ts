import { diffArrays } from 'diff'
import type { DifferenceLine } from '../execution/difference-lines.ts'
import type { TranscriptStep } from './transcript.ts'
import { type Variation, variationsBetween, withoutWhatVaries } from './varying-text.ts'

/** How what a step printed in one run compares with what it printed in another. */
export type OutputComparison =
  /** Character for character, but for empty lines at the end. */
  | (Partly & { readonly kind: 'identical' })
  /** Apart from what differs each time: of which kinds is named. */
  | (Partly & { readonly kind: 'equivalent'; readonly apartFrom: readonly Variation[] })
  /** Most of it is the same. */
  | (Partly & Differing & { readonly kind: 'similar' })
  | (Partly & Differing & { readonly kind: 'different' })
  /** What one of them printed was taken out of its record, and it was not exactly what the other one printed. */
  | (Partly & { readonly kind: 'pruned' })

interface Partly {
  /** The records do not hold all of the output: what is said of it holds for the rest. */
  readonly isPart?: true
}

interface Differing {
  /** How many of their words and signs the two have in common, from 0 to 1, apart from what differs each time. */
  readonly ratio: number
  /** Lines that differ only in what differs each time count as the same, and stand as they came the second time. */
  readonly lines: readonly DifferenceLine[]
}

/** From here on two outputs are called similar. */
const similarFrom = 0.8

/** With more lines than this that differ, the shortest difference takes too long to find. */
const editsLimit = 1000

/** Longer ones do not help anybody. */
const linesLimit = 200
const lineLengthLimit = 1000

/** How many unchanged lines stand around what changed. */
const context = 2

type Output = Pick<TranscriptStep, 'output' | 'omitted' | 'prunedBytes' | 'result'>
type Parameters = Readonly<Record<string, string>>

/** @param parameters those that have other values in the two runs: where an output names its own, that is no difference */
export function compareOutputs(
  before: Output,
  after: Output,
  parameters: { readonly before: Parameters; readonly after: Parameters },
): OutputComparison {
  if (before.prunedBytes !== undefined || after.prunedBytes !== undefined) {
    return { kind: isSameByHash(before, after) ? 'identical' : 'pruned' }
  }
  const [from, to] = [wholeText(before), wholeText(after)]
  const part = before.omitted || after.omitted ? ({ isPart: true } as const) : {}
  if (from === to) return { kind: 'identical', ...part }
  const unvaried = [withoutWhatVaries(from, parameters.before), withoutWhatVaries(to, parameters.after)] as const
  if (unvaried[0].text === unvaried[1].text) {
    return { kind: 'equivalent', apartFrom: variationsBetween(...unvaried), ...part }
  }
  const ratio = commonWords(unvaried[0].text, unvaried[1].text)
  return {
    kind: ratio >= similarFrom ? 'similar' : 'different',
    ratio,
    lines: differingLines([from, to], [unvaried[0].text, unvaried[1].text]),
    ...part,
  }
}

/** The hashes of what was printed stay on record when it goes. */
function isSameByHash(before: Output, after: Output): boolean {
  const hash = before.result?.outputSha256
  return hash !== undefined && hash === after.result?.outputSha256
}

/** What is left out has a line of its own, which is the same on both sides. */
function wholeText({ output, omitted }: Output): string {
  return (omitted ? `${output}\n⋯\n${omitted.tail}` : output).trimEnd()
}

/**
 * The measure of Dice over words, numbers and signs; in writing without spaces each character is a word. (That of Jaro and
 * Winkler, for expected output of one line, calls any two long texts of one alphabet alike.)
 */
function commonWords(before: string, after: string): number {
  const words = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|⟨[^⟩]*⟩|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}]/gu
  const counts = new Map<string, number>()
  let all = 0
  for (const [word] of before.matchAll(words)) {
    counts.set(word, (counts.get(word) ?? 0) + 1)
    all += 1
  }
  let common = 0
  for (const [word] of after.matchAll(words)) {
    all += 1
    const left = counts.get(word) ?? 0
    if (left === 0) continue
    counts.set(word, left - 1)
    common += 1
  }
  return all === 0 ? 0 : (2 * common) / all
}

/** The lines as they came, told apart by their unvaried form. */
function differingLines(
  [from, to]: readonly [string, string],
  unvaried: readonly [string, string],
): readonly DifferenceLine[] {
  const [shownBefore, shownAfter] = [linesOf(from), linesOf(to)]
  const [before, after] = [linesOf(unvaried[0]), linesOf(unvaried[1])]
  const head = commonHead(before, after)
  const tail = commonHead(before.slice(head).reverse(), after.slice(head).reverse())
  const left = before.slice(head, before.length - tail)
  const right = after.slice(head, after.length - tail)
  const parts = diffArrays(left, right, { maxEditLength: editsLimit }) ?? [
    { count: left.length, added: false, removed: true },
    { count: right.length, added: true, removed: false },
  ]
  const lines: DifferenceLine[] = shownAfter.slice(0, head).map((text) => ({ kind: 'same', text }))
  let [atBefore, atAfter] = [head, head]
  for (const { count, added, removed } of parts) {
    const kind = added ? 'added' : removed ? 'removed' : 'same'
    const shown = removed ? shownBefore.slice(atBefore, atBefore + count) : shownAfter.slice(atAfter, atAfter + count)
    for (const text of shown) lines.push({ kind, text })
    if (!added) atBefore += count
    if (!removed) atAfter += count
  }
  for (const text of shownAfter.slice(atAfter)) lines.push({ kind: 'same', text })
  return shortened(lines)
}

function commonHead(before: readonly string[], after: readonly string[]): number {
  let same = 0
  while (same < Math.min(before.length, after.length) && before[same] === after[same]) same += 1
  return same
}

/** What changed with a little around it; of a long change its beginning. */
function shortened(lines: readonly DifferenceLine[]): readonly DifferenceLine[] {
  const isShown = new Uint8Array(lines.length)
  for (const [index, { kind }] of lines.entries()) {
    if (kind !== 'same') isShown.fill(1, Math.max(0, index - context), index + context + 1)
  }
  const shown: DifferenceLine[] = []
  const room = { added: linesLimit / 2, removed: linesLimit / 2, same: linesLimit, gap: linesLimit }
  for (const [index, { kind, text }] of lines.entries()) {
    room[kind] -= isShown[index] ?? 0
    if (isShown[index] === 1 && room[kind] >= 0) {
      shown.push({ kind, text: text.length > lineLengthLimit ? `${text.slice(0, lineLengthLimit)}…` : text })
    } else if (shown.at(-1)?.kind !== 'gap') shown.push({ kind: 'gap', text: '' })
  }
  return shown
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n')
}
