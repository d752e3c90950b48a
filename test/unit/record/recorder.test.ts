import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type RecordLine, textLimit } from '../../../src/record/line.ts'
import { readLine } from '../../../src/record/read-line.ts'
import { createRecorder } from '../../../src/record/recorder.ts'
import { splitLines } from '../../../src/record/split.ts'
import { verifyRecord } from '../../../src/record/verify.ts'
import {
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

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function linesOf(bytes: Uint8Array): readonly RecordLine[] {
  return splitLines(bytes).map((line) => {
    const read = readLine(line.bytes)
    assert.ok(read)
    return read
  })
}

function outputsOf(bytes: Uint8Array): readonly string[] {
  return linesOf(bytes).flatMap((line) => (line.type === 'output' ? [line.text] : []))
}

const settled = () => new Promise((done) => setImmediate(done))

/** A recorder whose timers are held in a list. */
function timed() {
  const file = memoryFile()
  const timers: { callback: () => void; ms: number }[] = []
  const recorder = createRecorder(file, { parents: [] }, (callback, ms) => {
    const timer = { callback, ms }
    timers.push(timer)
    return () => {
      if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1)
    }
  })
  return { file, timers, recorder }
}

describe('recorder', () => {
  it('writes a line for everything that is kept, each naming the hash of the line before', async () => {
    const bytes = await record(smallRun, ['aa', 'bb'])
    const lines = linesOf(bytes)
    const types = ['run-start', 'step-start', 'output', 'step-end', 'step-start', 'output', 'step-end', 'run-end']
    assert.deepEqual(
      lines.map(({ type }) => type),
      types,
    )
    assert.deepEqual(
      lines.map(({ seq }) => seq),
      [0, 1, 2, 3, 4, 5, 6, 7],
    )
    const raw = Buffer.from(bytes).toString('utf8').split('\n')
    assert.deepEqual(
      lines.map(({ prev }) => prev),
      [null, ...raw.slice(0, 7).map(sha256)],
    )
    assert.equal(lines[0]?.type === 'run-start' && lines[0].parents.join(), 'aa,bb')
    assert.equal(lines[0]?.time, '2026-09-01T09:30:00.000Z')
    assert.equal(verifyRecord(bytes).kind, 'ok')
  })

  it('gives the head of what it wrote', async () => {
    const file = memoryFile()
    const recorder = createRecorder(file, { parents: [] })
    assert.equal(recorder.head(), undefined)
    for (const event of smallRun) await recorder.handle(event)
    const verification = verifyRecord(file.bytes())
    assert.equal(verification.kind === 'ok' && verification.head, recorder.head())
  })

  it('hashes the text of a step and its whole output, over all of its lines', async () => {
    const long = 'あ'.repeat(textLimit + 10)
    const bytes = await record([runStarted, stepStarted(1), output(1, 'x'), output(1, long), stepEnded(1), runEnded])
    const lines = linesOf(bytes)
    const begin = lines.find((line) => line.type === 'step-start')
    assert.equal(begin?.textSha256, sha256('echo hello'))
    const end = lines.find((line) => line.type === 'step-end')
    assert.equal(end?.outputSha256, sha256(`x${long}`))
    assert.equal(end?.outputBytes, Buffer.byteLength(`x${long}`))
    assert.equal(outputsOf(bytes).join(''), `x${long}`)
  })

  it('merges outputs that come together, and writes them after 50 ms', async () => {
    const { file, timers, recorder } = timed()
    for (const event of [runStarted, stepStarted(1), output(1, 'a', 3), output(1, 'b', 20)])
      await recorder.handle(event)
    assert.deepEqual(outputsOf(file.bytes()), [])
    assert.deepEqual(
      timers.map(({ ms }) => ms),
      [50],
    )
    timers.shift()?.callback()
    await recorder.handle(output(1, 'c', 90))
    assert.deepEqual(outputsOf(file.bytes()), ['ab'])
    await recorder.handle(stepEnded(1))
    assert.deepEqual(outputsOf(file.bytes()), ['ab', 'c'])
    assert.deepEqual(timers, [])
    const ats = linesOf(file.bytes()).flatMap((line) => (line.type === 'output' ? [line.at] : []))
    assert.deepEqual(ats, [3, 90])
  })

  it('has output on the disk every 250 ms while it comes, and asks no more often', async () => {
    const { file, timers, recorder } = timed()
    const run = (ms: number) =>
      timers
        .splice(
          timers.findIndex((timer) => timer.ms === ms),
          1,
        )[0]
        ?.callback()
    const syncs = () => file.calls.filter((call) => call === 'sync').length
    for (const event of [runStarted, stepStarted(1)]) await recorder.handle(event)
    const before = syncs()
    for (let burst = 0; burst < 3; burst += 1) {
      await recorder.handle(output(1, 'x', 60 * burst))
      run(50)
      await settled()
    }
    assert.deepEqual(
      timers.map(({ ms }) => ms),
      [250],
    )
    assert.equal(syncs(), before)
    run(250)
    assert.equal(syncs(), before + 1)
    await settled()
    assert.deepEqual(timers, [])
    await recorder.handle(output(1, 'y', 400))
    run(50)
    await settled()
    await recorder.handle(stepEnded(1))
    assert.deepEqual(timers, [], 'the end of the step has synced it')
  })

  it('does not ask again while a slow disk is at it, and waits for it before it closes', async () => {
    let release = () => {}
    const { file, timers, recorder } = timed()
    const run = (ms: number) =>
      timers
        .splice(
          timers.findIndex((timer) => timer.ms === ms),
          1,
        )[0]
        ?.callback()
    for (const event of [runStarted, stepStarted(1), output(1, 'a')]) await recorder.handle(event)
    run(50)
    await settled()
    file.holdSync(new Promise<void>((done) => (release = done)))
    run(250)
    await recorder.handle(output(1, 'b', 300))
    run(50)
    await settled()
    assert.deepEqual(timers, [])
    release()
    await settled()
    assert.deepEqual(
      timers.map(({ ms }) => ms),
      [250],
    )
    file.holdSync(new Promise<void>((done) => (release = done)))
    run(250)
    file.holdSync(undefined)
    const ended = recorder.handle(stepEnded(1)).then(() => recorder.handle(runEnded))
    await settled()
    assert.equal(file.calls.includes('close'), false)
    release()
    assert.equal(await ended, undefined)
    assert.equal(file.calls.at(-1), 'close')
  })

  it('holds at most 64 Ki units of text on a line and never cuts a character in two', async () => {
    const text = `a${'😀'.repeat(textLimit)}`
    const bytes = await record([runStarted, stepStarted(1), output(1, text), stepEnded(1), runEnded])
    const texts = outputsOf(bytes)
    assert.equal(texts.join(''), text)
    assert.ok(texts.length === 3 && texts.every((part) => part.length <= textLimit && part.isWellFormed()))
  })

  it('joins a character whose halves come in two outputs, and keeps a half that stays alone', async () => {
    const halves = [output(1, `${'x'.repeat(textLimit - 1)}\ud83d`), output(1, '\ude00')]
    const joined = await record([runStarted, stepStarted(1), ...halves, stepEnded(1), runEnded])
    assert.ok(outputsOf(joined).every((part) => part.isWellFormed()))
    const alone = await record([runStarted, stepStarted(1), output(1, 'a\ud83d'), stepEnded(1), runEnded])
    assert.deepEqual(outputsOf(alone), ['a\ud83d'])
    assert.equal(verifyRecord(alone).kind, 'ok')
  })

  it('keeps what a step prints as data, whatever it looks like', async () => {
    const forged = '\n{"seq":3,"prev":null,"time":"2026-09-01T09:30:00.000Z","type":"run-end","outcome":"succeeded"}\n'
    const bytes = await record([runStarted, stepStarted(1), output(1, forged)])
    assert.equal(verifyRecord(bytes).kind, 'incomplete')
    const ended = await record([runStarted, stepStarted(1), output(1, forged), stepEnded(1), runEnded])
    assert.deepEqual(outputsOf(ended), [forged])
  })

  it('never keeps what the operator types', async () => {
    const echo = { type: 'echo', time: start + 1010, execution: 1, text: 'hunter2' } as const
    const bytes = await record([runStarted, stepStarted(1), output(1, 'Password: '), echo, stepEnded(1), runEnded])
    assert.ok(!Buffer.from(bytes).toString('utf8').includes('hunter2'))
    assert.deepEqual(outputsOf(bytes), ['Password: '])
  })

  it('keeps that something is missing where that may have been output', async () => {
    const doubtful = { ...output(1, 'Forced: y\n'), kept: 'Forced: ***\n' }
    const gone = { ...output(1, 'y'), kept: '' }
    const bytes = await record([runStarted, stepStarted(1), doubtful, gone, stepEnded(1), runEnded])
    assert.equal(outputsOf(bytes).join(''), 'Forced: ***\n')
  })

  it('tells steps that run at the same time apart', async () => {
    const events = [runStarted, stepStarted(1), stepStarted(2), output(1, 'one'), output(2, 'two'), stepEnded(1)]
    const bytes = await record([...events, stepEnded(2), runEnded])
    const ends = linesOf(bytes).flatMap((line) => (line.type === 'step-end' ? [line.outputSha256] : []))
    assert.deepEqual(ends, [sha256('one'), sha256('two')])
  })

  it('is on the disk when a run starts and when a step or the run ends; closes the file', async () => {
    const file = memoryFile()
    const recorder = createRecorder(file, { parents: [] })
    const callsOf = async (event: Parameters<typeof recorder.handle>[0]) => {
      const before = file.calls.length
      assert.equal(await recorder.handle(event), undefined)
      return file.calls.slice(before).join()
    }
    assert.equal(await callsOf(runStarted), 'append,sync')
    assert.equal(await callsOf(stepStarted(1)), 'append,sync')
    assert.equal(await callsOf({ type: 'waiting', time: start, execution: 1, question: 'manual' }), '')
    assert.equal(await callsOf(output(1, 'a')), '')
    assert.equal(await callsOf(stepEnded(1)), 'append,append,sync')
    assert.equal(await callsOf(runEnded), 'append,sync,close')
  })

  it('does not hold up a step until its start is on the disk', async () => {
    let release = () => {}
    const file = { ...memoryFile(), sync: () => new Promise<void>((resolve) => (release = resolve)) }
    const recorder = createRecorder(file, { parents: [] })
    const started = recorder.handle(runStarted)
    await new Promise(setImmediate)
    release()
    await started
    assert.equal(await recorder.handle(stepStarted(1)), undefined)
  })

  it('answers with the errno from the first failure on, and writes nothing more', async () => {
    const file = memoryFile(2)
    const recorder = createRecorder(file, { parents: [] })
    assert.equal(await recorder.handle(runStarted), undefined)
    const failure = { problem: { code: 'record-unwritable', values: { path: file.path, reason: 'ENOSPC' } } }
    assert.deepEqual(await recorder.handle(stepStarted(1)), failure)
    assert.deepEqual(await recorder.handle(stepEnded(1)), failure)
    assert.deepEqual(await recorder.handle(runEnded), failure)
    assert.equal(file.calls.filter((call) => call === 'append').length, 2)
    assert.equal(file.calls.at(-1), 'close')
  })

  it('reports a failed sync at the next event', async () => {
    let syncs = 0
    const file = memoryFile()
    const failing = {
      ...file,
      sync: async () => {
        syncs += 1
        if (syncs === 2) throw Object.assign(new Error('i/o error'), { code: 'EIO' })
      },
    }
    const recorder = createRecorder(failing, { parents: [] })
    await recorder.handle(runStarted)
    await recorder.handle(stepStarted(1))
    assert.equal((await recorder.handle(stepEnded(1)))?.problem.values.reason, 'EIO')
  })

  it('keeps the same whether or not the UTF-8 of the output is at hand', async () => {
    const encoder = new TextEncoder()
    const inParts = (bytes: Uint8Array) => [bytes.subarray(0, 1), bytes.subarray(1)]
    const texts = Array.from({ length: 60 }, (_, n) => `${n} 日本語🍣\n`.repeat(n % 3 === 0 ? 3 : 2000 + n))
    const records = await Promise.all(
      [false, true].map(async (isAtHand) => {
        const file = memoryFile()
        const recorder = createRecorder(file, { parents: [], outputLimit: 200_000 })
        await recorder.handle(runStarted)
        await recorder.handle(stepStarted(1))
        for (const text of texts)
          await recorder.handle(output(1, text), isAtHand ? inParts(encoder.encode(text)) : undefined)
        await recorder.handle(stepEnded(1))
        await recorder.handle(runEnded)
        return file.bytes()
      }),
    )
    const [without, withUtf8] = records.map((bytes) => {
      assert.equal(verifyRecord(bytes).kind, 'ok')
      return linesOf(bytes).find(({ type }) => type === 'step-end')
    })
    assert.ok(without?.type === 'step-end' && withUtf8?.type === 'step-end')
    assert.equal(withUtf8.outputSha256, sha256(texts.join('')))
    assert.equal(without.outputSha256, withUtf8.outputSha256)
    assert.equal(withUtf8.outputBytes, encoder.encode(texts.join('')).length)
  })
})
