import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { RunEvent } from '../../../src/execution/event.ts'
import { asciicast } from '../../../src/record/asciicast.ts'
import { type CastEvent, type CastOptions, castHead, castOf } from '../../../src/record/cast.ts'
import { createRecorder } from '../../../src/record/recorder.ts'
import { castWords } from '../../../src/wording/cast-words.ts'
import { createTranslator } from '../../../src/wording/translate.ts'
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

const words = castWords(createTranslator({}), 'en')

async function eventsOf(bytes: Uint8Array, options: Partial<CastOptions> = {}): Promise<readonly CastEvent[]> {
  return Array.fromAsync(castOf(() => [bytes], { words, ...options }))
}

/** What is shown, without colours. */
function shown(events: readonly CastEvent[]): string {
  const text = events.map(({ code, data }) => (code === 'output' ? data : '')).join('')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
  return text.replaceAll(/\x1b\[[0-9;?]*[a-z]/g, '').replaceAll('\r\n', '\n')
}

function background(execution: number): RunEvent {
  const event = stepStarted(execution)
  return { ...event, step: { ...event.step, title: 'beside', background: true } }
}

describe('castOf', () => {
  it('shows a run as its terminal did, each thing at its time', async () => {
    const events = await eventsOf(await record(smallRun))
    assert.equal(
      shown(events),
      [
        '入社時のアカウント作成 · ops/joining.md · 佐藤 健',
        '',
        '▸ Step 1 bash · 10',
        'hello',
        '✓ succeeded · 0.5 s',
        '',
        '▸ Step 2 bash · 10',
        'こんにちは',
        '✓ succeeded · 0.5 s',
        '',
        '✓ succeeded · 10 s',
        '',
      ].join('\n'),
    )
    const places = events.map(({ at, code, data }) => [
      at,
      code === 'output' ? shown([{ at, code, data }]).trim() : data,
    ])
    assert.deepEqual(places.slice(1, 5), [
      [1000, 'Step 1'],
      [1000, '▸ Step 1 bash · 10'],
      [1005, 'hello'],
      [1500, '✓ succeeded · 0.5 s'],
    ])
    assert.deepEqual(events.at(-1), { at: 10_000, code: 'exit', data: '0' })
  })

  it('puts in order what a record holds later than it happened', async () => {
    const file = memoryFile()
    // So little is kept that the output of the step in the background has a tail, which is written when it ends.
    const recorder = createRecorder(file, { parents: [], outputLimit: 16 }, (callback) => {
      queueMicrotask(callback)
      return () => undefined
    })
    const events: readonly RunEvent[] = [
      runStarted,
      background(1),
      output(1, 'aaaaaaa\n', 10),
      output(1, 'bbb\n', 100),
      output(1, 'ccccccc\n', 200),
      stepStarted(2),
      output(2, 'own\n', 5),
      output(1, 'ddddddd\n', 1300),
      { ...stepEnded(2), time: start + 2400 },
      { ...stepEnded(1), time: start + 2600 },
      runEnded,
    ]
    for (const event of events) await recorder.handle(event)
    const cast = await eventsOf(file.bytes())
    const times = cast.map(({ at }) => at)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    const lines = shown(cast).split('\n')
    const at = (text: string) => lines.findIndex((line) => line.includes(text))
    assert.equal(lines[at('Left out here')], '… Left out here: 12 bytes')
    const order = ['aaaaaaa', 'Left out here', '▸ Step 2', 'own', 'beside │ ddddddd', '✓ succeeded', 'beside · ✓'].map(
      at,
    )
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    )
    assert.ok(!order.includes(-1), `${order}`)
  })

  it('goes on where the clock was set back', async () => {
    const back = -3_600_000
    const events = smallRun.map((event, index) => (index < 4 ? event : { ...event, time: event.time + back }))
    const cast = await eventsOf(await record(events))
    const times = cast.map(({ at }) => at)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    assert.match(shown(cast), /Step 1[\s\S]*Step 2[\s\S]*こんにちは[\s\S]*✓ succeeded/)
    assert.ok((times.at(-1) ?? 0) < 10_000)
  })

  it('lets nothing but output move the cursor', async () => {
    const title = 'A\x1b[2J\x07title\r\nB'
    const event = stepStarted(1)
    const cast = await eventsOf(
      await record([
        runStarted,
        { ...event, step: { ...event.step, title } },
        { ...stepEnded(1), note: 'x\x1b[2Jy' },
        { type: 'note', time: start + 3000, text: 'z\x1b[2J' },
      ]),
    )
    const text = cast.filter(({ code }) => code === 'output').map(({ data }) => data)
    assert.ok(!text.join('').includes('\x1b[2J'))
    assert.match(shown(cast), /▸ A {1,2}\[2J title B bash/)
  })

  it('leaves the screen and the colours of a step that was stopped in the middle', async () => {
    const cast = await eventsOf(
      await record([runStarted, stepStarted(1), output(1, '\x1b[?1049h\x1b[31mtop'), stepEnded(1)]),
    )
    assert.ok(cast.at(-1)?.data.startsWith('\x1b[?1049l\x1b[0m\x1b[?25h'))
  })

  it('plays the output of one step alone', async () => {
    const cast = await eventsOf(await record(smallRun), { execution: 2 })
    assert.deepEqual(cast, [
      { at: 5, code: 'output', execution: 2, data: 'こんにちは\r\n' },
      { at: 500, code: 'output', execution: 2, data: '' },
    ])
  })

  it('plays no more than is wanted, and says so once', async () => {
    const cast = await eventsOf(await record(smallRun), { outputLimit: 6 })
    assert.match(
      shown(cast),
      /hello\n[\s\S]*▸ Step 2 bash · 10\n\n… What was printed from here on is too much[^\n]*\n✓/,
    )
  })

  it('says once where output was taken out of the record', async () => {
    const lines = new TextDecoder()
      .decode(await record([runStarted, stepStarted(1), stepEnded(1), runEnded]))
      .split('\n')
    const pruned = [1, 2].map((at) =>
      JSON.stringify({
        ...{ seq: 2, prev: null, time: new Date(start).toISOString(), type: 'output' },
        ...{ execution: 1, at, pruned: 'ab'.repeat(32), bytes: 5 },
      }),
    )
    const bytes = new TextEncoder().encode([...lines.slice(0, 2), ...pruned, ...lines.slice(2)].join('\n'))
    const said = /… What was printed here was taken out of the record later\.\n/g
    assert.equal(shown(await eventsOf(bytes)).match(said)?.length, 1)
    assert.equal(shown(await eventsOf(bytes, { execution: 1 })).match(said)?.length, 1)
  })

  it('plays what there is of a record that was cut', async () => {
    const bytes = await record(smallRun)
    for (const length of [0, 10, 700, bytes.length - 5]) {
      const cast = await eventsOf(bytes.subarray(0, length))
      assert.ok(cast.every(({ code }) => code !== 'exit'))
    }
  })
})

describe('asciicast', () => {
  const head = async (bytes: Uint8Array) => {
    const found = await castHead(() => [bytes])
    assert.ok(found)
    return found
  }
  const linesOf = async (version: 2 | 3) => {
    const bytes = await record(smallRun)
    const cast = asciicast(
      await head(bytes),
      castOf(() => [bytes], { words }),
      { columns: 100, rows: 30 },
      version,
    )
    return (await Array.fromAsync(cast)).map((line) => JSON.parse(line))
  }

  it('is version 3: intervals, markers and the exit status', async () => {
    const [header, ...events] = await linesOf(3)
    assert.deepEqual(header, {
      version: 3,
      term: { cols: 100, rows: 30, type: 'xterm-256color' },
      timestamp: start / 1000,
      title: '入社時のアカウント作成',
      command: 'baton run ops/joining.md',
    })
    assert.deepEqual(events[1], [1, 'm', 'Step 1'])
    assert.deepEqual(events[3], [0.005, 'o', 'hello\r\n'])
    assert.deepEqual(events.at(-1), [0, 'x', '0'])
    const total = events.reduce((sum, [interval]) => sum + Math.round(interval * 1000), 0)
    assert.equal(total, 10_000)
  })

  it('is version 2: times from the beginning, and no exit', async () => {
    const [header, ...events] = await linesOf(2)
    assert.equal(header.version, 2)
    assert.deepEqual([header.width, header.height], [100, 30])
    assert.deepEqual(events[3], [1.005, 'o', 'hello\r\n'])
    assert.ok(events.every(([, code]) => code === 'o' || code === 'm'))
  })

  it('is of runs alone', async () => {
    assert.equal(await castHead(() => [new TextEncoder().encode('no record\n')]), undefined)
    assert.equal(await castHead(() => []), undefined)
  })
})
