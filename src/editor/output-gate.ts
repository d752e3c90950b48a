export interface OutputGate {
  write(text: string): void
  /** Lets out what is held back. */
  end(): void
}

export interface OutputGateSetup {
  readonly write: (text: string) => void
  /** A line that says how many bytes (of UTF-8) are not shown here. */
  readonly leftOut: (bytes: number) => string
  /** Calls back after so many milliseconds; returns what stops that. */
  readonly after: (ms: number, callback: () => void) => () => void
}

/** Output that is shown as it comes, in UTF-16 units. */
const freeUnits = 1024 * 1024
/** Afterwards: how much of each stretch of time is shown. */
const frameUnits = 64 * 1024
const frameMs = 100

/**
 * Keeps a program that prints without end from choking the terminal: the beginning is shown as it comes, and afterwards the
 * newest of each stretch of time, with a line that says how much is not. What is slow enough, and the end, is always there.
 */
export function createOutputGate({ write, leftOut, after }: OutputGateSetup): OutputGate {
  let free = freeUnits
  let left = frameUnits
  let held = ''
  let dropped = 0
  let stop: (() => void) | undefined

  function flush(): void {
    if (dropped > 0) write(`\x1b[0m\r\n${leftOut(dropped)}\r\n`)
    if (held !== '') write(held)
    left = frameUnits - held.length
    held = ''
    dropped = 0
  }

  function frame(): void {
    stop = undefined
    if (held === '' && dropped === 0) {
      left = frameUnits
      return
    }
    flush()
    stop = after(frameMs, frame)
  }

  function hold(text: string): void {
    const all = held + text
    if (all.length <= frameUnits) {
      held = all
      return
    }
    // From a whole line on: half an escape sequence would colour what follows.
    const from = all.length - frameUnits
    const line = all.indexOf('\n', from)
    const cut = line < 0 ? from : line + 1
    dropped += Buffer.byteLength(all.slice(0, cut))
    held = all.slice(cut)
  }

  return {
    write(text) {
      if (text.length <= free) {
        free -= text.length
        write(text)
        return
      }
      free = 0
      stop ??= after(frameMs, frame)
      if (held === '' && dropped === 0 && text.length <= left) {
        left -= text.length
        write(text)
      } else {
        hold(text)
      }
    },
    end() {
      stop?.()
      stop = undefined
      flush()
    },
  }
}
