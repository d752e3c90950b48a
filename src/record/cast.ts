import { type CastWords, createCastScreen } from './cast-screen.ts'
import { readLine } from './read-line.ts'
import { createLineSplitter } from './split.ts'
import { linesInTime, type OpenRecord } from './timeline.ts'

/** One thing that happens in a cast. */
export interface CastEvent {
  /** Milliseconds since the beginning. */
  readonly at: number
  readonly code: 'output' | 'marker' | 'exit'
  /** Of an exit, its status as a number. */
  readonly data: string
  /** The execution of a step that a marker stands for, or that printed the output. */
  readonly execution?: number
}

/** What a cast says of itself before anything happens. */
export interface CastHead {
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly title: string
  /** The command line that would carry out the same runbook. */
  readonly command: string
}

export interface CastOptions {
  readonly words: CastWords
  /** Only what this execution printed, from its start on, with nothing around it. */
  readonly execution?: number
  /** The most UTF-16 units of output that are played; what comes later is left out, and said. */
  readonly outputLimit?: number
}

/** Undefined where the file does not begin as the record of a run does. */
export async function castHead(open: OpenRecord): Promise<CastHead | undefined> {
  let first: Uint8Array | undefined
  const splitter = createLineSplitter(({ bytes }) => {
    first ??= bytes
  })
  for await (const chunk of open()) {
    splitter.push(chunk)
    if (first) break
  }
  splitter.end()
  const line = first && readLine(first)
  if (line?.type !== 'run-start') return undefined
  const { title, path } = line.runbook
  return { startedAt: Date.parse(line.time), title: title || path, command: `baton run ${path}` }
}

/**
 * A run as its terminal showed it, from a record of any length: a header and a marker for each step, output at its time, how
 * each step and the run ended. Memory does not grow with the record.
 */
export async function* castOf(open: OpenRecord, options: CastOptions): AsyncIterable<CastEvent> {
  if (options.execution !== undefined) return yield* outputOf(open, options.execution, options.words)
  const { words, outputLimit = Number.POSITIVE_INFINITY } = options
  const screen = createCastScreen(words)
  let shown = 0
  let isFull = false
  for await (const { at, line } of linesInTime(open)) {
    if (line.type === 'output') {
      shown += line.text.length
      if (shown > outputLimit) {
        if (!isFull) yield { at, code: 'output', data: `\r\n\x1b[90m… ${words.notPlayed()}\x1b[39m\r\n` }
        isFull = true
        continue
      }
    }
    if (line.type === 'step-start') yield { at, code: 'marker', data: line.title, execution: line.execution }
    const data = screen.show(line)
    const execution = 'execution' in line && { execution: line.execution }
    if (data !== '') yield { at, code: 'output', data, ...execution }
    if (line.type === 'run-end') yield { at, code: 'exit', data: line.outcome === 'succeeded' ? '0' : '1' }
  }
}

async function* outputOf(open: OpenRecord, execution: number, words: CastWords): AsyncIterable<CastEvent> {
  let began: number | undefined
  let saysPruned = false
  for await (const { at, line } of linesInTime(open)) {
    if (!('execution' in line) || line.execution !== execution) continue
    if (line.type === 'step-start') began = at
    if (began === undefined) continue
    const event = { at: at - began, code: 'output', execution } as const
    if (line.type === 'output' && line.pruned) {
      if (!saysPruned) yield { ...event, data: `\x1b[90m… ${words.pruned()}\x1b[39m\r\n` }
      saysPruned = true
    } else if (line.type === 'output') yield { ...event, data: line.text.replace(/\r?\n/g, '\r\n') }
    if (line.type === 'output-omitted') yield { ...event, data: `\x1b[90m… ${words.leftOut(line.bytes)}\x1b[39m\r\n` }
    if (line.type === 'step-end') return yield { ...event, data: '' }
  }
}
