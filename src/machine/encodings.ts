import { isUtf8 } from 'node:buffer'

/** Bytes that arrive in pieces, as text. */
export interface StreamDecoder {
  /** What is certain by now; a character that is cut in two waits for its other half. */
  write(bytes: Uint8Array): string
  /** The rest. */
  end(): string
  /** What the last `write` gave as UTF-8, where it is at hand. In memory that the next call uses again. */
  utf8?(): Uint8Array | undefined
}

/** Is given the bytes that were no text and stand as U+FFFD, in order; not kept beyond the call. */
export type OnInvalid = (bytes: Uint8Array) => void

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
export const decoderOf = (encoding: string, onInvalid: OnInvalid): StreamDecoder => {
  switch (encoding) {
    case 'utf-8':
      return utf8(onInvalid)
    case 'utf-16le':
      return utf16((bytes) => bytes.toString('utf16le'), onInvalid)
    case 'utf-16be':
      return utf16((bytes) => Buffer.from(bytes).swap16().toString('utf16le'), onInvalid)
    case 'shift_jis':
      return shiftJis(onInvalid)
    default:
      return other(encoding, onInvalid)
  }
}

const replacement = '\ufffd'

/** How many bytes the UTF-8 character that begins at `at` has (RFC 3629); 0 where none does. */
const utf8Length = (bytes: Buffer, at: number): number => {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0
  if (length === 0 || at + length > bytes.length) return 0
  const second = bytes[at + 1] ?? 0
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < least || second > most) return 0
  for (let next = at + 2; next < at + length; next++) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}

/** The bytes that belong to no character, and how many belong to one beyond ASCII. */
export const invalidInUtf8 = (bytes: Buffer): { readonly invalid: Uint8Array; readonly beyondAscii: number } => {
  const invalid = new Uint8Array(bytes.length)
  let found = 0
  let beyondAscii = 0
  for (let at = 0; at < bytes.length; ) {
    const length = utf8Length(bytes, at)
    if (length === 0) invalid[found++] = bytes[at] ?? 0
    else if (length > 1) beyondAscii += length
    at += length || 1
  }
  return { invalid: invalid.subarray(0, found), beyondAscii }
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

/** A chunk of a pipe, and more than what waits for its other half. */
const scratchBytes = 64 * 1024 + 64

/** Joins what waits and what comes. What it gives is to be read before its next call. */
export const joiner = (): ((pending: Buffer, chunk: Uint8Array) => Buffer) => {
  // Memory that is there already is by far the fastest. Each has its own: two streams are read at once.
  let scratch: Buffer | undefined
  return (pending, chunk) => {
    if (pending.length === 0) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    const length = pending.length + chunk.length
    if (length < scratchBytes / 16 || length > scratchBytes) return Buffer.concat([pending, chunk])
    scratch ??= Buffer.alloc(scratchBytes)
    scratch.set(pending)
    scratch.set(chunk, pending.length)
    return scratch.subarray(0, length)
  }
}

/** Bytes that wait are copied: the chunk that they came in may be large. */
const kept = (bytes: Buffer): Buffer => Buffer.from(bytes)

export const utf8 = (onInvalid: OnInvalid): StreamDecoder => {
  let pending: Buffer = Buffer.alloc(0)
  const joined = joiner()
  let given: Uint8Array | undefined
  const read = (bytes: Buffer): string => {
    given = isUtf8(bytes) ? bytes : undefined
    if (!given) onInvalid(invalidInUtf8(bytes).invalid)
    return bytes.toString('utf8')
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
    utf8: () => given,
  }
}

const utf16 = (toText: (bytes: Buffer) => string, onInvalid: OnInvalid): StreamDecoder => {
  let pending: Buffer = Buffer.alloc(0)
  const joined = joiner()
  const read = (bytes: Buffer): string => {
    const text = toText(bytes)
    if (text.isWellFormed()) return text
    const mended = text.toWellFormed()
    for (let at = 0; at < text.length; at++) {
      if (text.charCodeAt(at) !== mended.charCodeAt(at)) onInvalid(bytes.subarray(at * 2, at * 2 + 2))
    }
    return mended
  }
  return {
    write: (chunk) => {
      const bytes = joined(pending, chunk)
      const even = bytes.length & ~1
      const last = toText(bytes.subarray(Math.max(0, even - 2), even)).charCodeAt(0)
      const whole = last >= 0xd800 && last < 0xdc00 ? even - 2 : even
      const text = read(bytes.subarray(0, whole))
      pending = kept(bytes.subarray(whole))
      return text
    },
    end: () => {
      const even = pending.length & ~1
      const odd = pending.subarray(even)
      const text = read(pending.subarray(0, even))
      pending = Buffer.alloc(0)
      if (odd.length === 0) return text
      onInvalid(odd)
      return text + replacement
    },
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

const isLead = (byte: number) => (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc)
const isTrail = (byte: number) => byte >= 0x40 && byte <= 0xfc && byte !== 0x7f

/** Code page 932: what is no character of one byte begins one of two. Each becomes one unit of UTF-16, and so does each error. */
export const shiftJis = (onInvalid: OnInvalid): StreamDecoder => {
  const decoder = new TextDecoder('shift_jis')
  let pending: Buffer = Buffer.alloc(0)
  const joined = joiner()
  const unitAt = (bytes: Buffer, at: number): number =>
    isLead(bytes[at] ?? 0) && isTrail(bytes[at + 1] ?? 0) && at + 1 < bytes.length ? 2 : 1
  const read = (bytes: Buffer): string => {
    const text = withControls(decoder.decode(bytes))
    if (text.includes(replacement)) {
      const invalid = new Uint8Array(bytes.length)
      let found = 0
      for (let at = 0, unit = 0; at < bytes.length; unit++) {
        const length = unitAt(bytes, at)
        if (text.charCodeAt(unit) === 0xfffd) {
          invalid.set(bytes.subarray(at, at + length), found)
          found += length
        }
        at += length
      }
      onInvalid(invalid.subarray(0, found))
    }
    return text
  }
  return {
    write: (chunk) => {
      const bytes = joined(pending, chunk)
      let at = 0
      while (at < bytes.length - 1) at += unitAt(bytes, at)
      const whole = at === bytes.length - 1 && isLead(bytes[at] ?? 0) ? at : bytes.length
      const text = read(bytes.subarray(0, whole))
      pending = kept(bytes.subarray(whole))
      return text
    },
    end: () => {
      const rest = read(pending)
      pending = Buffer.alloc(0)
      return rest
    },
  }
}

/** Any other: which bytes a replacement stands for is not known, and the piece counts in which it came. */
const other = (encoding: string, onInvalid: OnInvalid): StreamDecoder => {
  const decoder = new TextDecoder(encoding)
  return {
    write: (bytes) => {
      const text = decoder.decode(bytes, { stream: true })
      if (text.includes(replacement)) onInvalid(bytes)
      return text
    },
    end: () => decoder.decode(),
  }
}
