import { bufferOf } from './bytes.ts'

/** Whether the text of an output line is there, or was taken out. */
export type OutputLine = 'kept' | 'pruned'

/** How a line begins, from the end of its number on. */
const [prev, time, type] = [',"prev":"', '","time":"', '","type":"output",']
const beforeNumber = '{"seq":'.length
const hashEnd = prev.length + 64
const timeEnd = hashEnd + time.length + '2026-08-03T00:12:08.113Z'.length
const detailsAt = timeEnd + type.length
const firstOfName = detailsAt - 'output",'.length
/** Bytes in which the details have said whether there is a text. */
const detailsLength = 80
const details = /^"execution":\d+,"at":\d+(?:\.\d+)?,"(text|pruned)":"/
const [zero, nine, letterO] = [48, 57, 111]

/**
 * Tells an output line by how Baton begins it: most of a record is output, and parsing it takes long. Undefined for every other
 * line, and for an output line that begins otherwise.
 * @param line whole, without its line end
 */
export function outputLineOf(line: Uint8Array): OutputLine | undefined {
  let at = beforeNumber
  for (let digit = line[at] ?? 0; digit >= zero && digit <= nine; digit = line[at] ?? 0) at += 1
  // Which most other lines are not.
  if (line[at + firstOfName] !== letterO) return undefined
  const text = bufferOf(line).toString('latin1', at, at + detailsAt + detailsLength)
  if (!text.startsWith(prev) || text.indexOf('"', prev.length) !== hashEnd) return undefined
  if (!text.startsWith(time, hashEnd) || text.indexOf('"', hashEnd + time.length) !== timeEnd) return undefined
  if (!text.startsWith(type, timeEnd)) return undefined
  const [, holds] = details.exec(text.slice(detailsAt)) ?? []
  return holds === undefined ? undefined : holds === 'text' ? 'kept' : 'pruned'
}
