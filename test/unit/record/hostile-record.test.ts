import assert from 'node:assert/strict'
import { createSummarizer, summarizeRecord } from '../../../src/record/summarizer.ts'
import { createTranscriptReader, readTranscript } from '../../../src/record/transcript.ts'
import { verifyRecord } from '../../../src/record/verify.ts'
import { record, runEnded, runStarted, smallRun } from './memory-file.ts'

const bytesOf = (text: string) => Buffer.from(text)
const first = async () => Buffer.from(await record([runStarted])).toString()

describe('a record of a newer format', () => {
  it('is read as far as it is known, and says so', async () => {
    const newer = bytesOf(
      Buffer.from(await record(smallRun))
        .toString()
        .replace('"format":1', '"format":2,"colour":"green"'),
    )
    const { newerFormat, run, steps } = readTranscript(newer)
    assert.deepEqual([newerFormat, run?.id, steps.length], [2, 'a1b2c3d4e5f6', 2])
    assert.equal(summarizeRecord('x', newer).outcome, 'succeeded')
    assert.equal(readTranscript(await record(smallRun)).newerFormat, undefined)
  })

  it('is told from what is no record, where its first line cannot be read', () => {
    const line =
      '{"seq":0,"prev":null,"time":"2030-01-01T00:00:00.000Z","type":"run-start","format":3,"who":"k.sato"}\n'
    const summary = summarizeRecord('x', bytesOf(line))
    assert.equal(summary.outcome === 'unreadable' && summary.reason, 'newer-format')
    const { run, newerFormat } = readTranscript(bytesOf(line))
    assert.deepEqual([run, newerFormat], [undefined, 3])
    assert.equal(verifyRecord(bytesOf(line)).kind, 'incomplete')
    const other = summarizeRecord('x', bytesOf(line.replace('run-start', 'note')))
    assert.equal(other.outcome === 'unreadable' && other.reason, 'not-a-record')
  })
})

describe('a record of millions of lines', () => {
  const step = (execution: number) =>
    `{"seq":1,"prev":null,"time":"2026-09-01T09:30:00.000Z","type":"step-start","execution":${execution},"id":"s${execution}","kind":"command","text":"x"}\n` +
    `{"seq":1,"prev":null,"time":"2026-09-01T09:30:00.000Z","type":"step-end","execution":${execution},"id":"s${execution}","outcome":"succeeded"}\n`
  const note = `{"seq":1,"prev":null,"time":"2026-09-01T09:30:00.000Z","type":"note","text":"${'n'.repeat(1000)}"}\n`

  it('is shown as far as anybody reads, and says how much is left out', async () => {
    const reader = createTranscriptReader()
    reader.push(bytesOf(await first()))
    for (let execution = 1; execution <= 10_500; execution++) reader.push(bytesOf(step(execution)))
    for (let count = 0; count < 5000; count++) reader.push(bytesOf(note))
    const { steps, notes, leftOut } = reader.end()
    assert.equal(steps.length, 10_000)
    assert.ok(notes.length < 5000)
    assert.equal(leftOut, 500 + 5000 - notes.length)
  })

  it('is summed up without holding all of it', async function () {
    this.timeout(20_000)
    const summarizer = createSummarizer('x')
    summarizer.push(bytesOf(await first()))
    for (let execution = 1; execution <= 101_000; execution++) summarizer.push(bytesOf(step(execution)))
    summarizer.push(
      bytesOf(
        Buffer.from(await record([runStarted, runEnded]))
          .toString()
          .split('\n')[1] ?? '',
      ),
    )
    const { summary } = summarizer.end(0)
    assert.ok(summary.outcome === 'succeeded')
    assert.equal(Object.keys(summary.results).length, 100_000)
    assert.equal(summary.started, 101_000)
  })
})
