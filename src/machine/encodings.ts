import { isUtf8 } from 'node:buffer'

/** Bytes that arrive in pieces, as text. */
export interface StreamDecoder {
  /** What is certain by now; a character that is cut in two waits for its other half. */
  write(bytes: Uint8Array): string
  /** The rest. */
  end(): string
  /** How many bytes so far were no text and stand as U+FFFD; complete after `end`. */
  undecodable(): number
}

/** Names that people write and the Encoding Standard (whatwg.org) does not know; its `shift_jis` is Windows' code page 932. */
const aliases: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  '932': 'shift_jis',
  cp65001: 'utf-8',
  '65001': 'utf-8',
  utf16: 'utf-16le',
}

/** The Encoding Standard's name for what a person calls an encoding; undefined where it is none. */
export const encodingNamed = (label: string): string | undefined => {
  const name = label.trim().toLowerCase()
  try {
    return new TextDecoder(aliases[name] ?? name).encoding
  } catch {
    return undefined
  }
}

/** @param encoding a name that `encodingNamed` gave */
export const decoderOf = (encoding: string): StreamDecoder => {
  switch (encoding) {
    case 'utf-8':
      return utf8()
    case 'utf-16le':
      return utf16((bytes) => bytes.toString('utf16le'))
    case 'utf-16be':
      return utf16((bytes) => Buffer.from(bytes).swap16().toString('utf16le'))
    case 'shift_jis':
      return shiftJis()
    default:
      return other(encoding)
  }
}

const replacement = '\ufffd'
const replacementBytes = Buffer.from(replacement)

const count = (text: string | Buffer, what: string | Buffer): number => {
  let found = 0
  const from = (at: number) => (typeof text === 'string' ? text.indexOf(String(what), at) : text.indexOf(what, at))
  for (let at = from(0); at >= 0; at = from(at + what.length)) found++
  return found
}

/** What UTF-8 makes of bytes. A U+FFFD that was written as one is text like any other. */
export const readUtf8 = (bytes: Buffer): { readonly text: string; readonly undecodable: number } => {
  const text = bytes.toString('utf8')
  if (isUtf8(bytes)) return { text, undecodable: 0 }
  const replaced = count(text, replacement) - count(bytes, replacementBytes)
  return { text, undecodable: bytes.length - (Buffer.byteLength(text) - replaced * replacementBytes.length) }
}

/** How many bytes at the end begin a UTF-8 character without ending it (RFC 3629). */
export const unfinishedUtf8 = (bytes: Buffer): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
    if (byte < 0x80) return 0
  }
  return 0
}

/** Where what waits and what comes are joined for a moment: memory that is there already is by far the fastest. */
const scratch = Buffer.alloc(128 * 1024)

/** To be read before the next call. */
export const joined = (pending: Buffer, chunk: Uint8Array): Buffer => {
  if (pending.length === 0) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  const length = pending.length + chunk.length
  if (length > scratch.length) return Buffer.concat([pending, chunk])
  scratch.set(pending)
  scratch.set(chunk, pending.length)
  return scratch.subarray(0, length)
}

/** Bytes that wait are copied: the chunk that they came in may be large. */
const kept = (bytes: Buffer): Buffer => Buffer.from(bytes)

export const utf8 = (): StreamDecoder => {
  let pending: Buffer = Buffer.alloc(0)
  let undecodable = 0
  const read = (bytes: Buffer): string => {
    const result = readUtf8(bytes)
    undecodable += result.undecodable
    return result.text
  }
  return {
    write: (chunk) => {
      const bytes = joined(pending, chunk)
      const whole = bytes.length - unfinishedUtf8(bytes)
      pending = kept(bytes.subarray(whole))
      return read(bytes.subarray(0, whole))
    },
    end: () => {
      const rest = read(pending)
      pending = Buffer.alloc(0)
      return rest
    },
    undecodable: () => undecodable,
  }
}

const utf16 = (toText: (bytes: Buffer) => string): StreamDecoder => {
  let pending: Buffer = Buffer.alloc(0)
  let undecodable = 0
  const wellFormed = (text: string): string => {
    if (text.isWellFormed()) return text
    const mended = text.toWellFormed()
    for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== mended.charCodeAt(at)) undecodable += 2
    return mended
  }
  return {
    write: (chunk) => {
      const bytes = joined(pending, chunk)
      const text = toText(bytes.subarray(0, bytes.length & ~1))
      const last = text.charCodeAt(text.length - 1)
      const whole = last >= 0xd800 && last < 0xdc00 ? text.length - 1 : text.length
      pending = kept(bytes.subarray(whole * 2))
      return wellFormed(text.slice(0, whole))
    },
    end: () => {
      const text = wellFormed(toText(pending.subarray(0, pending.length & ~1)))
      const odd = pending.length & 1
      pending = Buffer.alloc(0)
      undecodable += odd
      return odd ? text + replacement : text
    },
    undecodable: () => undecodable,
  }
}

/** The converter behind TextDecoder follows an old IBM code page, in which three control characters change their places. */
const moved: ReadonlyMap<string, string> = new Map([
  ['\x1c', '\x1a'],
  ['\x7f', '\x1c'],
  ['\x1a', '\x7f'],
])

const withControls = (text: string): string => {
  for (const control of moved.keys()) {
    if (text.includes(control)) return Array.from(text, (character) => moved.get(character) ?? character).join('')
  }
  return text
}

/** Code page 932: a character is one byte where it is ASCII or a narrow katakana, and two where it is anything else. */
export const shiftJis = (): StreamDecoder => {
  const decoder = new TextDecoder('shift_jis')
  let given = 0
  let read = 0
  const counted = (decoded: string): string => {
    const text = withControls(decoded)
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code <= 0x80 || (code >= 0xff61 && code <= 0xff9f)) read += 1
      else if (code !== 0xfffd) read += 2
    }
    return text
  }
  return {
    write: (bytes) => {
      given += bytes.length
      return counted(decoder.decode(bytes, { stream: true }))
    },
    end: () => counted(decoder.decode()),
    undecodable: () => given - read,
  }
}

/** Any other: how many bytes a replaced sequence had is not known, but it was at least one. */
const other = (encoding: string): StreamDecoder => {
  const decoder = new TextDecoder(encoding)
  let replaced = 0
  const counted = (text: string): string => {
    replaced += count(text, replacement)
    return text
  }
  return {
    write: (bytes) => counted(decoder.decode(bytes, { stream: true })),
    end: () => counted(decoder.decode()),
    undecodable: () => replaced,
  }
}
