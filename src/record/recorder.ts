import type { RunEvent } from '../execution/event.ts'
import type { RecordFailure } from '../execution/run-api.ts'
import { type KeptOutput, keepOutput, type OutputPart, usualOutputLimit } from './kept-output.ts'
import { encodeLine, type RecordEntry, recordFormat, sha256, textLimit } from './line.ts'
import { createPacedSync, type Schedule } from './paced-sync.ts'
import { type TextDigest, textDigest } from './text-digest.ts'

/** A file that is only ever appended to. What fails rejects with an error whose `code` is an errno name. */
export interface RecordFile {
  /** As shown to people. */
  readonly path: string
  append(bytes: Uint8Array): Promise<void>
  /** Waits until everything appended so far is on the disk. The file may appear with the first call. */
  sync(): Promise<void>
  close(): Promise<void>
}

export interface Recorder {
  /**
   * Keeps one event; to be called in the order of the events. Resolves when the event is written, at the end of a step and
   * of the run when it is on the disk. After a failure nothing more is written and every call gives that failure.
   *
   * @param utf8 the text of an output, in parts, where it is at hand; not kept beyond the call
   */
  handle(event: RunEvent, utf8?: readonly Uint8Array[]): Promise<RecordFailure | undefined>
  /** The hash of the last line written; undefined before the first. */
  head(): string | undefined
}

/** Outputs that come within this time are one line: a program that prints character by character costs no line for each. */
const mergeMs = 50
/** In UTF-16 units: what is longer is a line of its own. */
const worthALine = textLimit / 4

interface OpenStep {
  readonly execution: number
  readonly startedAt: number
  readonly output: KeptOutput
  /** Output that is not written yet, its length, and when its first part came after the step's start. */
  pieces: string[]
  held: number
  at: number
  cancelMerge?: () => void
}

const timers: Schedule = (callback, ms) => {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}

export interface RecordOpening {
  readonly parents: readonly string[]
  /** The most bytes (UTF-8) of one step's output that are kept: half of them its head, half its tail. 1 MiB if missing. */
  readonly outputLimit?: number
  /** Makes what counts and hashes a step's output. */
  readonly digest?: () => TextDigest
}

