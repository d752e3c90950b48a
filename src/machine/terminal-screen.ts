// The package is CommonJS whose names Node cannot tell before it runs.
import headless from '@xterm/headless'
import { plainText } from '../execution/terminal-text.ts'

/** Wide enough for what programs print without asking how wide the terminal is. */
const columns = 200
const rows = 50

/** Text is given to the terminal line by line, about so much of it at a time: the lines that scroll away must be held. */
const portionUnits = 50_000

/** A text that keeps a terminal busy longer than this was made to do so; it is read without one. */
const longestMs = 10_000

/**
 * What a terminal shows in the end of a text that a program wrote for it: progress bars in their last state, the cursor where
 * it went, colours gone. Lines that were wrapped are whole again. Of the alternate screen nothing is left, unless the program
 * never left it.
 */
export async function screenText(text: string): Promise<string> {
  const portions = portionsOf(text)
  const terminal = new headless.Terminal({
    cols: columns,
    rows,
    convertEol: true,
    // As many lines as one portion can scroll away, twice: they cannot be taken down while the alternate screen is shown.
    scrollback: 2 * Math.max(...portions.map(linesAtMost)) + rows,
    allowProposedApi: true,
  })
  const { buffer, parser } = terminal
  const until = performance.now() + longestMs
  let lines: string[] = []
  let isOwn = false
  parser.registerCsiHandler({ final: 'J' }, ([kind]) => {
    // The program cleared what had scrolled away.
    if (kind === 3 && !isOwn && buffer.active.type === 'normal') lines = []
    return false
  })
  for (const final of repeating) {
    parser.registerCsiHandler({ final }, (counts) => counts.some((count) => Number(count) > repeatLimit))
  }
  const write = (data: string) => new Promise<void>((written) => terminal.write(data, written))
  try {
    for (const portion of portions) {
      await write(portion)
      if (performance.now() > until) return plainText(text)
      if (buffer.active.type !== 'normal') continue
      takeLines(buffer.normal, 0, buffer.normal.baseY, lines)
      isOwn = true
      await write(clearScrolled)
      isOwn = false
    }
    takeLines(buffer.normal, 0, lastLine(buffer.normal) + 1, lines)
    if (buffer.active.type === 'alternate') takeLines(buffer.alternate, 0, lastLine(buffer.alternate) + 1, lines)
    return lines.join('\n')
  } finally {
    terminal.dispose()
  }
}

type Screen = InstanceType<typeof headless.Terminal>['buffer']['normal']

const clearScrolled = '\x1b[3J'

/** Sequences that do something as often as their number says; a terminal does it two thousand million times if told so. */
const repeating = ['S', 'T', 'L', 'M', 'I', 'Z', 'b', '@', 'P', 'X']
const repeatLimit = 200

function portionsOf(text: string): readonly string[] {
  const portions: string[] = []
  for (let from = 0; from < text.length; ) {
    // Where a line ends, no sequence is cut in two.
    const end = text.indexOf('\n', from + portionUnits)
    const to = end === -1 ? text.length : end + 1
    portions.push(text.slice(from, to))
    from = to
  }
  return portions.length === 0 ? [''] : portions
}

/** How many lines a text can scroll away: each end of a line does, and each full line. */
function linesAtMost(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: line feed, vertical tab, form feed, IND and NEL
  const ends = text.match(/[\n\v\f\x84\x85]|\x1b[DE]/g)?.length ?? 0
  return ends + Math.ceil((2 * text.length) / columns)
}

/** The last line with something on it, or with the cursor. */
function lastLine(screen: Screen): number {
  let last = screen.baseY + rows - 1
  while (last > screen.baseY + screen.cursorY && screen.getLine(last)?.translateToString(true) === '') last -= 1
  return last
}

/** Adds the lines from `from` up to `to`, which is not among them. */
function takeLines(screen: Screen, from: number, to: number, lines: string[]): void {
  for (let index = from; index < to; index += 1) {
    const line = screen.getLine(index)
    const isWrapped = line?.isWrapped === true && lines.length > 0
    const goesOn = screen.getLine(index + 1)?.isWrapped === true
    const shown = line?.translateToString(!goesOn) ?? ''
    if (isWrapped) lines[lines.length - 1] += shown
    else lines.push(shown)
  }
}
