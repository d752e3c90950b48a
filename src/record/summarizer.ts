import type { Outcome, OutcomeCounts } from '../execution/event.ts'
import { MASK } from '../secrets/mask.ts'
import { type RecordLine, sha256 } from './line.ts'
import { type OutputLine, outputLineOf } from './output-line.ts'
import { prunedHash } from './pruned-line.ts'
import { knownLine, type LineObject, newerFormat, noCounts, readLineObject } from './read-line.ts'
import { createLineSplitter, type RawLine } from './split.ts'
import type { ActSummary, Digest, ReadableRun, RecordSummary, StepResult } from './summary.ts'
import { type EndedStep, tallySteps } from './tally.ts'

export interface Summarizer {
  push(chunk: Uint8Array): void
  /** @param modifiedAt when the file was last changed, milliseconds since the epoch: all that is known of what is no record */
  end(modifiedAt: number): Digest
}

/** Of one text (UTF-16 units): a longer one is looked through as far. */
const searchedLength = 100_000
/** Of all texts of a record. */
const searchedOfAll = 8_000_000
/** Executions that are told apart: no run has as many, and a file may be anything. */
const countedSteps = 100_000

/** Reads a record that arrives in chunks. Believes what it reads: whether that is true, `verifyRecord` says. */
export function createSummarizer(path: string): Summarizer {
  let any = false
  let isNewer = false
  let start: Extract<RecordLine, { type: 'run-start' | 'act' }> | undefined
  let close: Extract<RecordLine, { type: 'run-end' | 'run-abandoned' }> | undefined
  let lastWhole: Uint8Array | undefined
  let started = 0
  const texts = new Set<string>()
  let isPruned = false
  let rememberedUnits = 0
  const textHashes = new Map<number, string>()
  const maskedTexts = new Map<number, string>()
  const results = new Map<string, StepResult>()
  const ended: EndedStep[] = []
  /** By execution: what it ran for, where not for itself. */
  const serving = new Map<number, EndedStep['serves']>()

  function onLine({ bytes, ended }: RawLine): void {
    const output = any && ended ? outputLineOf(bytes) : undefined
    if (output === undefined) onObject(bytes, readLineObject(bytes))
    else onOutput(bytes, output)
  }

  function onOutput(bytes: Uint8Array, output: OutputLine): void {
    isPruned ||= output === 'pruned'
    if (start) lastWhole = bytes
  }

  function onObject(bytes: Uint8Array, object: LineObject | undefined): void {
    const first = !any
    any = true
    if (!first && !start) return
    if (object) lastWhole = bytes
    isPruned ||= object !== undefined && prunedHash(object.type, object.fields) !== undefined
    const line = object && object.type !== 'output' ? knownLine(object) : undefined
    if (first) isNewer = object !== undefined && newerFormat(object) !== undefined
    if (first) start = line?.type === 'run-start' || line?.type === 'act' ? line : undefined
    else if (line) onEntry(line)
  }

  function onEntry(line: RecordLine): void {
    switch (line.type) {
      case 'note':
        remember(line.text)
        return
      case 'step-start':
        started += 1
        if (started > countedSteps) return
        remember(line.text)
        textHashes.set(line.execution, line.textSha256)
        if (line.text.includes(MASK)) maskedTexts.set(line.execution, line.text)
        if (line.serves) serving.set(line.execution, line.serves)
        return
      case 'step-end': {
        if (ended.length >= countedSteps) return
        remember(line.note)
        const { outcome, durationMs, exitCode, problem } = line
        const textSha256 = textHashes.get(line.execution) ?? ''
        const maskedText = maskedTexts.get(line.execution)
        results.set(line.id, {
          outcome,
          time: Date.parse(line.time),
          durationMs,
          textSha256,
          ...(maskedText !== undefined && { maskedText }),
          ...(exitCode !== undefined && { exitCode }),
          ...(problem && { problemCode: problem.code }),
        })
        const serves = serving.get(line.execution)
        ended.push({ id: line.id, outcome, ...(serves && { serves }) })
        const undone = serves?.as === 'undo' ? results.get(serves.stepId) : undefined
        if (serves && undone && outcome === 'succeeded') results.set(serves.stepId, { ...undone, undone: true })
        return
      }
      case 'run-end':
      case 'run-abandoned':
        close ??= line
    }
  }

  function remember(text: string | undefined): void {
    if (!text || rememberedUnits > searchedOfAll) return
    const kept = text.slice(0, searchedLength)
    rememberedUnits += kept.length
    texts.add(kept)
  }

  const splitter = createLineSplitter(onLine)
  return {
    push(chunk) {
      splitter.push(chunk)
      // Copied, because whoever pushes may fill the same buffer again; `slice` of a Buffer would not copy.
      lastWhole &&= new Uint8Array(lastWhole)
    },
    end(modifiedAt) {
      splitter.end()
      if (!start) {
        const reason = isNewer ? 'newer-format' : any ? 'not-a-record' : 'empty'
        return { summary: { path, outcome: 'unreadable', reason, startedAt: modifiedAt }, parents: [], texts: [] }
      }
      const head = sha256(lastWhole ?? new Uint8Array())
      if (start.type === 'act') {
        remember(start.text)
        return { summary: actSummary(path, start), parents: start.parents, texts: [...texts], head }
      }
      const { id, runbook, operator, origin, host, parents, batch, resumes, follows } = start
      const summary: ReadableRun = {
        path,
        id,
        runbook,
        operator,
        origin,
        ...(batch && { batch }),
        ...(resumes && { resumes }),
        ...(follows && { follows }),
        head,
        startedAt: Date.parse(start.time),
        ...(close?.type === 'run-end' && { endedAt: Date.parse(close.time), durationMs: close.durationMs }),
        outcome: close === undefined ? 'running' : close.type === 'run-end' ? close.outcome : 'abandoned',
        counts: close?.type === 'run-end' ? close.counts : countsOf(results.values()),
        tally: tallySteps(ended),
        started,
        steps: [...results.keys()],
        ...(isPruned && { pruned: true as const }),
        results: Object.fromEntries(results),
      }
      return {
        summary,
        parents,
        texts: [...texts],
        head,
        ...(close === undefined && { openOn: host }),
      }
    },
  }
}

function actSummary(path: string, line: Extract<RecordLine, { type: 'act' }>): ActSummary {
  const {
    seq: _,
    prev: _prev,
    type: _type,
    format: _format,
    parents: _parents,
    host: _host,
    version: _version,
    ...rest
  } = line
  const { time, ...act } = rest
  return { path, outcome: 'act', ...act, startedAt: Date.parse(time) }
}

function countsOf(results: Iterable<StepResult>): OutcomeCounts {
  const counts: Record<Outcome, number> = { ...noCounts }
  for (const { outcome } of results) counts[outcome] += 1
  return counts
}

/** A record that is in memory. */
export function summarizeRecord(path: string, bytes: Uint8Array, modifiedAt = 0): RecordSummary {
  const summarizer = createSummarizer(path)
  summarizer.push(bytes)
  return summarizer.end(modifiedAt).summary
}
