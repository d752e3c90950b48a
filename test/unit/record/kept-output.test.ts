import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { keepOutput, type OutputPart } from '../../../src/record/kept-output.ts'
import { textLimit } from '../../../src/record/line.ts'
import { readLine } from '../../../src/record/read-line.ts'
import { createRecorder } from '../../../src/record/recorder.ts'
import { splitLines } from '../../../src/record/split.ts'
import { summarizeRecord } from '../../../src/record/summarizer.ts'
import { readTranscript } from '../../../src/record/transcript.ts'
import { verifyRecord } from '../../../src/record/verify.ts'
import { memoryFile, output, record, runEnded, runStarted, stepEnded, stepStarted } from './memory-file.ts'

const bytesOf = (text: string) => Buffer.byteLength(text)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** What is kept of texts that come one each 10 ms. */
function keep(limit: number, texts: readonly string[]) {
  const kept = keepOutput(limit)
  const now = texts.flatMap((text, index) => kept.take(index * 10, text))
  const rest = kept.end()
  return { now, rest, all: [...now, ...rest], bytes: kept.bytes(), sha256: kept.sha256() }
}

const textOf = (parts: readonly OutputPart[]) =>
  parts.map((part) => (part.type === 'output' ? part.text : '…')).join('')
const omittedOf = (parts: readonly OutputPart[]) =>
  parts.reduce((sum, part) => sum + (part.type === 'output-omitted' ? part.bytes : 0), 0)

