import { closeSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

/** What is in a segment beside its list; see `DigestBlock`. */
export const partKinds = ['files', 'results', 'texts', 'bodies'] as const

export type PartKind = (typeof partKinds)[number]

/** Bytes from `at` on. */
export interface Stretch {
  readonly at: number
  readonly length: number
}

export interface PartPlace extends Stretch {
  /** CRC-32. */
  readonly sum: number
}

/** Gives what is in the file of a segment behind its head. */
export interface SegmentParts {
  /** Undefined where it is not there any more as it was. */
  read(place: PartPlace): Buffer | undefined
  /**
   * Has at hand what `read` will be asked for, so that it does not wait for the disk; until `release`.
   * @param head the first bytes of the file; false where it is another file by now
   */
  fetch(head: Uint8Array, stretch: Stretch): Promise<boolean>
  release(): void
}

function asItWas(bytes: Buffer, { length, sum }: PartPlace): Buffer | undefined {
  return bytes.length === length && crc32(bytes) === sum ? bytes : undefined
}

/** Of a file that could not be written, or was read as a whole. */
export function partsInMemory(rest: Uint8Array, from: number): SegmentParts {
  const bytes = Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength)
  return {
    read: (place) => asItWas(bytes.subarray(place.at - from, place.at - from + place.length), place),
    fetch: async () => true,
    release: () => undefined,
  }
}

/** Of a file that another process may replace at any time: what was replaced has another checksum. */
export function partsInFile(file: string): SegmentParts {
  let fetched: { readonly at: number; readonly bytes: Buffer } | undefined

  function bytesAt({ at, length }: Stretch): Buffer {
    if (fetched !== undefined && at >= fetched.at && at + length <= fetched.at + fetched.bytes.length)
      return fetched.bytes.subarray(at - fetched.at, at - fetched.at + length)
    const bytes = Buffer.alloc(length)
    const descriptor = openSync(file, 'r')
    try {
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, at))
    } finally {
      closeSync(descriptor)
    }
  }

  return {
    read(place) {
      try {
        return asItWas(bytesAt(place), place)
      } catch {
        return undefined
      }
    },
    async fetch(head, { at, length }) {
      try {
        const handle = await open(file)
        try {
          const { buffer } = await handle.read(Buffer.alloc(head.length), 0, head.length, 0)
          if (!buffer.equals(head)) return false
          const { bytesRead, buffer: bytes } = await handle.read(Buffer.allocUnsafe(length), 0, length, at)
          fetched = { at, bytes: bytes.subarray(0, bytesRead) }
          return true
        } finally {
          await handle.close()
        }
      } catch {
        return false
      }
    },
    release() {
      fetched = undefined
    },
  }
}
