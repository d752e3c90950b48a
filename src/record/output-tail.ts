/** A part of a text that arrives in parts: when it came, and what of it is held. */
export interface TailPart {
  readonly at: number
  readonly text: string
}

/** The last bytes of a text, however long it is, in memory that is taken once. */
export interface OutputTail {
  /** @param bytes UTF-8 of whole characters; not kept beyond the call */
  put(at: number, bytes: Uint8Array): void
  /** What is held, and how many bytes before it are not. */
  take(): { readonly parts: readonly TailPart[]; readonly omittedBytes: number }
}

interface Mark {
  readonly at: number
  /** Where the part ends, in bytes from the beginning of everything. */
  readonly end: number
}

/** How far behind the limit the tail may begin so that it begins with a line, in bytes. */
const searchedForLine = 4096
const decoder = new TextDecoder()

/**
 * @param limit in bytes
 * @param partsLimit how many parts are held at most, however short they are
 */
export function keepTail(limit: number, partsLimit: number): OutputTail {
  const held = Math.floor(limit)
  // One byte more, which tells whether what is held begins a line.
  const ring = new Uint8Array(held + 1)
  let total = 0
  let start = 0
  let marks: Mark[] = []
  let firstMark = 0

  function copy(bytes: Uint8Array): void {
    const last = bytes.subarray(Math.max(0, bytes.length - ring.length))
    const at = (total + bytes.length - last.length) % ring.length
    const untilEnd = ring.length - at
    ring.set(last.subarray(0, untilEnd), at)
    ring.set(last.subarray(untilEnd), 0)
    total += bytes.length
  }

  function dropMarks(): void {
    const [first = 0, surplus = 0] = [total - held, marks.length - firstMark - partsLimit]
    if (surplus > 0) start = Math.max(start, marks[firstMark + surplus - 1]?.end ?? 0)
    start = Math.max(start, first)
    while ((marks[firstMark]?.end ?? total + 1) <= start) firstMark += 1
    if (firstMark <= marks.length / 2) return
    marks = marks.slice(firstMark)
    firstMark = 0
  }

  /** From `start` on, in one piece. */
  function unrolled(): Uint8Array {
    const from = start % ring.length
    const length = total - start
    const bytes = new Uint8Array(length)
    const untilEnd = Math.min(length, ring.length - from)
    bytes.set(ring.subarray(from, from + untilEnd))
    bytes.set(ring.subarray(0, length - untilEnd), untilEnd)
    return bytes
  }

  /** The first byte of a line, where one begins near, else of a character. */
  function boundary(bytes: Uint8Array): number {
    if (start === 0 || ring[(start - 1) % ring.length] === 10) return 0
    const lineFeed = bytes.subarray(0, searchedForLine).indexOf(10)
    let from = lineFeed + 1 < bytes.length ? lineFeed + 1 : 0
    while (((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1
    return from
  }

  return {
    put(at, bytes) {
      if (bytes.length === 0) return
      copy(bytes)
      marks.push({ at, end: total })
      dropMarks()
    },
    take() {
      const bytes = unrolled()
      let from = boundary(bytes)
      const omittedBytes = start + from
      const parts: TailPart[] = []
      for (const { at, end } of marks.slice(firstMark)) {
        const to = end - start
        if (to > from) parts.push({ at, text: decoder.decode(bytes.subarray(from, to)) })
        from = Math.max(from, to)
      }
      return { parts, omittedBytes }
    },
  }
}
