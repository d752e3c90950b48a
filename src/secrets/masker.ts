/** Replaces secrets in text. */
export interface Masker {
  /** A whole text at once. */
  mask(text: string): string
  /** A text that arrives in pieces. */
  stream(): MaskStream
}

export interface MaskStream {
  /**
   * What can be shown now: everything but a tail that may be the beginning of a secret.
   * @param isHidden masks all of it; a secret of which it is a part is masked as a whole
   */
  write(chunk: string, isHidden?: boolean): string
  /** The rest. */
  end(): string
  /** The tail that is held back; empty where none is. */
  held(): string
  /** Whether the last `write` gave what had been held back and what came, up to what is held back now, and no mask in it. */
  isUntouched(): boolean
  /**
   * To be called when nothing came for a while: the tail that is held back, where it is at most a quarter of each secret or
   * form of one that it may begin; else nothing. What follows is masked all the same. A program that prints a secret slowly,
   * in small pieces, can show so much of it; without this a prompt would wait for the answer to it.
   */
  release(): string
}
