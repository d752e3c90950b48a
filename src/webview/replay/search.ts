import { plainText } from '../../execution/terminal-text.ts'
import type { PlayedOutput } from '../../record/played-cast.ts'
import { folded } from '../player/text-search.ts'

/** A line that was printed, and when it was whole. */
export interface PrintedLine {
  readonly at: number
  readonly text: string
  readonly execution?: number
}

/** What can be searched: each line as it was when it ended, without colours. Of a progress bar that is its last state. */
export function printedLines(output: readonly PlayedOutput[]): readonly PrintedLine[] {
  const lines: PrintedLine[] = []
  let open = ''
  let last: PlayedOutput | undefined
  const end = ({ at, execution }: PlayedOutput) => {
    const text = plainText(open).trimEnd()
    if (text !== '') lines.push({ at, text, ...(execution !== undefined && { execution }) })
    open = ''
  }
  for (const part of output) {
    const [first = '', ...more] = part.text.split('\n')
    open += first
    for (const next of more) {
      end(part)
      open = next
    }
    last = part
  }
  if (last) end(last)
  return lines
}

/** Lines in which a text stands, whatever the case of its letters and the width of its characters. */
export function linesWith(lines: readonly PrintedLine[], text: string): readonly PrintedLine[] {
  const wanted = folded(text)
  return wanted === '' ? [] : lines.filter((line) => folded(line.text).includes(wanted))
}
