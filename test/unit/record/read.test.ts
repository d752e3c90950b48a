import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { plainText } from '../../../src/execution/terminal-text.ts'
import { createRecorder } from '../../../src/record/recorder.ts'
import { createSummarizer, summarizeRecord } from '../../../src/record/summarizer.ts'
import { readTranscript } from '../../../src/record/transcript.ts'
import { verifyRecord } from '../../../src/record/verify.ts'
import {
  description,
  memoryFile,
  output,
  record,
  runEnded,
  runStarted,
  smallRun,
  start,
  stepEnded,
  stepStarted,
} from './memory-file.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

describe('summarizeRecord', () => {
  it('says what a list shows', async () => {
    const bytes = await record([
      { ...runStarted, run: { ...description, follows: '0f0e0d0c0b0a' } },
      ...smallRun.slice(1),
    ])
    const { results, ...summary } = { results: undefined, ...summarizeRecord('p', bytes) }
    const verified = verifyRecord(bytes)
    assert.ok(verified.kind === 'ok')
    assert.deepEqual(summary, {
      path: 'p',
      id: description.id,
      runbook: description.runbook,
      operator: description.operator,
      origin: 'editor',
      follows: '0f0e0d0c0b0a',
      head: verified.head,
      startedAt: start,
      endedAt: start + 10_000,
      durationMs: 10_000,
      outcome: 'succeeded',
      counts: { succeeded: 2, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 },
      tally: { all: 2, succeeded: 2, undone: 0 },
      started: 2,
      steps: ['step-1', 'step-2'],
    })
    assert.deepEqual(results?.['step-1'], {
      outcome: 'succeeded',
      time: start + 1500,
      durationMs: 500,
      exitCode: 0,
      textSha256: '584a331fd6b02dcb1ecbe2eba731f609a2e1e3dac0bb73ae998dfad14c309a77',
    })
  })

  it('keeps the last result of a step that ran twice', async () => {
    const again = { ...stepEnded(2), stepId: 'step-1', outcome: 'failed', exitCode: 3 } as const
    const summary = summarizeRecord(
      'p',
      await record([runStarted, stepStarted(1), stepEnded(1), stepStarted(2), again]),
    )
    assert.ok(summary.outcome === 'running')
    assert.equal(summary.results['step-1']?.outcome, 'failed')
    assert.deepEqual(summary.counts, { succeeded: 0, failed: 1, skipped: 0, cancelled: 0, 'timed-out': 0 })
  })

  it('tells what was undone from what still stands', async () => {
    const first = stepStarted(2)
    const undo = { ...first, step: { ...first.step, serves: { as: 'undo', stepId: 'step-1' } } } as const
    const undone = async (outcome: 'succeeded' | 'failed') => {
      const events = [runStarted, stepStarted(1), stepEnded(1), undo, { ...stepEnded(2), outcome }]
      const summary = summarizeRecord('p', await record(events))
      return summary.outcome === 'running' && [summary.results['step-1']?.undone, summary.tally]
    }
    assert.deepEqual(await undone('succeeded'), [true, { all: 1, succeeded: 0, undone: 1 }])
    assert.deepEqual(await undone('failed'), [undefined, { all: 1, succeeded: 1, undone: 0 }])
  })

  it('says of which batch a run is, and which run it goes on from', async () => {
    const batch = { id: 'b1', row: 3, rows: 20 }
    const resumes = { run: 'ffffffffffff', step: 'step-2' }
    const run = { ...description, batch, resumes }
    const summary = summarizeRecord('p', await record([{ ...runStarted, run }, runEnded]))
    assert.ok(summary.outcome === 'succeeded')
    assert.deepEqual([summary.batch, summary.resumes], [batch, resumes])
  })

  it('counts as the run itself did, where it was closed', async () => {
    const counts = { succeeded: 7, failed: 0, skipped: 1, cancelled: 0, 'timed-out': 0 }
    const bytes = await record([runStarted, stepStarted(1), stepEnded(1), { ...runEnded, counts }])
    const summary = summarizeRecord('p', bytes)
    assert.deepEqual(summary.outcome === 'succeeded' && summary.counts, counts)
  })

  it('takes a record without an end for running, and gives its head as verification does', async () => {
    const bytes = await record([runStarted, stepStarted(1), output(1, 'x'), stepEnded(1), stepStarted(2)], ['h0'])
    for (const cut of [bytes, Buffer.concat([bytes, bytesOf('{"seq":4,"prev')])]) {
      const summarizer = createSummarizer('p')
      summarizer.push(cut)
      const digest = summarizer.end(0)
      assert.equal(digest.summary.outcome, 'running')
      assert.deepEqual(digest.openOn, description.host)
      assert.deepEqual(digest.parents, ['h0'])
      const found = verifyRecord(cut)
      assert.equal(digest.head, found.kind === 'incomplete' && found.head)
    }
  })

  it('gives the head of a record that ends in output', async () => {
    const bytes = await record([runStarted, stepStarted(1), output(1, 'y'.repeat(70_000))])
    const summarizer = createSummarizer('p')
    summarizer.push(bytes)
    const found = verifyRecord(bytes)
    assert.equal(summarizer.end(0).head, found.kind === 'incomplete' && found.head)
  })

  it('calls what is no record unreadable, and says why', () => {
    const reasonOf = (text: string) => summarizeRecord('p', bytesOf(text), 7)
    assert.deepEqual(reasonOf(''), { path: 'p', outcome: 'unreadable', reason: 'empty', startedAt: 7 })
    for (const text of ['# x\n', '{}\n', '{"seq":0,"prev":null,"time":"x","type":"run-start"}\n', '\n\n']) {
      assert.deepEqual(reasonOf(text), { path: 'p', outcome: 'unreadable', reason: 'not-a-record', startedAt: 7 })
    }
  })

  it('reads a newer format as far as it is known, and skips lines that are damaged', async () => {
    const text = Buffer.from(await record(smallRun)).toString('utf8')
    const newer = text
      .replace('"format":1', '"format":9,"planet":{"name":"Mars"}')
      .replace('"type":"output"', '"type":"sound"')
    assert.equal(summarizeRecord('p', bytesOf(newer)).outcome, 'succeeded')
    const damaged = text.replace('{"seq":3', '{seq:3')
    const summary = summarizeRecord('p', bytesOf(damaged))
    assert.ok(summary.outcome === 'succeeded')
    assert.deepEqual(Object.keys(summary.results), ['step-2'])
  })
})

