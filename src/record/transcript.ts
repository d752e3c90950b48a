import type { Ending, Outcome, OutcomeCounts, RunDescription, StepDescription } from '../execution/event.ts'
import { plainText, type ScreenText } from '../execution/terminal-text.ts'
import type { RecordedAct } from './act.ts'
import type { RecordedProblem, RecordLine } from './line.ts'
import { newerFormat, readLine, readLineObject } from './read-line.ts'
import { createLineSplitter } from './split.ts'

/** A record as a page shows it, without words. Times are in milliseconds since the epoch. */
export interface Transcript {
  /** Undefined where the file does not begin as the record of a run does: then there is nothing else either, or an act. */
  readonly run?: RunDescription
  /** What the record is of, where it is of no run. */
  readonly act?: RecordedAct
  readonly startedAt: number
  readonly end: TranscriptEnd
  /** Step executions in the order in which they began. */
  readonly steps: readonly TranscriptStep[]
  readonly notes: readonly TranscriptNote[]
  /** Lines that say nothing to this version: cut, hand-edited, or of a newer format. */
  readonly unknownLines: number
  /** The format, where it is newer than what this version knows: it may say more than stands here. */
  readonly newerFormat?: number
  /** Steps and notes that are not here, because there are more than anybody reads. */
  readonly leftOut?: number
}

/** What the operator wrote down between steps. */
export interface TranscriptNote {
  readonly time: number
  readonly text: string
  /** How many of the steps had begun before it. */
  readonly after: number
}

export type TranscriptEnd =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'ended'
      readonly time: number
      readonly outcome: Outcome
      readonly counts: OutcomeCounts
      readonly durationMs: number
    }
  | { readonly kind: 'abandoned'; readonly time: number; readonly by: string; readonly reason: string }

export interface TranscriptStep extends StepDescription {
  readonly execution: number
  readonly startedAt: number
  /** Missing while the step runs, and where the record ends before it. */
  readonly result?: StepEnding
  /**
   * As a terminal would have left it: no control sequences, progress bars in their last state. Its head alone where something
   * is left out.
   */
  readonly output: string
  /** Bytes (UTF-8) of output that was on record and was taken out later. */
  readonly prunedBytes?: number
  /** What is not here, because the record or the page holds no more: bytes of UTF-8, and the output's tail behind it. */
  readonly omitted?: { readonly bytes: number; readonly tail: string }
}

/** How a step ended, as the record says it. */
export interface StepEnding extends Omit<Ending, 'problem'> {
  readonly time: number
  readonly durationMs: number
  readonly problem?: RecordedProblem
  /** Of everything that the step printed, masked, whether it is on record or not. Missing where the record does not say. */
  readonly outputSha256?: string
}

export interface TranscriptReader {
  push(chunk: Uint8Array): void
  end(): Transcript
}

/** The most raw output of one step that a page holds: half of it from its beginning, half from its end. */
const shownLimit = 1024 * 1024
/** The most steps, and the most notes: a file of a gigabyte may have millions. */
const shownCount = 10_000
/** The most of all notes together, in UTF-16 units. */
const shownNotes = 4 * 1024 * 1024

interface OpenStep {
  readonly description: Omit<TranscriptStep, 'output' | 'omitted' | 'prunedBytes' | 'result'>
  result?: TranscriptStep['result']
  first: string
  /** Nothing more comes behind `first`: it is full, or the record leaves out what followed. */
  isFirstFull: boolean
  last: string
  omittedBytes: number
  prunedBytes: number
}

