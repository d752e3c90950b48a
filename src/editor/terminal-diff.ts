import { diffLines } from 'diff'
import { dim, green, readable, red } from './terminal-style.ts'

/** How many unchanged lines stand around what changed. */
const context = 2

/** What changed from one text to another, line by line, coloured; long unchanged stretches are one `⋯`. */
export function changedLines(before: string, after: string, deceptive: readonly string[] = []): readonly string[] {
  const parts = diffLines(`${before}\n`, `${after}\n`)
  return parts.flatMap(({ value, added, removed }, index) => {
    const lines = readable(value.replace(/\n$/, ''), deceptive).split('\n')
    if (added) return lines.map((line) => green(`+ ${line}`))
    if (removed) return lines.map((line) => red(`- ${line}`))
    const shown = unchanged(lines, index === 0, index === parts.length - 1)
    return shown.map((line) => dim(`  ${line}`))
  })
}

function unchanged(lines: readonly string[], isFirst: boolean, isLast: boolean): readonly string[] {
  const head = isFirst ? 0 : context
  const tail = isLast ? 0 : context
  if (lines.length <= head + tail + 1) return lines
  return [...lines.slice(0, head), '⋯', ...lines.slice(lines.length - tail)]
}

/** A line that names the files of a diff. */
function isHeader(line: string): boolean {
  return /^(Index: |={10,}|--- |\+\+\+ )/.test(line)
}

/** A unified diff in colours, without the names of files. */
export function colouredDiff(unified: string): readonly string[] {
  return unified
    .replace(/\n$/, '')
    .split('\n')
    .filter(
      (line, index, lines) => !isHeader(line) && !(line.startsWith('@@') && lines.slice(0, index).every(isHeader)),
    )
    .map((line) => {
      if (line.startsWith('@@')) return dim('⋯')
      const text = readable(line)
      if (line.startsWith('+')) return green(text)
      if (line.startsWith('-')) return red(text)
      return dim(text)
    })
}

/** Both sides of a unified diff, as far as it shows them. */
export function sidesOfDiff(unified: string): { readonly before: string; readonly after: string } {
  const lines = unified.split('\n').filter((line) => !isHeader(line) && !/^(@@|\\)/.test(line))
  const side = (own: string) =>
    lines
      .filter((line) => line.startsWith(own) || line.startsWith(' '))
      .map((line) => line.slice(1))
      .join('\n')
  return { before: side('-'), after: side('+') }
}
