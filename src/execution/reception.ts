/**
 * What a program stands waiting for at the terminal, all that was typed before being read: a whole line, which the terminal
 * shows, or the next key, which the program shows itself. `nothing`: it is known that none waits.
 */
export type AwaitedInput = 'line' | 'key' | 'nothing'

/** How a terminal takes what is sent to it just now, as far as it is known. */
export interface Reception {
  readonly awaited?: AwaitedInput | undefined
  /** Whether the terminal itself may show it. */
  readonly shows?: boolean | undefined
  /** Whether the terminal gives out key by key what it gets, and not line by line. */
  readonly isRaw?: boolean | undefined
}
