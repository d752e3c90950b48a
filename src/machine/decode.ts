import { isAscii, isUtf8 } from 'node:buffer'
import {
  decoderOf,
  encodingNamed,
  invalidInUtf8,
  joiner,
  type OnInvalid,
  type StreamDecoder,
  shiftJis,
  unfinishedUtf8,
  utf8,
} from './encodings.ts'

/**
 * A decoder for what a program prints.
 * @param encoding a label of the Encoding Standard or a Windows name such as `cp932`; when absent or unknown, a byte order
 *   mark at the very start decides between UTF-8 and UTF-16, and else each line is UTF-8 or, where it is not, code page 932
 */
export const streamDecoder = (encoding?: string, onInvalid: OnInvalid = () => {}): StreamDecoder => {
  const name = encoding === undefined ? undefined : encodingNamed(encoding)
  return name === undefined ? guessed(onInvalid) : withoutMark(decoderOf(name, onInvalid))
}

/** A byte order mark at the very start is no text. */
const withoutMark = (decoder: StreamDecoder): StreamDecoder => {
  let begun = false
  let isCut = false
  const cut = (text: string): string => {
    isCut = false
    if (begun || text === '') return text
    begun = true
    isCut = text.startsWith('\ufeff')
    return isCut ? text.slice(1) : text
  }
  return {
    write: (bytes) => cut(decoder.write(bytes)),
    end: () => cut(decoder.end()),
    utf8: () => (isCut ? undefined : decoder.utf8?.()),
  }
}

const byteOrderMarks = [
  { mark: Buffer.from([0xff, 0xfe]), encoding: 'utf-16le' },
  { mark: Buffer.from([0xfe, 0xff]), encoding: 'utf-16be' },
  { mark: Buffer.from([0xef, 0xbb, 0xbf]), encoding: 'utf-8' },
] as const

const guessed = (onInvalid: OnInvalid): StreamDecoder => {
  let decoder: StreamDecoder | undefined
  let first: Buffer = Buffer.alloc(0)
  const begin = (): string => {
    const mark = byteOrderMarks.find(({ mark }) => first.subarray(0, mark.length).equals(mark))
    decoder = mark && mark.encoding !== 'utf-8' ? decoderOf(mark.encoding, onInvalid) : perLine(onInvalid)
    return decoder.write(mark ? first.subarray(mark.mark.length) : first)
  }
  return {
    write: (chunk) => {
      if (decoder) return decoder.write(chunk)
      first = Buffer.concat([first, chunk])
      const mayBecome = byteOrderMarks.some(
        ({ mark }) => first.length < mark.length && mark.subarray(0, first.length).equals(first),
      )
      return mayBecome ? '' : begin()
    },
    end: () => (decoder ? '' : begin()) + (decoder?.end() ?? ''),
    utf8: () => decoder?.utf8?.(),
  }
}

/**
 * Programs of one step do not agree on an encoding: on a Japanese Windows Node prints UTF-8 and cmd code page 932. Each
 * line is therefore UTF-8 where it is valid UTF-8, and code page 932 where it is not, unless more of it is UTF-8 than not.
 */
const perLine = (onInvalid: OnInvalid): StreamDecoder => {
  let pending: Buffer = Buffer.alloc(0)
  /** Reads the rest of a line that was begun. */
  let foreign: StreamDecoder | undefined
  /** Bytes of the line that was begun which were characters of UTF-8 beyond ASCII, roughly. */
  let seen = 0
  let given: Uint8Array | undefined
  const joined = joiner()
  const line = (bytes: Buffer): string => {
    const decoder = foreign ?? (isUtf8(bytes) ? undefined : decoderFor(bytes, seen, onInvalid))
    foreign = undefined
    seen = 0
    return decoder ? decoder.write(bytes) + decoder.end() : bytes.toString('utf8')
  }
  const valid = (bytes: Buffer, length: number): string => {
    const text = bytes.toString('utf8', 0, length)
    const lastEnd = bytes.lastIndexOf(10, length - 1) + 1
    if (lastEnd > 0) seen = 0
    seen += (length - lastEnd - (text.length - text.lastIndexOf('\n') - 1)) * 1.5
    return text
  }
  const begun = (bytes: Buffer): string => {
    if (!foreign) {
      const whole = bytes.subarray(0, bytes.length - unfinishedUtf8(bytes))
      if (isUtf8(whole)) {
        pending = Buffer.from(bytes.subarray(whole.length))
        return valid(whole, whole.length)
      }
      foreign = decoderFor(whole, seen, onInvalid)
    }
    return foreign.write(bytes)
  }
  return {
    write: (chunk) => {
      const bytes = joined(pending, chunk)
      pending = Buffer.alloc(0)
      given = undefined
      if (!foreign && isAscii(bytes)) {
        given = bytes
        if (bytes.includes(10)) seen = 0
        // By far the most there is, and made into text with a third less work.
        return bytes.toString('latin1')
      }
      const whole = bytes.length - unfinishedUtf8(bytes)
      if (!foreign && isUtf8(bytes.subarray(0, whole))) {
        pending = Buffer.from(bytes.subarray(whole))
        given = bytes.subarray(0, whole)
        return valid(bytes, whole)
      }
      const lastEnd = bytes.lastIndexOf(10) + 1
      let text = ''
      for (let from = 0; from < lastEnd; ) {
        const to = bytes.indexOf(10, from) + 1
        text += line(bytes.subarray(from, to))
        from = to
      }
      return text + begun(bytes.subarray(lastEnd))
    },
    end: () => {
      const rest = line(pending)
      pending = Buffer.alloc(0)
      given = undefined
      return rest
    },
    utf8: () => given,
  }
}

/** A stray byte in a line of UTF-8 makes no code page 932 of it; text in that code page is hardly ever UTF-8 by chance. */
const decoderFor = (bytes: Buffer, seen: number, onInvalid: OnInvalid): StreamDecoder => {
  const { invalid, beyondAscii } = invalidInUtf8(bytes)
  return seen + beyondAscii > invalid.length ? utf8(onInvalid) : shiftJis(onInvalid)
}
