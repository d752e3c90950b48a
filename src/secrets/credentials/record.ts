import { type Fields, isFields, isNumber, isText, textFields } from '../../record/json-fields.ts'
import { createLineSplitter, type RawLine } from '../../record/split.ts'
import { findCredentials, type KnownFormats } from './findings.ts'
import type { CredentialHit } from './hit.ts'
import type { LineContext } from './text-lines.ts'

/** A line of a record that holds a credential. */
export interface TaintedRecordLine {
  /** Zero-based. */
  readonly line: number
  readonly hits: readonly CredentialHit[]
}

export interface RecordScanPorts {
  readonly knownFormats: KnownFormats
  readonly pause: () => Promise<void>
}

/** So much of a record's text is put together before it is looked through. */
const batchLength = 256 * 1024

/** What a record says beside what people and programs wrote: hashes have no secret, and the look of one. */
const skipped = new Set(['seq', 'prev', 'seal', 'parents', 'sha256', 'textSha256', 'outputSha256', 'commit', 'time'])

const prose: LineContext = { kind: 'prose' }
const data: LineContext = { kind: 'data' }

/**
 * Looks through a whole record, as it is going to be committed: the texts of its steps, what they printed (put together
 * again where a line of output is on two lines of the record), notes, parameters and everything else that is text. A line
 * that is no JSON is read as it is.
 * @param file the record in pieces of any size
 * @param excused texts of which the runbook's author says that they are no secrets
 */
export async function credentialsInRecord(
  file: AsyncIterable<Uint8Array>,
  excused: ReadonlySet<string>,
  ports: RecordScanPorts,
): Promise<readonly TaintedRecordLine[]> {
  const known = new Set(excused)
  const tainted = new Map<number, CredentialHit[]>()
  const outputs = new Map<unknown, Batch>()
  const rest = new Map<LineContext, Batch>()
  let raw: RawLine[] = []
  let line = 0

  async function scan({ text, parts }: Batch, kind: LineContext, directives = false): Promise<void> {
    if (text === '') return
    const found = await findCredentials(text, { kind, directives, excused: known, ...ports })
    for (const one of found.excused) known.add(one)
    for (const hit of found.findings.flatMap(({ hits }) => hits)) {
      const at = parts.findLast(({ start }) => start <= (hit.value ?? hit).start)?.line ?? 0
      const hits = tainted.get(at) ?? []
      tainted.set(at, [...hits, hit])
    }
  }

  async function take(fields: Fields): Promise<void> {
    const { type, execution, text, shell } = fields
    if (type === 'output' && isText(text)) {
      const batch = outputs.get(execution) ?? emptyBatch()
      append(batch, text, line)
      outputs.set(execution, batch.text.length < batchLength ? batch : await scanned(batch))
      return
    }
    if (type === 'step-start' && isText(text)) {
      await scan(batchOf(text, line), { kind: 'code', shell: isText(shell) ? shell : '' }, true)
      for (const one of textsIn({ ...fields, text: '' })) await add(prose, one)
      return
    }
    if (type === 'step-end' && isNumber(execution)) {
      await scan(outputs.get(execution) ?? emptyBatch(), prose)
      outputs.delete(execution)
    }
    const given = { ...textFields(fields.parameters), ...textFields(fields.answers) }
    for (const [name, value] of Object.entries(given)) await add(data, `${name}=${value}`)
    for (const one of textsIn({ ...fields, parameters: undefined, answers: undefined })) await add(prose, one)
  }

  /** Scans a long output up to its last whole line, and gives what is behind it. */
  async function scanned(batch: Batch): Promise<Batch> {
    const end = batch.text.lastIndexOf('\n') + 1 || batch.text.length
    await scan({ ...batch, text: batch.text.slice(0, end) }, prose)
    const last = batch.parts.at(-1)?.line ?? 0
    return end === batch.text.length ? emptyBatch() : batchOf(batch.text.slice(end), last)
  }

  async function add(kind: LineContext, text: string): Promise<void> {
    const batch = rest.get(kind) ?? emptyBatch()
    append(batch, `${text}\n`, line)
    rest.set(kind, batch)
    if (batch.text.length < batchLength) return
    rest.delete(kind)
    await scan(batch, kind)
  }

  const splitter = createLineSplitter((one) => raw.push({ ...one, bytes: one.bytes.slice() }))
  async function drain(): Promise<void> {
    const lines = raw
    raw = []
    for (const { bytes } of lines) {
      const text = new TextDecoder().decode(bytes)
      const fields = parsed(text)
      if (fields === undefined) await add(prose, text)
      else await take(fields)
      line += 1
    }
  }
  for await (const chunk of file) {
    splitter.push(chunk)
    await drain()
  }
  splitter.end()
  await drain()
  for (const batch of outputs.values()) await scan(batch, prose)
  for (const [kind, batch] of rest) await scan(batch, kind)
  return [...tainted].map(([at, hits]) => ({ line: at, hits })).toSorted((a, b) => a.line - b.line)
}

/** Texts of several lines of a record, in one. */
interface Batch {
  text: string
  readonly parts: { readonly start: number; readonly line: number }[]
}

function emptyBatch(): Batch {
  return { text: '', parts: [] }
}

function batchOf(text: string, line: number): Batch {
  return { text, parts: [{ start: 0, line }] }
}

function append(batch: Batch, text: string, line: number): void {
  batch.parts.push({ start: batch.text.length, line })
  batch.text += text
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Every text in an object, at whatever depth. */
function* textsIn(value: unknown, depth = 0): Generator<string> {
  if (isText(value)) {
    if (value.length > 3) yield value
  } else if (Array.isArray(value)) {
    for (const item of value) yield* textsIn(item, depth + 1)
  } else if (isFields(value) && depth < 10) {
    for (const [name, field] of Object.entries(value)) if (!skipped.has(name)) yield* textsIn(field, depth + 1)
  }
}
