/** Replaces secrets in text. */
export interface Masker {
  /** A whole text at once. */
  mask(text: string): string
  /** A text that arrives in pieces. */
  stream(): MaskStream
}

export interface MaskStream {
  /** What can be shown now: everything but a tail that may be the beginning of a secret. */
  write(chunk: string): string
  /** The rest. */
  end(): string
}
