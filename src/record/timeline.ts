import type { RecordLine } from './line.ts'
import { readLine } from './read-line.ts'
import { createLineSplitter, type RawLine } from './split.ts'

/** A line of a record, and when it happened. */
export interface TimedLine {
  /** Milliseconds since the record began; never less than that of the line before. */
  readonly at: number
  readonly line: RecordLine
}

/** Opens the same record from its beginning, in chunks. */
export type OpenRecord = () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** The most bytes of lines that are held because they are written later than they happened. */
const heldLimit = 64 * 1024 * 1024

/**
 * The lines of a record in the order in which they happened. A record is written in nearly that order: the tail of a long
 * output is written when its step ends, after what other steps printed meanwhile. Such lines alone are held in memory, and
 * for them the record is read twice. Lines that say nothing to this version are left out.
 */
export async function* linesInTime(open: OpenRecord): AsyncIterable<TimedLine> {
  const late = await lateLines(open)
  const held = [...late].sort(([, a], [, b]) => a.at - b.at).map(([, timed]) => timed)
  let next = 0
  let index = 0
  let now = 0
  const clock = createClock()
  for await (const raw of rawLines(open)) {
    const place = index++
    const isHeld = late.has(place)
    const line = isHeld ? undefined : readLine(raw.bytes)
    const at = line && clock.at(placeOf(line))
    if (line === undefined || at === undefined) continue
    for (let due = held[next]; due && due.at < at; due = held[++next]) {
      now = Math.max(now, due.at)
      yield { at: now, line: due.line }
    }
    now = Math.max(now, at)
    yield { at: now, line }
  }
  for (const { at, line } of held.slice(next)) {
    now = Math.max(now, at)
    yield { at: now, line }
  }
}

async function lateLines(open: OpenRecord): Promise<ReadonlyMap<number, TimedLine>> {
  const late = new Map<number, TimedLine>()
  const clock = createClock()
  let latest = 0
  let index = 0
  let bytesHeld = 0
  for await (const raw of rawLines(open)) {
    const place = index++
    const known = outputPlace(raw) ?? placeOf(readLine(raw.bytes))
    const at = clock.at(known)
    if (at === undefined) continue
    if (at < latest && bytesHeld < heldLimit) {
      const line = readLine(raw.bytes)
      if (line === undefined) continue
      bytesHeld += raw.bytes.length
      late.set(place, { at, line })
    }
    latest = Math.max(latest, at)
  }
  return late
}

type LinePlace =
  | { readonly kind: 'output'; readonly execution: number; readonly at: number }
  | { readonly kind: 'border'; readonly time: number; readonly begins?: number }

function placeOf(line: RecordLine | undefined): LinePlace | undefined {
  if (line === undefined) return undefined
  if (line.type === 'output' || line.type === 'output-omitted') {
    return { kind: 'output', execution: line.execution, at: line.at }
  }
  const time = Date.parse(line.time)
  return line.type === 'step-start' ? { kind: 'border', time, begins: line.execution } : { kind: 'border', time }
}

/** Output is most of a record: its place is in what such a line begins with, as Baton writes it. */
const outputHead =
  /^\{"seq":\d+,"prev":"[0-9a-f]{64}","time":"[^"]{24}","type":"output(?:-omitted)?","execution":(\d+),"at":(\d+),/
const headLength = 200
const latin1 = new TextDecoder('latin1')

function outputPlace({ bytes, ended }: RawLine): LinePlace | undefined {
  const [, execution, at] = outputHead.exec(latin1.decode(bytes.subarray(0, headLength))) ?? []
  return ended && execution !== undefined ? { kind: 'output', execution: Number(execution), at: Number(at) } : undefined
}

/** What lies between steps is in order; a clock that was set back in the middle of a run takes nothing out of that order. */
function createClock() {
  const starts = new Map<number, number>()
  let began: number | undefined
  let before = 0
  let setBack = 0
  return {
    at(place: LinePlace | undefined): number | undefined {
      if (place?.kind === 'output') {
        const start = starts.get(place.execution)
        return start === undefined ? undefined : start + Math.max(0, place.at)
      }
      if (place === undefined) return undefined
      began ??= place.time
      setBack = Math.max(setBack, before - (place.time - began))
      before = place.time - began + setBack
      if (place.begins !== undefined) starts.set(place.begins, before)
      return before
    },
  }
}

async function* rawLines(open: OpenRecord): AsyncIterable<RawLine> {
  let lines: RawLine[] = []
  const splitter = createLineSplitter((line) => lines.push(line))
  for await (const chunk of open()) {
    splitter.push(chunk)
    yield* lines
    lines = []
  }
  splitter.end()
  yield* lines
}
