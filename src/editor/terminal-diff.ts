import { type DifferenceLine, changedLines as linesOfChange, linesOfUnified } from '../execution/difference-lines.ts'
import { dim, green, readable, red } from './terminal-style.ts'

/** What changed from one text to another, line by line, coloured; long unchanged stretches are one `⋯`. */
export function changedLines(before: string, after: string, deceptive: readonly string[] = []): readonly string[] {
  return linesOfChange(before, after).map((line) => drawn(line, deceptive))
}

/** A unified diff in colours, without the names of files. */
export function colouredDiff(unified: string): readonly string[] {
  return linesOfUnified(unified).map((line) => drawn(line, []))
}

function drawn({ kind, text }: DifferenceLine, deceptive: readonly string[]): string {
  const shown = readable(text, deceptive)
  switch (kind) {
    case 'added':
      return green(`+ ${shown}`)
    case 'removed':
      return red(`- ${shown}`)
    case 'same':
      return dim(`  ${shown}`)
    case 'gap':
      return dim('  ⋯')
  }
}

/** Both sides of a unified diff, as far as it shows them. */
export function sidesOfDiff(unified: string): { readonly before: string; readonly after: string } {
  const lines = linesOfUnified(unified)
  const side = (own: DifferenceLine['kind']) =>
    lines
      .filter(({ kind }) => kind === own || kind === 'same')
      .map(({ text }) => text)
      .join('\n')
  return { before: side('removed'), after: side('added') }
}
