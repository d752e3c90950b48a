/** A place in a text: zero-based line, zero-based UTF-16 column (as in VS Code and LSP), and UTF-16 offset from the start. */
export interface Position {
  readonly line: number
  readonly character: number
  readonly offset: number
}

/** A stretch of a text; `end` is exclusive. */
export interface Range {
  readonly start: Position
  readonly end: Position
}

/** How many line ends are in a text: LF, CRLF or CR, as CommonMark has them. */
export function lineEndsIn(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) count += 1
  }
  return count
}

/** Where a text ends; `lines` is the number of its line ends. */
export function endOf(text: string, lines = lineEndsIn(text)): Position {
  let character = 0
  while (character < text.length && !/[\r\n]/.test(text[text.length - 1 - character] ?? '')) character += 1
  return { line: lines, character, offset: text.length }
}

/** Positions in a text from offsets in a stretch of it that begins at `base`. */
export function createPositions(stretch: string, base: Position): (offset: number) => Position {
  const starts = [0, ...[...stretch.matchAll(/\r\n|\n|\r/g)].map(({ 0: end, index }) => index + end.length)]
  return (wanted) => {
    const offset = Math.max(0, Math.min(wanted, stretch.length))
    let line = 0
    for (let above = starts.length; above - line > 1; ) {
      const middle = (line + above) >> 1
      if ((starts[middle] ?? 0) <= offset) line = middle
      else above = middle
    }
    const character = offset - (starts[line] ?? 0) + (line === 0 ? base.character : 0)
    return { line: base.line + line, character, offset: base.offset + offset }
  }
}
