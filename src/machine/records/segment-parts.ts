import { closeSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { bufferOf } from '../../record/bytes.ts'

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
   * Has at hand what `read` will be asked for, so that it does not wait for the disk.
   * @param head the first bytes of the file
   * @returns what lets it go again; undefined where it is another file by now
   */
  fetch(head: Uint8Array, stretch: Stretch): Promise<Release | undefined>
}

export type Release = () => void

function asItWas(bytes: Buffer, { length, sum }: PartPlace): Buffer | undefined {
  return bytes.length === length && crc32(bytes) === sum ? bytes : undefined
}

/** Of a file that could not be written, or was read as a whole. */
export function partsInMemory(rest: Uint8Array, from: number): SegmentParts {
  const bytes = bufferOf(rest)
  return {
    read: (place) => asItWas(bytes.subarray(place.at - from, place.at - from + place.length), place),
    fetch: async () => () => undefined,
  }
}

/** Of a file that another process may replace at any time: what was replaced has another checksum. */
export function partsInFile(file: string): SegmentParts {
  const fetched = new Set<{ readonly at: number; readonly bytes: Buffer }>()

  function bytesAt({ at, length }: Stretch): Buffer {
    for (const one of fetched) {
      if (at >= one.at && at + length <= one.at + one.bytes.length)
        return one.bytes.subarray(at - one.at, at - one.at + length)
    }
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
          if (!buffer.equals(head)) return undefined
          const { bytesRead, buffer: bytes } = await handle.read(Buffer.allocUnsafe(length), 0, length, at)
          const own = { at, bytes: bytes.subarray(0, bytesRead) }
          fetched.add(own)
          return () => fetched.delete(own)
        } finally {
          await handle.close()
        }
      } catch {
        return undefined
      }
    },
  }
}
