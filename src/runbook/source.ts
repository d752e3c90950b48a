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
