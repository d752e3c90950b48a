/** One line of a record, as raw bytes without its line end (`\n` or `\r\n`). */
export interface RawLine {
  readonly bytes: Uint8Array
  /** False for a last line without a line end: it may have been cut while it was written. */
  readonly ended: boolean
}

/** A line longer than this is given as what it begins with: no record of ours has one, and a file may be anything. */
export const lineLimit = 64 * 1024 * 1024

export interface LineSplitter {
  push(chunk: Uint8Array): void
  end(): void
}

/**
 * Cuts a file that arrives in chunks of any size into lines. Git may check a record out with CRLF, so a `\r` before `\n`
 * belongs to the line end. What is given to `onLine` may share memory with the chunk.
 */
export function createLineSplitter(onLine: (line: RawLine) => void): LineSplitter {
  let pieces: Uint8Array[] = []
  let held = 0

  function hold(piece: Uint8Array): void {
    if (piece.length === 0 || held >= lineLimit) return
    // Copied, because whoever pushes may fill the same buffer again; `slice` of a Buffer would not copy.
    pieces.push(new Uint8Array(piece))
    held += piece.length
  }

  function line(last: Uint8Array): Uint8Array {
    if (pieces.length === 0) return last
    hold(last)
    const whole = new Uint8Array(held)
    let at = 0
    for (const piece of pieces) {
      whole.set(piece, at)
      at += piece.length
    }
    pieces = []
    held = 0
    return whole
  }

  return {
    push(chunk) {
      let from = 0
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
        const bytes = line(chunk.subarray(from, at))
        onLine({ bytes: bytes.at(-1) === 13 ? bytes.subarray(0, -1) : bytes, ended: true })
        from = at + 1
      }
      hold(chunk.subarray(from))
    },
    end() {
      if (held > 0) onLine({ bytes: line(new Uint8Array()), ended: false })
    },
  }
}

/** The lines of a file that is in memory. */
export function splitLines(bytes: Uint8Array): readonly RawLine[] {
  const lines: RawLine[] = []
  const splitter = createLineSplitter((line) => lines.push(line))
  splitter.push(bytes)
  splitter.end()
  return lines
}