/** @param shown what is shown of a step's raw output */
export function createTranscriptReader(shown: (raw: string) => string = plainText): TranscriptReader {
  let start: Extract<RecordLine, { type: 'run-start' }> | undefined
  let act: Extract<RecordLine, { type: 'act' }> | undefined
  let end: TranscriptEnd = { kind: 'none' }
  let unknownLines = 0
  let isBegun = false
  let newer: number | undefined
  let leftOut = 0
  let notedUnits = 0
  const steps = new Map<number, OpenStep>()
  const notes: TranscriptNote[] = []

  function onBytes(bytes: Uint8Array): void {
    if (!isBegun) {
      isBegun = true
      const first = readLineObject(bytes)
      newer = first && newerFormat(first)
    }
    onLine(readLine(bytes))
  }

  function onLine(line: RecordLine | undefined): void {
    const isFirst = line?.type === 'run-start' || line?.type === 'act'
    if (!line || isFirst === (start !== undefined || act !== undefined)) unknownLines += 1
    else onEntry(line)
  }

  function onEntry(line: RecordLine): void {
    const time = Date.parse(line.time)
    switch (line.type) {
      case 'run-start':
        start = line
        return
      case 'step-start': {
        if (steps.size >= shownCount) {
          leftOut += 1
          return
        }
        const { seq: _, prev: _prev, time: _time, type: _type, textSha256: _sha256, ...description } = line
        const step = { ...description, startedAt: time }
        steps.set(line.execution, {
          description: step,
          first: '',
          isFirstFull: false,
          last: '',
          omittedBytes: 0,
          prunedBytes: 0,
        })
        return
      }
      case 'output': {
        const step = steps.get(line.execution)
        if (step && line.pruned) step.prunedBytes += line.pruned.bytes
        else if (step) addOutput(step, line.text)
        return
      }
      case 'output-omitted': {
        const step = steps.get(line.execution)
        if (step) leaveOut(step, line.bytes)
        return
      }
      case 'step-end': {
        const { seq: _, prev: _prev, type: _type, execution, id: _id, outputBytes: _bytes, ...rest } = line
        const { outputSha256, pruned, ...ending } = rest
        const step = steps.get(execution)
        if (step) step.result = { ...ending, time, ...(outputSha256 !== '' && { outputSha256 }) }
        if (step && pruned) step.prunedBytes += pruned.bytes
        return
      }
      case 'note':
        notedUnits += line.text.length
        if (notes.length >= shownCount || notedUnits > shownNotes) leftOut += 1
        else notes.push({ time, text: line.text, after: steps.size })
        return
      case 'run-end':
        end = { kind: 'ended', time, outcome: line.outcome, counts: line.counts, durationMs: line.durationMs }
        return
      case 'run-abandoned':
        end = { kind: 'abandoned', time, by: line.by, reason: line.reason }
        return
      case 'act':
        act = line
    }
  }

  const splitter = createLineSplitter(({ bytes }) => onBytes(bytes))
  return {
    push: (chunk) => splitter.push(chunk),
    end() {
      splitter.end()
      return {
        ...(start && { run: start }),
        ...(act && { act }),
        startedAt: Date.parse((start ?? act)?.time ?? '') || 0,
        end,
        steps: [...steps.values()].map(({ description, result, first, last, omittedBytes, prunedBytes }) => ({
          ...description,
          ...(result && { result }),
          output: shown(omittedBytes > 0 ? first : first + last),
          ...(prunedBytes > 0 && { prunedBytes }),
          ...(omittedBytes > 0 && { omitted: { bytes: omittedBytes, tail: shown(last) } }),
        })),
        notes,
        unknownLines,
        ...(newer !== undefined && { newerFormat: newer }),
        ...(leftOut > 0 && { leftOut }),
      }
    },
  }
}

function addOutput(step: OpenStep, text: string): void {
  const half = shownLimit / 2
  const room = step.isFirstFull ? 0 : half - step.first.length
  step.first += text.slice(0, room)
  step.isFirstFull ||= text.length > room
  step.last += text.slice(room)
  if (step.last.length > 2 * half) {
    step.omittedBytes += Buffer.byteLength(step.last.slice(0, -half))
    step.last = step.last.slice(-half)
  }
}

function leaveOut(step: OpenStep, bytes: number): void {
  step.omittedBytes += Buffer.byteLength(step.last) + bytes
  step.isFirstFull = true
  step.last = ''
}

/** Reads a record whose outputs are to be what a terminal shows of them in the end. */
export async function readOnScreen(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  screenText: ScreenText,
): Promise<Transcript> {
  const reader = createTranscriptReader((raw) => raw)
  for await (const chunk of chunks) reader.push(chunk)
  const transcript = reader.end()
  const steps: TranscriptStep[] = []
  // One after the other: each takes the memory of a whole terminal.
  for (const { output, omitted, ...step } of transcript.steps) {
    steps.push({
      ...step,
      output: await screenText(output),
      ...(omitted && { omitted: { bytes: omitted.bytes, tail: await screenText(omitted.tail) } }),
    })
  }
  return { ...transcript, steps }
}

/** A record that is in memory, or its chunks in order. */
export function readTranscript(record: Uint8Array | Iterable<Uint8Array>): Transcript {
  const reader = createTranscriptReader()
  for (const chunk of record instanceof Uint8Array ? [record] : record) reader.push(chunk)
  return reader.end()
}
