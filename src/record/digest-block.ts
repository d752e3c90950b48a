import { type Columns, fillRows, toColumns } from './columns.ts'
import type { Digest, ReadableRun, RecordSummary, StepResult } from './summary.ts'

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
 * Many digests as four texts of JSON, so that a list needs to read no more than what it shows. Each is read only when
 * somebody asks for what is in it.
 */
export interface DigestBlock {
  /** The summaries without the results of steps, in ASCII, which is read several times as fast. */
  readonly list: string
  /** Stamps, heads, parents, and who has not closed a record yet. */
  readonly files: string
  readonly results: string
  readonly texts: string
}

type FileRow = FileStamp & Pick<Digest, 'parents' | 'head' | 'openOn'>

/** The results of all steps; `counts` says for each record how many are its own, -1 for what is no run. */
interface ResultColumns {
  readonly counts: readonly number[]
  readonly columns: Columns
}

/** Each text once, and which of them each record has. */
export interface TextIndex {
  readonly texts: readonly string[]
  readonly of: readonly (readonly number[])[]
}

export function encodeDigests(filed: readonly FiledDigest[]): DigestBlock {
  const files = filed.map(({ stamp, digest: { parents, head, openOn } }) => ({ ...stamp, parents, head, openOn }))
  return {
    list: asciiJson(toColumns(filed.map(({ digest }) => ({ ...digest.summary, head: undefined, results: undefined })))),
    files: JSON.stringify(toColumns(files)),
    results: JSON.stringify(resultColumns(filed)),
    texts: JSON.stringify(textIndex(filed.map(({ digest }) => digest))),
  }
}

function asciiJson(value: unknown): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value).replaceAll(/[\u0080-\uffff]/g, escaped)
}

function resultColumns(filed: readonly FiledDigest[]): ResultColumns {
  const results = filed.map(({ digest: { summary } }) =>
    'results' in summary ? Object.entries(summary.results) : undefined,
  )
  return {
    counts: results.map((ofRun) => ofRun?.length ?? -1),
    columns: toColumns(results.flatMap((ofRun) => ofRun ?? []).map(([step, result]) => ({ step, ...result }))),
  }
}

export function textIndex(digests: readonly Pick<Digest, 'texts'>[]): TextIndex {
  const indexes = new Map<string, number>()
  const indexOf = (text: string) => {
    const index = indexes.get(text) ?? indexes.size
    indexes.set(text, index)
    return index
  }
  const of = digests.map(({ texts }) => texts.map(indexOf))
  return { texts: [...indexes.keys()], of }
}

/** Digests that were encoded, read as far as they are asked for. */
export interface DigestReader {
  readonly summaries: readonly RecordSummary[]
  files(): readonly FileRow[]
  texts(): TextIndex
  /** Everything about the records, as it was before it was encoded. */
  digests(): readonly FiledDigest[]
}

interface Inherited extends Pick<ReadableRun, 'head' | 'results'> {
  readonly path?: string
}

/** Throws where a text is not what `encodeDigests` has made. */
export function readDigests(block: DigestBlock): DigestReader {
  let results: ReadonlyMap<string, Readonly<Record<string, StepResult>>> | undefined
  const summaries: RecordSummary[] = []
  let heads: ReadonlyMap<string, string> | undefined
  /** What runs inherit, so that a list of a hundred thousand of them holds no hash and no step's result until one is asked for. */
  const run: Inherited = {
    get head() {
      heads ??= new Map(files().map(({ head = '' }, index) => [summaries[index]?.path ?? '', head]))
      return heads.get(this.path ?? '') ?? ''
    },
    get results() {
      results ??= resultsByPath(summaries, JSON.parse(block.results))
      return results.get(this.path ?? '') ?? {}
    },
  }

  const columns: Columns = JSON.parse(block.list)
  const rows: Record<string, unknown>[] = []
  for (const isRun of areRuns(columns)) {
    const row = isRun ? Object.create(run) : {}
    rows.push(row)
    summaries.push(row)
  }
  fillRows(columns, rows)

  const files = () => {
    const fileRows: FileRow[] = []
    const made: Record<string, unknown>[] = []
    for (const _ of summaries) {
      const row = Object.create(Object.prototype)
      made.push(row)
      fileRows.push(row)
    }
    fillRows(JSON.parse(block.files), made)
    return fileRows
  }
  const texts = (): TextIndex => JSON.parse(block.texts)

  return {
    summaries,
    files,
    texts,
    digests() {
      const { texts: all, of } = texts()
      return files().map(({ parents, head, openOn, ...stamp }, index): FiledDigest => {
        const summary = summaries[index]
        if (summary === undefined) throw new Error('more files than summaries')
        const own = (of[index] ?? []).map((text) => all[text] ?? '')
        // What is inherited is not copied with the rest.
        const whole = 'results' in summary ? { ...summary, head: summary.head, results: summary.results } : summary
        return {
          stamp,
          digest: { summary: whole, parents, texts: own, ...(head && { head }), ...(openOn && { openOn }) },
        }
      })
    },
  }
}

/** For each record whether it is that of a run. */
function areRuns(columns: Columns): readonly boolean[] {
  const { values = [], at } = columns.find(({ name }) => name === 'outcome') ?? {}
  const isRun = values.map((outcome) => outcome !== 'act' && outcome !== 'unreadable')
  return at === undefined ? isRun : at.map((which) => isRun[which] ?? false)
}

function resultsByPath(
  summaries: readonly RecordSummary[],
  { counts, columns }: ResultColumns,
): ReadonlyMap<string, Readonly<Record<string, StepResult>>> {
  const rows: Record<string, unknown>[] = []
  const steps: (StepResult & { readonly step: string })[] = []
  const all = counts.reduce((sum, count) => sum + Math.max(count, 0), 0)
  for (let index = 0; index < all; index += 1) {
    const row = Object.create(Object.prototype)
    rows.push(row)
    steps.push(row)
  }
  fillRows(columns, rows)
  const byPath = new Map<string, Readonly<Record<string, StepResult>>>()
  let next = 0
  for (const [index, count] of counts.entries()) {
    const own = steps.slice(next, next + Math.max(count, 0))
    next += own.length
    byPath.set(summaries[index]?.path ?? '', Object.fromEntries(own.map(({ step, ...result }) => [step, result])))
  }
  return byPath
}
