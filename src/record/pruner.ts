import { createHash } from 'node:crypto'
import { sha256 } from './line.ts'
import { outputIn } from './pruned-line.ts'
import { type LineObject, readLineObject } from './read-line.ts'
import { createLineSplitter } from './split.ts'

/** Takes the output out of a record that arrives in chunks, and keeps every other line byte for byte. */
export interface Pruner {
  push(chunk: Uint8Array): void
  end(): void
  /** Lines that were replaced so far, and the text that was in them, in bytes of UTF-8. */
  taken(): { readonly lines: number; readonly bytes: number }
  /** SHA-256 of everything written so far, with `\n` as line ends. */
  sha256(): string
}

/** @param write what is written may share memory with the chunk that was pushed */
export function createPruner(write: (bytes: Uint8Array) => void): Pruner {
  const digest = createHash('sha256')
  let lines = 0
  let bytes = 0

  function put(part: Uint8Array): void {
    digest.update(part)
    write(part)
  }

  const splitter = createLineSplitter((line) => {
    const object = readLineObject(line.bytes)
    const output = object && outputIn(object.type, object.fields)
    if (object && output !== undefined) {
      const length = Buffer.byteLength(output)
      put(stubFor(object, { pruned: sha256(line.bytes), bytes: length }))
      lines += 1
      bytes += length
    } else put(line.bytes)
    if (line.ended) put(lineFeed)
  })
  return {
    push: splitter.push,
    end: splitter.end,
    taken: () => ({ lines, bytes }),
    sha256: () => digest.digest('hex'),
  }
}

const lineFeed = new Uint8Array([10])
const encoder = new TextEncoder()

/** The same bytes for the same line, whoever makes it: an interrupted pruning is finished by another one. */
function stubFor({ seq, prev, time, type, fields }: LineObject, instead: PrunedOutput): Uint8Array {
  const { difference: _, seal: _seal, ...ending } = fields
  const { execution, at } = fields
  // How a step ended stays; of a line of output nothing that may be output.
  const kept = type === 'output' ? { seq, prev, time, type, execution, at } : ending
  return encoder.encode(JSON.stringify({ ...kept, ...instead }))
}

interface PrunedOutput {
  readonly pruned: string
  readonly bytes: number
}

/** SHA-256 of a whole record with `\n` as line ends, as an act on record names it. */
export function createRecordDigest(): { push(chunk: Uint8Array): void; end(): string } {
  const digest = createHash('sha256')
  const splitter = createLineSplitter(({ bytes, ended }) => {
    digest.update(bytes)
    if (ended) digest.update(lineFeed)
  })
  return {
    push: splitter.push,
    end() {
      splitter.end()
      return digest.digest('hex')
    },
  }
}
