import assert from 'node:assert/strict'
import { encodeLine, type RecordEntry } from '../../../src/record/line.ts'
import { outputLineOf } from '../../../src/record/output-line.ts'
import { parseObject } from '../../../src/record/parse-object.ts'
import { createPruner } from '../../../src/record/pruner.ts'
import { splitLines } from '../../../src/record/split.ts'
import { record, smallRun } from './memory-file.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const output: RecordEntry = { type: 'output', execution: 3, at: 12.5, text: 'done\n' }
const lineOf = (seq: number, entry: RecordEntry) => encodeLine(seq, 'ab'.repeat(32), 0, entry).bytes.subarray(0, -1)

function pruned(line: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = []
  const pruner = createPruner((bytes) => pieces.push(bytes))
  pruner.push(line)
  pruner.end()
  return Buffer.concat(pieces)
}

describe('outputLineOf', () => {
  it('tells an output line, and whether its text was taken out, wherever it is in a record', () => {
    for (const seq of [1, 9, 10, 123_456]) {
      assert.equal(outputLineOf(lineOf(seq, output)), 'kept')
      assert.equal(outputLineOf(pruned(lineOf(seq, output))), 'pruned')
    }
    assert.equal(outputLineOf(lineOf(1, { ...output, at: 0, text: '' })), 'kept')
  })

  it('tells exactly the output lines of a whole record', async () => {
    const lines = splitLines(await record(smallRun))
    for (const { bytes } of lines) {
      assert.equal(outputLineOf(bytes) !== undefined, parseObject(bytes)?.type === 'output')
    }
    assert.ok(lines.some(({ bytes }) => outputLineOf(bytes)))
  })

  it('takes nothing else for one: what a step printed, what was omitted, or what begins otherwise', () => {
    const text = new TextDecoder().decode(lineOf(1, output))
    const others = [
      lineOf(1, { type: 'note', text }),
      lineOf(1, { type: 'output-omitted', execution: 3, at: 1, bytes: 5 }),
      bytesOf(text.replace('"time"', '"Time"')),
      bytesOf(text.replace('ab', 'a"')),
      bytesOf(text.replace('"seq":1', '"seq":-1')),
      bytesOf(text.replace('"text"', '"texts"')),
      bytesOf(text.slice(0, 120)),
      bytesOf(''),
    ]
    for (const other of others) assert.equal(outputLineOf(other), undefined)
  })
})

describe('the object of a line', () => {
  it('is what was written, also where that is U+FFFD, in memory of any kind', () => {
    const line = bytesOf('{"text":"\ufffd警告"}')
    for (const memory of [line, Buffer.concat([Buffer.from('ab'), line]).subarray(2)]) {
      assert.deepEqual(parseObject(memory), { text: '\ufffd警告' })
    }
  })

  it('is none where a byte is no UTF-8, before a byte order mark, or where it is no object', () => {
    const broken = Buffer.from('{"text":"x"}')
    broken[9] = 0xff
    for (const line of [broken, bytesOf('\ufeff{"a":1}'), bytesOf('[1]'), bytesOf('null'), bytesOf('{'), bytesOf('')]) {
      assert.equal(parseObject(line), undefined)
    }
  })
})
