/**
 * From an edit to the runbook in an open document of 5,000 lines, whose limit is one frame, against the least that anything
 * could do with the text: split it into lines and hash it. Beside it, the reading of a whole file.
 *
 *   node bench/runbook.ts
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createIncrementalParser } from '../src/runbook/incremental.ts'
import { parseRunbook } from '../src/runbook/parse.ts'

const LINES = 5000
const LIMIT_MS = 16
const EDITS = 500

/** Runbooks as people wrote them, one behind the other as sections of one file. */
function longRunbook(): string {
  const folder = join(import.meta.dirname, '../test/corpus')
  const sections = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md') && entry.parentPath !== folder)
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .map((text) => text.replace(/^---\n(?:.*\n)*?---\n/, '').replaceAll(/^# /gm, '## '))
    .toSorted()
  const lines = '---\ntitle: Everything\nsecrets: [TOKEN]\nparameters: [{ name: HOST }]\n---\n# Everything\n'.split(
    '\n',
  )
  while (lines.length < LINES) for (const section of sections) lines.push(...section.split('\n'))
  return lines.slice(0, LINES).join('\n')
}

/** Time of the processor: what else runs on the computer is no part of it. */
function milliseconds(work: () => unknown): number {
  const begin = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(begin)
  return (user + system) / 1000
}

function percentile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN
}

/** Single characters at places all over the file; each edit stays, and every fifth is taken back. */
function edits(text: string): number[] {
  const parser = createIncrementalParser()
  parser.parse(text)
  const times: number[] = []
  let current = text
  for (let edit = 0; edit < EDITS; edit++) {
    const at = (edit * 7919 * 31) % current.length
    const character = 'abc xyz-.\n'[edit % 10] ?? 'x'
    const before = current
    current = current.slice(0, at) + character + current.slice(at)
    times.push(milliseconds(() => parser.parse(current)))
    if (edit % 5 === 0) {
      current = before
      times.push(milliseconds(() => parser.parse(current)))
    }
  }
  return times
}

const text = longRunbook()
const floor = () => createHash('sha256').update(text.split('\n').join('\n')).digest('hex')
const floorMs = milliseconds(() => Array.from({ length: 200 }, floor)) / 200

edits(text) // The first seconds of an editor are not what is measured here.
const times = edits(text)
const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)]
const whole = percentile(
  Array.from({ length: 10 }, () => milliseconds(() => parseRunbook(text))),
  0.5,
)
const line = (name: string, ms: number, limit = '') =>
  console.log(`${name}  ${ms.toFixed(1)} ms${limit}  ratio ${(ms / floorMs).toFixed(1)} × split+sha256`)

line('codelens-edit-5000-lines  p50', p50)
line('codelens-edit-5000-lines  p95', p95, `  (limit ${LIMIT_MS} ms)`)
line('whole-file-5000-lines     p50', whole)
process.exitCode = p95 <= LIMIT_MS ? 0 : 1