export function createRecorder(
  file: RecordFile,
  { parents, outputLimit = usualOutputLimit, digest = textDigest }: RecordOpening,
  schedule: Schedule = timers,
): Recorder {
  let seq = 0
  let head: string | undefined
  let startedAt = 0
  const steps = new Map<number, OpenStep>()
  let failure: RecordFailure | undefined
  // One thing after the other: a line's hash goes into the next, and the file sees them in that order.
  let tail: Promise<void> = Promise.resolve()

  function fail(error: unknown): void {
    failure ??= { problem: { code: 'record-unwritable', values: { path: file.path, reason: reasonOf(error) } } }
  }

  function enqueue(work: () => Promise<void>): Promise<void> {
    tail = tail.then(() => (failure ? undefined : work().catch(fail)))
    return tail
  }

  /** What is synced outside of the queue, where what comes next is written meanwhile. */
  let beside: Promise<void> = Promise.resolve()

  async function syncBeside(): Promise<void> {
    if (failure) return
    const synced = file.sync().catch(fail)
    const before = beside
    beside = synced.then(() => before)
    await synced
  }

  const paced = createPacedSync(syncBeside, schedule)

  function sync(): Promise<void> {
    return enqueue(() => {
      paced.overtaken()
      return file.sync()
    })
  }

  function write(time: number, entry: RecordEntry): Promise<void> {
    return enqueue(async () => {
      const line = encodeLine(seq, head ?? null, time, entry)
      await file.append(line.bytes)
      seq += 1
      head = line.hash
    })
  }

  function writeOutput({ execution, startedAt }: OpenStep, parts: readonly OutputPart[]): void {
    for (const part of parts) write(startedAt + part.at, { execution, ...part }).then(paced.written)
  }

  function flush(open: OpenStep, final: boolean): Promise<void> {
    open.cancelMerge?.()
    open.cancelMerge = undefined
    let text = open.pieces.join('')
    open.pieces = []
    open.held = 0
    while (text !== '') {
      const cut = cutAt(text, final)
      if (cut === 0) break
      writeOutput(open, open.output.take(open.at, text.slice(0, cut)))
      text = text.slice(cut)
    }
    if (final) writeOutput(open, open.output.end())
    if (text !== '') {
      open.pieces.push(text)
      open.held = text.length
    }
    return tail
  }

  async function output(
    event: Extract<RunEvent, { type: 'output' }>,
    utf8: readonly Uint8Array[] | undefined,
  ): Promise<void> {
    const open = steps.get(event.execution)
    if (!open || event.text === '') return
    if (utf8 !== undefined && event.text.length > worthALine && fitsLines(open.output, event.text, utf8)) {
      flush(open, false)
      if (open.held === 0) {
        const at = Math.max(0, event.time - open.startedAt)
        writeOutput(open, open.output.take(at, event.text, utf8))
        return tail
      }
    }
    // Never joined to more than a line holds: large strings that live for a moment are what fills a heap.
    const written = open.held + event.text.length > textLimit ? flush(open, false) : undefined
    if (open.pieces.length === 0) open.at = Math.max(0, event.time - open.startedAt)
    open.pieces.push(event.text)
    open.held += event.text.length
    if (open.held >= textLimit) return flush(open, false)
    open.cancelMerge ??= schedule(() => void flush(open, false), mergeMs)
    return written
  }

  async function record(event: RunEvent, utf8: readonly Uint8Array[] | undefined): Promise<void> {
    switch (event.type) {
      case 'run-started':
        startedAt = event.time
        write(event.time, { type: 'run-start', format: recordFormat, ...event.run, parents })
        return sync()
      case 'step-started': {
        const { execution, step } = event
        const output = keepOutput(outputLimit, digest())
        steps.set(execution, { execution, startedAt: event.time, output, pieces: [], held: 0, at: 0 })
        await write(event.time, { type: 'step-start', execution, ...step, textSha256: sha256(step.text) })
        // Not waited for: the step's process starts meanwhile.
        void syncBeside()
        return
      }
      case 'output':
        if (event.kept === '') return
        return output(event.kept === undefined ? event : { ...event, text: event.kept }, utf8)
      // What is typed is shown and never kept; a question says nothing that its answer does not.
      case 'echo':
      case 'waiting':
        return
      case 'step-ended': {
        const { type: _, time, stepId, ...rest } = event
        const open = steps.get(event.execution)
        if (open) flush(open, true)
        steps.delete(event.execution)
        write(time, {
          type: 'step-end',
          id: stepId,
          ...rest,
          outputBytes: open?.output.bytes() ?? 0,
          outputSha256: open?.output.sha256() ?? sha256(''),
        })
        return sync()
      }
      case 'note':
        write(event.time, { type: 'note', text: event.text })
        return sync()
      case 'run-ended': {
        const { type: _, time, ...rest } = event
        for (const open of steps.values()) flush(open, true)
        write(time, { type: 'run-end', ...rest, durationMs: time - startedAt })
        return sync()
      }
    }
  }

  return {
    async handle(event, utf8) {
      await record(event, utf8)
      if (event.type === 'run-ended') {
        await beside
        await closeQuietly(file)
      }
      return failure
    },
    head: () => head,
  }
}

function fitsLines(kept: KeptOutput, text: string, utf8: readonly Uint8Array[]): boolean {
  return text.length <= textLimit || (kept.isPastHead() && utf8.every((part) => part.length <= textLimit))
}

/** How much of `text` goes into the next line: a character outside the BMP is never cut in two. */
function cutAt(text: string, final: boolean): number {
  const cut = Math.min(text.length, textLimit)
  const splits = (text.charCodeAt(cut - 1) & 0xfc00) === 0xd800
  return splits && !(final && cut === text.length) ? cut - 1 : cut
}

/** What closing could still report was reported by the sync before it. */
async function closeQuietly(file: RecordFile): Promise<void> {
  await file.close().catch(() => undefined)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
