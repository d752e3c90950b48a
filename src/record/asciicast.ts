import type { CastEvent, CastHead } from './cast.ts'

/** Of the terminal that a cast is for. A record does not say how large the one was in which its run ran. */
export interface CastSize {
  readonly columns: number
  readonly rows: number
}

/** 3 as the asciinema tool writes it since its version 3; 2 for older ones. */
export type AsciicastVersion = 2 | 3

/**
 * A cast in asciinema's format, line by line, each with its line end.
 * See https://docs.asciinema.org/manual/asciicast/v3/ and v2/.
 */
export async function* asciicast(
  head: CastHead,
  events: AsyncIterable<CastEvent>,
  { columns, rows }: CastSize,
  version: AsciicastVersion = 3,
): AsyncIterable<string> {
  const size =
    version === 3 ? { term: { cols: columns, rows, type: 'xterm-256color' } } : { width: columns, height: rows }
  const { title, command } = head
  yield jsonLine({ version, ...size, timestamp: Math.floor(head.startedAt / 1000), title, command })
  let before = 0
  for await (const { at, code, data } of events) {
    // Version 2 knows no exit, and counts from the beginning: version 3 from the event before.
    if (version === 2 && code === 'exit') continue
    yield jsonLine([seconds(version === 3 ? at - before : at), letters[code], data])
    before = at
  }
}

const letters = { output: 'o', marker: 'm', exit: 'x' } as const

/** Whole milliseconds as seconds: 0.1 stays 0.1 when many of them are added. */
function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000
}

function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`
}