describe('readTranscript', () => {
  it('gives the run and each step with what it printed, in order', async () => {
    const { run, steps, end, startedAt, unknownLines } = readTranscript(await record(smallRun))
    assert.equal(run?.operator.name, '佐藤 健')
    assert.deepEqual(run?.parameters, { USER_ID: 't.suzuki' })
    assert.equal(startedAt, start)
    assert.deepEqual([end.kind, end.kind === 'ended' && end.outcome], ['ended', 'succeeded'])
    assert.deepEqual(
      steps.map(({ id, text, output, shell, result }) => [id, text, output, shell, result?.exitCode]),
      [
        ['step-1', 'echo hello', 'hello\n', 'bash', 0],
        ['step-2', 'echo こんにちは', 'こんにちは\n', 'bash', 0],
      ],
    )
    assert.equal(unknownLines, 0)
  })

  it('joins output over lines before it takes control sequences out', async () => {
    const parts = [output(1, '\u001b[3', 1), output(1, '1mred\u001b[0m\r\n', 90)]
    const bytes = await record([runStarted, stepStarted(1), ...parts, stepEnded(1), runEnded])
    assert.equal(readTranscript(bytes).steps[0]?.output, 'red\n')
  })

  it('keeps notes, choices and problems', async () => {
    const problem = { code: 'cwd-missing', values: { path: '/x' } } as const
    const ended = { ...stepEnded(1), outcome: 'failed', note: '確認した', choice: '#next', problem } as const
    const step = readTranscript(await record([runStarted, stepStarted(1), ended, runEnded])).steps[0]
    assert.deepEqual([step?.result?.note, step?.result?.choice, step?.result?.problem], ['確認した', '#next', problem])
  })

  it('keeps what a run, a step and an ending may say beside', async () => {
    const run = {
      ...description,
      unattended: true,
      batch: { id: 'b1', row: 3, rows: 20 },
      resumes: { run: 'ffffffffffff', step: 'step-1' },
      prerequisites: [
        { path: 'ops/health.md', state: 'done', run: 'eeeeeeeeeeee' },
        { path: 'ops/backup.md', state: 'waived' },
      ],
    } as const
    const begin = stepStarted(1)
    const step = {
      ...begin.step,
      attempt: 2,
      serves: { as: 'check', stepId: 'create' },
      background: true,
      interactive: true,
      approval: 'earlier',
      answers: { NAME: 'x' },
    } as const
    const ending = {
      difference: '-a\n+b\n',
      undecodable: { bytes: 12, sha256: 'ab'.repeat(32) },
      endedWithRun: true,
      isDone: false,
    } as const
    const bytes = await record([{ ...runStarted, run }, { ...begin, step }, { ...stepEnded(1), ...ending }, runEnded])
    const transcript = readTranscript(bytes)
    assert.deepEqual({ ...transcript.run, ...run }, transcript.run)
    const [shown] = transcript.steps
    assert.deepEqual(shown, {
      ...step,
      execution: 1,
      startedAt: start + 1000,
      output: '',
      result: {
        ...{ time: start + 1500, outcome: 'succeeded', durationMs: 500, exitCode: 0, ...ending },
        outputSha256: createHash('sha256').update('').digest('hex'),
      },
    })
  })

  it('passes over what it does not know in a description, and keeps the rest', async () => {
    const text = Buffer.from(await record(smallRun)).toString('utf8')
    const odd = text
      .replace(
        '"parents":[]',
        '"batch":{"row":"x"},"resumes":7,"prerequisites":[{"path":"a","state":"guessed"},3],"parents":[]',
      )
      .replace(
        '"kind":"command"',
        '"kind":"command","attempt":"two","serves":{"as":"guard","stepId":"x"},"approval":"never"',
      )
      .replace('"outputBytes"', '"difference":1,"undecodable":[],"endedWithRun":"yes","outputBytes"')
    const { run, steps, unknownLines } = readTranscript(bytesOf(odd))
    assert.equal(unknownLines, 0)
    assert.deepEqual([run?.batch, run?.resumes, run?.prerequisites], [undefined, undefined, []])
    const [step] = steps
    assert.deepEqual([step?.attempt, step?.serves, step?.approval], [undefined, undefined, undefined])
    const { difference, undecodable, endedWithRun, exitCode } = step?.result ?? {}
    assert.deepEqual([difference, undecodable, endedWithRun, exitCode], [undefined, undefined, undefined, 0])
  })

  it('tells steps apart that run at the same time', async () => {
    const bytes = await record([
      runStarted,
      stepStarted(1),
      stepStarted(2),
      output(1, 'server: up\n', 10),
      output(2, 'client\n'),
      stepEnded(2),
      output(1, 'server: bye\n', 3000),
      { ...stepEnded(1), outcome: 'cancelled', endedWithRun: true },
      runEnded,
    ])
    assert.deepEqual(
      readTranscript(bytes).steps.map((step) => [step.id, step.output, step.result?.outcome]),
      [
        ['step-1', 'server: up\nserver: bye\n', 'cancelled'],
        ['step-2', 'client\n', 'succeeded'],
      ],
    )
    const summary = summarizeRecord('p', bytes)
    assert.ok(summary.outcome === 'succeeded')
    assert.deepEqual(Object.keys(summary.results), ['step-2', 'step-1'])
    assert.equal(summary.started, 2)
  })

  it('leaves out the middle of a huge output and says how much', async () => {
    const text = `${'あ'.repeat(2_000_000)}END`
    const file = memoryFile()
    const recorder = createRecorder(file, { parents: [], outputLimit: Number.POSITIVE_INFINITY })
    const events = [runStarted, stepStarted(1), output(1, text), stepEnded(1), runEnded]
    for (const event of events) await recorder.handle(event)
    const step = readTranscript(file.bytes()).steps[0]
    assert.ok(step?.omitted)
    assert.ok(step.omitted.tail.endsWith('END'))
    assert.equal(step.output.length, 512 * 1024)
    assert.equal(Buffer.byteLength(step.output + step.omitted.tail) + step.omitted.bytes, Buffer.byteLength(text))
  })

  it('counts lines that it does not know, and reads on', async () => {
    const text = Buffer.from(await record(smallRun)).toString('utf8')
    const odd = text.replace('"type":"output"', '"type":"telepathy"').replace('{"seq":6', '{"torn')
    const transcript = readTranscript(bytesOf(odd))
    assert.equal(transcript.unknownLines, 2)
    assert.equal(transcript.end.kind, 'ended')
    assert.equal(transcript.steps[1]?.result, undefined)
    assert.equal(readTranscript(bytesOf('# a runbook\n')).run, undefined)
  })
})

describe('plainText', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['colours', '\u001b[1;38;5;196mred\u001b[0m text', 'red text'],
    ['titles and links', '\u001b]0;title\u0007a\u001b]8;;https://x\u001b\\link\u001b]8;;\u001b\\', 'alink'],
    ['a charset and a keypad', '\u001b(B\u001b=x', 'x'],
    ['a sequence that is cut off', 'x\u001b[31', 'x'],
    ['line ends', 'a\r\nb\n', 'a\nb\n'],
    ['a progress bar', ' 10%\r 50%\r100%\ndone', '100%\ndone'],
    ['a shorter overwrite', 'abcdef\rXY', 'XYcdef'],
    ['an overwrite that erases first', 'abcdef\r\u001b[KXY', 'XY'],
    ['an erased line', 'abcdef\u001b[2K\rXY', 'XY'],
    ['backspaces', 'abc\b\bX', 'aXc'],
    ['a bell and a NUL', 'a\u0007b\u0000c', 'abc'],
    ['tabs and other scripts', 'a\t佐藤😀', 'a\t佐藤😀'],
  ]
  for (const [name, text, plain] of cases) it(name, () => assert.equal(plainText(text), plain))
})
