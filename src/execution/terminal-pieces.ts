import type { Reception } from './reception.ts'

/** A piece of what a terminal printed. */
export interface TerminalPiece {
  /** `echo`: what was typed, as it comes back, with the movements of the cursor around it. */
  readonly kind: 'output' | 'echo'
  readonly text: string
  /** Of an echo: whether a program may have printed it by itself, so that whoever reads only the output misses something. */
  readonly isDoubtful?: boolean
}

/**
 * Tells what was typed at a terminal from what its programs print, by the keys alone. A line end that answers the Enter
 * key counts as output: it says nothing, and the record keeps its lines.
 */
export interface TypedText {
  /**
   * To be called before the keys are sent.
   * @param now milliseconds of any clock that only goes forward
   * @param receives tells how the terminal takes them
   * @returns the lines that they complete, and what is left of those of which a program may have taken the beginning
   */
  typed(keys: string, now: number, receives?: () => Reception): readonly string[]
  separate(text: string, now: number): readonly TerminalPiece[]
  /** Whether the end of the last text is held back, since it may be the beginning of an echo. */
  holds(): boolean
  /**
   * What is held back, when nothing came for a while. The beginning of a control sequence stays: it shows nothing, and
   * what completes it must not be taken for text.
   */
  flush(): readonly TerminalPiece[]
  /** What is held back, when nothing more will come. */
  end(): readonly TerminalPiece[]
}
