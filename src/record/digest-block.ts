import { type Column, type Columns, fillRows, toColumns, valueAt } from './columns.ts'
import { copyOfRow, lookedUpRows } from './looked-up-rows.ts'
import { readResults, resultColumns } from './result-columns.ts'
import type { Digest, RecordSummary, StepResult } from './summary.ts'
import { placedTexts, placeTexts, type TextIndex, textIndex } from './text-index.ts'

/** What tells whether a file is the one that was read. */
export interface FileStamp {
  readonly size: number
  readonly mtimeMs: number
  readonly ctimeMs: number
  readonly ino: number
}

/** What was read from a file. */
export interface FiledDigest {
  readonly digest: Digest
  readonly stamp: FileStamp
}

/**
 * Many digests as texts of JSON, so that a list needs to read no more than what it shows. Each is read only when somebody asks
 * for what is in it.
 */
export interface DigestBlock {
  /** How many there are, and which names each summary has. */
  readonly shapes: string
  /** What the summaries have under a name, but for the results of steps: in ASCII, which is read several times as fast. */
  column(name: string): string
  /** Stamps, heads, parents, and who has not closed a record yet. This and what follows is missing where it was lost. */
  readonly files: string | undefined
  readonly results: string | undefined
  /** `TextPlaces`. */
  readonly texts: string | undefined
  /** Gives of all searched texts, one after the other in UTF-8, what is between two bytes. */
  bodies(): ((from: number, to: number) => string) | undefined
}

/** A block that was made, with the names of its columns. */
export interface EncodedDigests extends DigestBlock {
  readonly names: readonly string[]
  readonly files: string
  readonly results: string
  readonly texts: string
  readonly allBodies: Uint8Array
}

/** Each kind of summary by the names that it has, and of which kind each record is. */
interface Shapes {
  readonly names: readonly (readonly string[])[]
  readonly of: readonly number[]
}

type FileRow = FileStamp & Pick<Digest, 'parents' | 'head' | 'openOn'>

export function encodeDigests(filed: readonly FiledDigest[]): EncodedDigests {
  const files = filed.map(({ stamp, digest: { parents, head, openOn } }) => ({ ...stamp, parents, head, openOn }))
  const summaries = filed.map(({ digest }) => digest.summary)
  const columns = toColumns(summaries.map((summary) => ({ ...summary, head: undefined, results: undefined })))
  const { places, bodies } = placeTexts(textIndex(filed.map(({ digest }) => digest)))
  const texts = new Map(columns.map((column) => [column.name, asciiJson(column)]))
  return {
    shapes: JSON.stringify(shapesOf(summaries)),
    names: [...texts.keys()],
    column: (name) => texts.get(name) ?? '',
    files: JSON.stringify(toColumns(files)),
    results: JSON.stringify(resultColumns(summaries)),
    texts: JSON.stringify(places),
    bodies: () => (from, to) => decoder.decode(bodies.subarray(from, to)),
    allBodies: bodies,
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function shapesOf(summaries: readonly RecordSummary[]): Shapes {
  const known = new Map<string, number>()
  const names: string[][] = []
  const of = summaries.map((summary) => {
    const own = Object.entries(summary).flatMap(([name, value]) => (value === undefined ? [] : [name]))
    const key = own.join(' ')
    const which = known.get(key) ?? names.push(own) - 1
    known.set(key, which)
    return which
  })
  return { names, of }
}

function asciiJson(value: unknown): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value).replaceAll(/[\u0080-\uffff]/g, escaped)
}

/** Digests that were encoded, read as far as they are asked for. */
export interface DigestReader {
  /** They look up what they have, see `lookedUpRows`. */
  readonly summaries: readonly RecordSummary[]
  /** Those of runs without an end. */
  running(): readonly RecordSummary[]
  files(): readonly FileRow[]
  texts(): TextIndex
  /** Everything about the records, as it was before it was encoded. */
  digests(): readonly FiledDigest[]
}

/** Of no file. */
const noStamp: FileStamp = { size: -1, mtimeMs: -1, ctimeMs: -1, ino: -1 }

/**
 * Throws where a text is not what `encodeDigests` has made.
 * @param reread what a record says, for where a text was lost
 */
export function readDigests(block: DigestBlock, reread: (path: string) => Digest): DigestReader {
  const columns = new Map<string, Column>()
  let heads: readonly (string | undefined)[] | undefined
  let results: ((index: number) => Readonly<Record<string, StepResult>>) | undefined
  let running: readonly RecordSummary[] | undefined

  function columnOf(name: string): Column {
    const column: Column = JSON.parse(block.column(name))
    columns.set(name, column)
    return column
  }

  function lookUp(name: string, index: number): unknown {
    if (name === 'head') return headOf(index)
    if (name === 'results') return resultsOf(index)
    return valueAt(columns.get(name) ?? columnOf(name), index)
  }

  function headOf(index: number): string {
    heads ??= files().map(({ head }) => head)
    return heads[index] ?? ''
  }

  function resultsOf(index: number): Readonly<Record<string, StepResult>> {
    if (results === undefined) {
      const { results: text } = block
      results = text === undefined ? rereadResults : readResults(JSON.parse(text))
    }
    return results(index)
  }

  function rereadResults(index: number): Readonly<Record<string, StepResult>> {
    const { summary } = reread(summaries[index]?.path ?? '')
    return 'results' in summary ? summary.results : {}
  }

  function rereadAll(): readonly Digest[] {
    return summaries.map(({ path }) => reread(path))
  }

  function files(): readonly FileRow[] {
    const { files: text } = block
    if (text === undefined) {
      return rereadAll().map(({ parents, head, openOn }) => ({
        ...noStamp,
        parents,
        ...(head && { head }),
        ...(openOn && { openOn }),
      }))
    }
    const rows: FileRow[] = []
    const made: Record<string, unknown>[] = []
    for (const _ of summaries) {
      const row = Object.create(Object.prototype)
      made.push(row)
      rows.push(row)
    }
    const columns: Columns = JSON.parse(text)
    fillRows(columns, made)
    return rows
  }

  function texts(): TextIndex {
    const { texts: text } = block
    const bodies = block.bodies()
    return text === undefined || bodies === undefined ? textIndex(rereadAll()) : placedTexts(JSON.parse(text), bodies)
  }

  const { names, of }: Shapes = JSON.parse(block.shapes)
  const rows = names.map((own) => lookedUpRows<RecordSummary>(own, lookUp))
  const summaries = of.flatMap((which, index) => rows[which]?.(index) ?? [])

  return {
    summaries,
    running() {
      running ??= summaries.filter(({ outcome }) => outcome === 'running')
      return running
    },
    files,
    texts,
    digests() {
      const index = texts()
      const [all, of] = [index.texts, index.of]
      return files().map(({ parents, head, openOn, ...stamp }, index): FiledDigest => {
        const summary = summaries[index]
        if (summary === undefined) throw new Error('more files than summaries')
        const own = (of[index] ?? []).map((text) => all[text] ?? '')
        const digest = { summary: copyOfRow(summary), parents, texts: own, ...(head && { head }) }
        return { stamp, digest: { ...digest, ...(openOn && { openOn }) } }
      })
    },
  }
}