describe('kept output', () => {
  it('is all of it up to the limit, however it is cut', () => {
    const text = 'あいう\nabc\n'.repeat(50)
    for (const size of [1, 7, 100, 1000]) {
      const texts = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
      const { all, bytes, sha256: hash } = keep(bytesOf(text), texts)
      assert.equal(textOf(all), text)
      assert.deepEqual([omittedOf(all), bytes, hash], [0, bytesOf(text), sha256(text)])
    }
  })

  it('is head and tail beyond it, with the bytes between them counted and all of them hashed', () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${index} 行\n`)
    const text = lines.join('')
    for (const limit of [100, 101, 333, 4000]) {
      const { all, now, bytes, sha256: hash } = keep(limit, lines)
      const gap = all.findIndex(({ type }) => type === 'output-omitted')
      const head = textOf(all.slice(0, gap))
      const tail = textOf(all.slice(gap + 1))
      assert.ok(text.startsWith(head) && text.endsWith(tail))
      assert.equal(textOf(now), head)
      assert.ok(bytesOf(head) <= limit / 2 && bytesOf(head) > limit / 2 - 4, `head of ${bytesOf(head)} bytes`)
      assert.ok(bytesOf(tail) <= limit / 2 && bytesOf(tail) > limit / 2 - 20, `tail of ${bytesOf(tail)} bytes`)
      assert.match(tail, /^line/)
      assert.equal(bytesOf(head) + omittedOf(all) + bytesOf(tail), bytesOf(text))
      assert.deepEqual([bytes, hash], [bytesOf(text), sha256(text)])
    }
  })

  it('keeps the time of every part, and of the first that is left out', () => {
    const { all } = keep(40, ['0123456789', '0123456789', 'left out!\n', 'left out?\n', '0123456789', 'abcdefghi\n'])
    assert.deepEqual(all, [
      { type: 'output', at: 0, text: '0123456789' },
      { type: 'output', at: 10, text: '0123456789' },
      { type: 'output-omitted', at: 20, bytes: 20 },
      { type: 'output', at: 40, text: '0123456789' },
      { type: 'output', at: 50, text: 'abcdefghi\n' },
    ])
  })

  it('cuts no character in two, and no line where one ends near', () => {
    for (let limit = 20; limit < 60; limit += 1) {
      const { all } = keep(limit, ['😀'.repeat(100)])
      assert.ok(all.every((part) => part.type !== 'output' || part.text.isWellFormed()))
      assert.equal(bytesOf(textOf(all).replace('…', '')) + omittedOf(all), 400)
    }
  })

  it('leaves out everything at a limit of 0', () => {
    const { all, bytes } = keep(0, ['a', 'b\n'])
    assert.deepEqual([all, bytes], [[{ type: 'output-omitted', at: 0, bytes: 3 }], 3])
    assert.deepEqual(keep(0, []).all, [])
  })

  it('takes the usual limit where a setting gives something else than a number', () => {
    assert.deepEqual(keep(Number.NaN, ['a', 'b\n']).all, keep(1024 * 1024, ['a', 'b\n']).all)
    assert.equal(omittedOf(keep(Number.NaN, ['x'.repeat(1024 * 1024 + 7)]).all), 7)
  })

  it('has no more lines for many short pieces than a file can bear', () => {
    const { all } = keep(
      1024 * 1024,
      Array.from({ length: 100_000 }, () => '.'),
    )
    assert.equal(all.length, 2 * 16_384 + 1)
    assert.equal(bytesOf(textOf(all).replace('…', '')) + omittedOf(all), 100_000)
  })
})

describe('a record with a limit on output', () => {
  const huge = Array.from({ length: 400 }, (_, index) => output(1, `${index}: ${'x'.repeat(9990)}\n`, index * 60))
  const text = huge.map((event) => (event.type === 'output' ? event.text : '')).join('')

  async function recorded(outputLimit?: number) {
    const file = memoryFile()
    const recorder = createRecorder(file, { parents: [], ...(outputLimit !== undefined && { outputLimit }) })
    for (const event of [runStarted, stepStarted(1), ...huge, stepEnded(1), runEnded]) await recorder.handle(event)
    return file.bytes()
  }

  it('verifies, and says what was left out and the hash of the whole', async () => {
    const bytes = await recorded(100_000)
    assert.equal(verifyRecord(bytes).kind, 'ok')
    assert.ok(bytes.length < 110_000)
    const lines = splitLines(bytes).map((line) => readLine(line.bytes))
    assert.deepEqual(
      [...new Set(lines.map((line) => line?.type))],
      ['run-start', 'step-start', 'output', 'output-omitted', 'step-end', 'run-end'],
    )
    const end = lines.find((line) => line?.type === 'step-end')
    assert.ok(end?.type === 'step-end')
    assert.deepEqual([end.outputBytes, end.outputSha256], [bytesOf(text), sha256(text)])
  })

  it('holds 1 MiB of a step unless told otherwise, and nothing is written for what is left out', async () => {
    const bytes = await recorded()
    assert.ok(bytes.length > 1024 * 1024 && bytes.length < 1.1 * 1024 * 1024)
  })

  it('is read with its gap, also by what passes the line over', async () => {
    const bytes = await recorded(100_000)
    const [step] = readTranscript(bytes).steps
    assert.ok(step?.omitted && text.startsWith(step.output) && text.endsWith(step.omitted.tail))
    assert.equal(bytesOf(step.output) + step.omitted.bytes + bytesOf(step.omitted.tail), bytesOf(text))
    const summary = summarizeRecord('p', bytes)
    assert.ok(summary.outcome === 'succeeded')
    const older = readTranscript(Buffer.from(bytes.toString().replace('"output-omitted"', '"unheard-of"')))
    assert.deepEqual([older.unknownLines, older.steps[0]?.result?.outcome], [1, 'succeeded'])
  })

  it('has the head when the process is killed in the middle', async () => {
    const file = memoryFile()
    const recorder = createRecorder(file, { parents: [], outputLimit: 100_000 })
    for (const event of [runStarted, stepStarted(1), ...huge]) await recorder.handle(event)
    const [step] = readTranscript(file.bytes()).steps
    assert.ok(step && step.output.length === 50_000 && text.startsWith(step.output))
    assert.equal(verifyRecord(file.bytes()).kind, 'incomplete')
  })

  it('writes the tail of a step that goes on when its run ends', async () => {
    const bytes = await record([runStarted, stepStarted(1), output(1, `${'a'.repeat(textLimit * 20)}END\n`), runEnded])
    assert.equal(readTranscript(bytes).steps[0]?.omitted?.tail.endsWith('aEND\n'), true)
    assert.equal(verifyRecord(bytes).kind, 'ok')
  })
})
