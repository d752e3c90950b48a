import { createHash } from 'node:crypto'
import type { Digest } from './summary.ts'

/** Each text once, and which of them each record has. */
export interface SearchedTexts {
  /** Tell the texts from one another, also across indexes: who knows the key of a text need not see it. */
  readonly keys: readonly string[]
  text(index: number): string
  readonly of: readonly (readonly number[])[]
}

/** The same with all texts. */
export interface TextIndex extends SearchedTexts {
  readonly texts: readonly string[]
}

/** The index as it is kept without the texts, which lie elsewhere one after the other. */
interface TextPlaces {
  readonly keys: readonly string[]
  /** Where each ends, in bytes. */
  readonly ends: readonly number[]
  readonly of: readonly (readonly number[])[]
}

export function textIndex(digests: readonly Pick<Digest, 'texts'>[]): TextIndex {
  const indexes = new Map<string, number>()
  const indexOf = (text: string) => {
    const index = indexes.get(text) ?? indexes.size
    indexes.set(text, index)
    return index
  }
  const of = digests.map(({ texts }) => texts.map(indexOf))
  const texts = [...indexes.keys()]
  // No hash begins so.
  return { keys: texts.map((text) => ` ${text}`), text: (index) => texts[index] ?? '', texts, of }
}

export function placeTexts({ texts, of }: TextIndex): { readonly places: TextPlaces; readonly bodies: Uint8Array } {
  const bytes = texts.map((text) => new TextEncoder().encode(text))
  const bodies = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0))
  const ends: number[] = []
  let at = 0
  for (const one of bytes) {
    bodies.set(one, at)
    at += one.length
    ends.push(at)
  }
  return { places: { keys: bytes.map(keyOf), ends, of }, bodies }
}

function keyOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64').slice(0, 20)
}

/** @param bodies gives what is between two bytes of the texts */
export function placedTexts({ keys, ends, of }: TextPlaces, bodies: (from: number, to: number) => string): TextIndex {
  const text = (index: number) => bodies(ends[index - 1] ?? 0, ends[index] ?? 0)
  return {
    keys,
    text,
    get texts() {
      return keys.map((_, index) => text(index))
    },
    of,
  }
}
