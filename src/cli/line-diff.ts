import { diffLines } from 'diff'
import { readableLines } from './readable.ts'
import type { Style } from './style.ts'

/** Unchanged lines around what changed. */
const context = 3

/** What changed from one text to another, a line each; of long unchanged stretches only their borders. */
export function lineDiff(before: string, after: string, style: Style, deceptive: readonly string[]): readonly string[] {
  const parts = diffLines(`${before}\n`, `${after}\n`)
  return parts.flatMap(({ value, added, removed }, index) => {
    const lines = readableLines(value.replace(/\n$/, ''), style, deceptive)
    if (added) return lines.map((line) => style.good(`+ ${line}`))
    if (removed) return lines.map((line) => style.bad(`- ${line}`))
    const [head, tail] = [index === 0 ? 0 : context, index === parts.length - 1 ? 0 : context]
    const isShort = lines.length <= head + tail + 1
    const shown = isShort ? lines : [...lines.slice(0, head), '⋯', ...lines.slice(lines.length - tail)]
    return shown.map((line) => style.quiet(`  ${line}`))
  })
}

/** A unified diff with its colours, without the names of files. */
export function unifiedDiffLines(unified: string, style: Style): readonly string[] {
  return readableLines(unified.replace(/\n$/, ''), style)
    .filter((line) => !/^(Index: |={10,}|--- |\+\+\+ )/.test(line))
    .map((line) => {
      if (line.startsWith('+')) return style.good(line)
      return line.startsWith('-') ? style.bad(line) : style.quiet(line)
    })
}
