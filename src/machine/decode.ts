import { isUtf8 } from 'node:buffer'

/** Bytes that arrive in pieces, as text. */
export interface StreamDecoder {
  /** What is certain by now; a character that is cut in two waits for its other half. */
  write(bytes: Uint8Array): string
  /** The rest. */
  end(): string
}

/** Names that people write and the Encoding Standard (whatwg.org) does not know; its `shift_jis` is Windows' code page 932. */
const aliases: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  '932': 'shift_jis',
  cp65001: 'utf-8',
  '65001': 'utf-8',
  utf16: 'utf-16le',
}

const fixed = (label: string): StreamDecoder => {
  const decoder = new TextDecoder(label)
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() }
}

const isEncoding = (label: string): boolean => {
  try {
    new TextDecoder(label)
    return true
  } catch {
    return false
  }
}

/** How many bytes at the end begin a UTF-8 character without ending it (RFC 3629). */
const unfinished = (bytes: Buffer): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
    if (byte < 0x80) return 0
  }
  return 0
}

/**
 * Programs of one step do not agree on an encoding: on a Japanese Windows Node prints UTF-8 and cmd code page 932. Each
 * line is therefore UTF-8 where it is valid UTF-8, and `other` where it is not.
 */
const perLine = (other: string): StreamDecoder => {
  let pending: Buffer = Buffer.alloc(0)
  let foreign: StreamDecoder | undefined
  const line = (bytes: Buffer): string => {
    const decoder = foreign ?? (isUtf8(bytes) ? undefined : fixed(other))
    foreign = undefined
    return decoder ? decoder.write(bytes) + decoder.end() : bytes.toString('utf8')
  }
  const begun = (bytes: Buffer): string => {
    if (!foreign) {
      const whole = bytes.subarray(0, bytes.length - unfinished(bytes))
      if (isUtf8(whole)) {
        pending = bytes.subarray(whole.length)
        return whole.toString('utf8')
      }
      foreign = fixed(other)
    }
    return foreign.write(bytes)
  }
  return {
    write: (chunk) => {
      const bytes = pending.length > 0 ? Buffer.concat([pending, chunk]) : Buffer.from(chunk)
      pending = Buffer.alloc(0)
      const lastEnd = bytes.lastIndexOf(10) + 1
      if (!foreign && isUtf8(bytes.subarray(0, lastEnd))) {
        return bytes.toString('utf8', 0, lastEnd) + begun(bytes.subarray(lastEnd))
      }
      let text = ''
      for (let from = 0; from < lastEnd; ) {
        const to = bytes.indexOf(10, from) + 1
        text += line(bytes.subarray(from, to))
        from = to
      }
      return text + begun(bytes.subarray(lastEnd))
    },
    end: () => line(pending),
  }
}

const byteOrderMarks = [
  { mark: Buffer.from([0xff, 0xfe]), encoding: 'utf-16le' },
  { mark: Buffer.from([0xfe, 0xff]), encoding: 'utf-16be' },
  { mark: Buffer.from([0xef, 0xbb, 0xbf]), encoding: 'utf-8' },
] as const

/**
 * A decoder for what a program prints.
 * @param encoding a label of the Encoding Standard or a Windows name such as `cp932`; when absent or unknown, a byte order
 *   mark at the very start decides between UTF-8 and UTF-16, and else each line is UTF-8 or, where it is not, code page 932
 */
export const streamDecoder = (encoding?: string): StreamDecoder => {
  const label = encoding && (aliases[encoding.toLowerCase()] ?? encoding)
  if (label && isEncoding(label)) return fixed(label)
  let decoder: StreamDecoder | undefined
  let first: Buffer = Buffer.alloc(0)
  return {
    write: (chunk) => {
      if (decoder) return decoder.write(chunk)
      first = Buffer.concat([first, chunk])
      const mark = byteOrderMarks.find(({ mark }) => first.subarray(0, mark.length).equals(mark))
      const mayBecome = byteOrderMarks.some(({ mark }) => mark.subarray(0, first.length).equals(first))
      if (!mark && mayBecome) return ''
      decoder = mark && mark.encoding !== 'utf-8' ? fixed(mark.encoding) : perLine('shift_jis')
      return decoder.write(mark ? first.subarray(mark.mark.length) : first)
    },
    end: () => (decoder ? decoder.end() : first.toString('latin1')),
  }
}
