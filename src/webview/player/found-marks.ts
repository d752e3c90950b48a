import { folded, matchesIn } from './text-search.ts'

/** What is searched for, and the line that was found last, as it was printed. */
export interface Sought {
  readonly text: string
  readonly line?: string
}

/** Names of highlights in player.css. */
const foundName = 'baton-found'
const currentName = 'baton-found-now'

/**
 * Marks what is sought in the frame that the player shows, and in every one that follows. Its elements stay as they are: they
 * are the player's own.
 *
 * @returns what stops it
 */
export function markFound(container: HTMLElement, sought: Sought): () => void {
  // The player sets other spaces than were printed.
  const wanted = sought.line === undefined ? undefined : folded(sought.line.trim())
  let frame: number | undefined
  const mark = () => {
    frame = undefined
    const lines = [...container.querySelectorAll('.ap-term-text')].flatMap((screen) => shownLines(screen))
    const found = lines.map((line) => ({ line, ranges: matchesIn(line.text, sought.text).map(line.rangeOf) }))
    const now = found.findLast(({ line, ranges }) => ranges.length > 0 && folded(line.text.trim()) === wanted)
    CSS.highlights.set(foundName, new Highlight(...found.flatMap((one) => (one === now ? [] : one.ranges))))
    CSS.highlights.set(currentName, new Highlight(...(now?.ranges ?? [])))
  }
  const observer = new MutationObserver(() => {
    frame ??= requestAnimationFrame(mark)
  })
  observer.observe(container, { childList: true, subtree: true })
  mark()
  return () => {
    observer.disconnect()
    if (frame !== undefined) cancelAnimationFrame(frame)
    CSS.highlights.delete(foundName)
    CSS.highlights.delete(currentName)
  }
}

interface ShownLine {
  readonly text: string
  /** @param match in UTF-16 units of the text */
  readonly rangeOf: (match: { readonly start: number; readonly end: number }) => Range
}

/** The lines of a screen; what is too long for one row goes on in the next. */
function shownLines(screen: Element): readonly ShownLine[] {
  const columns = columnsOf(screen)
  const lines: ShownLine[] = []
  let text = ''
  let places: { readonly node: Node; readonly offset: number }[] = []
  for (const row of screen.querySelectorAll('.ap-line')) {
    let column = 0
    for (const span of row.querySelectorAll('span')) {
      const node = span.firstChild
      if (node === null) continue
      const begin = Number(span.style.getPropertyValue('--offset'))
      // Blank cells have no elements: they belong to what follows.
      for (; column < begin; column++) {
        text += ' '
        places.push({ node, offset: 0 })
      }
      const part = node.textContent ?? ''
      for (let offset = 0; offset < part.length; offset++) places.push({ node, offset })
      text += part
      column = begin + cellsOf(part)
    }
    // A row that is not full ends with blank cells.
    if (column >= columns && !/\s$/.test(text)) continue
    lines.push(shownLine(text, places))
    text = ''
    places = []
  }
  if (text !== '') lines.push(shownLine(text, places))
  return lines
}

function shownLine(text: string, places: readonly { readonly node: Node; readonly offset: number }[]): ShownLine {
  return {
    text,
    rangeOf({ start, end }) {
      const range = new Range()
      const [first, last] = [places[start], places[end - 1]]
      if (first) range.setStart(first.node, first.offset)
      if (last) range.setEnd(last.node, last.offset + 1)
      return range
    },
  }
}

/** The player says it to its stylesheet. */
function columnsOf(screen: Element): number {
  return Number(getComputedStyle(screen).getPropertyValue('--term-cols')) || Number.POSITIVE_INFINITY
}

/** Cells that a text takes: full-width characters take two. */
function cellsOf(text: string): number {
  let cells = 0
  for (const character of text) cells += wide.test(character) ? 2 : 1
  return cells
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
