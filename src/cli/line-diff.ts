import { changedLines, type DifferenceLine, linesOfUnified } from '../execution/difference-lines.ts'
import { readableLines } from './readable.ts'
import type { Style } from './style.ts'

/** What changed from one text to another, a line each; of long unchanged stretches only their borders. */
export function lineDiff(before: string, after: string, style: Style, deceptive: readonly string[]): readonly string[] {
  return changedLines(before, after).map((line) => drawn(line, style, deceptive))
}

/** The same of lines that are told apart already. */
export function drawnLines(lines: readonly DifferenceLine[], style: Style): readonly string[] {
  return lines.map((line) => drawn(line, style, []))
}

/** A unified diff with its colours, without the names of files. */
export function unifiedDiffLines(unified: string, style: Style): readonly string[] {
  return linesOfUnified(unified).map((line) => drawn(line, style, []))
}

function drawn({ kind, text }: DifferenceLine, style: Style, deceptive: readonly string[]): string {
  const shown = readableLines(text, style, deceptive).join('')
  switch (kind) {
    case 'added':
      return style.good(`+ ${shown}`)
    case 'removed':
      return style.bad(`- ${shown}`)
    case 'same':
      return style.quiet(`  ${shown}`)
    case 'gap':
      return style.quiet('  ⋯')
  }
}
