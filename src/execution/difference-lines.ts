import { diffLines } from 'diff'

/** A line of a difference between two texts. */
export interface DifferenceLine {
  /** `gap` stands for unchanged lines that are left out. */
  readonly kind: 'added' | 'removed' | 'same' | 'gap'
  readonly text: string
}

/** How many unchanged lines stand around what changed. */
const context = 3

/** With more lines than this that differ, the shortest difference takes too long to find. */
const editsLimit = 2000

/** What changed from one text to another. */
export function changedLines(before: string, after: string): readonly DifferenceLine[] {
  const parts = diffLines(`${before}\n`, `${after}\n`, { maxEditLength: editsLimit })
  if (parts === undefined) return [...linesOf('removed', before), ...linesOf('added', after)]
  return parts.flatMap(({ value, added, removed }, index) => {
    const text = value.replace(/\n$/, '')
    if (added) return linesOf('added', text)
    if (removed) return linesOf('removed', text)
    return withoutMiddle(linesOf('same', text), index === 0 ? 0 : context, index === parts.length - 1 ? 0 : context)
  })
}

/** The lines of a unified diff, without the names of its files. */
export function linesOfUnified(unified: string): readonly DifferenceLine[] {
  const lines = unified
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => !isHeader(line))
  return lines.flatMap((line, index): DifferenceLine[] => {
    if (line.startsWith('@@')) return index === 0 ? [] : [{ kind: 'gap', text: '' }]
    if (line.startsWith('+')) return [{ kind: 'added', text: line.slice(1) }]
    if (line.startsWith('-')) return [{ kind: 'removed', text: line.slice(1) }]
    if (line.startsWith('\\')) return []
    return [{ kind: 'same', text: line.replace(/^ /, '') }]
  })
}

function linesOf(kind: DifferenceLine['kind'], text: string): readonly DifferenceLine[] {
  return text.split('\n').map((line) => ({ kind, text: line }))
}

function withoutMiddle(lines: readonly DifferenceLine[], head: number, tail: number): readonly DifferenceLine[] {
  if (lines.length <= head + tail + 1) return lines
  return [...lines.slice(0, head), { kind: 'gap', text: '' }, ...lines.slice(lines.length - tail)]
}

/** A line that names the files of a diff. */
function isHeader(line: string): boolean {
  return /^(Index: |={10,}|--- |\+\+\+ )/.test(line)
}
