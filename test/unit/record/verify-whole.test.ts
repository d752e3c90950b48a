import assert from 'node:assert/strict'
import { encodeLine, type RecordEntry, recordFormat, sha256 } from '../../../src/record/line.ts'
import { verifyRecord } from '../../../src/record/verify.ts'
import { verifyWhole } from '../../../src/record/verify-whole.ts'
import { output, record, runStarted, smallRun, stepEnded, stepStarted } from './memory-file.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

/** Lines that are well linked, whatever they say. */
function linked(...bodies: readonly string[]): Uint8Array {
  let prev: string | null = null
  const lines: string[] = []
  for (const [seq, body] of bodies.entries()) {
    const line: string = body.replace(
      '{',
      `{"seq":${seq},"prev":${JSON.stringify(prev)},"time":"2026-09-01T09:30:00.000Z",`,
    )
    lines.push(line)
    prev = sha256(line)
  }
  return bytesOf(`${lines.join('\n')}\n`)
}

/** Behind lines that are there, the end of the run. */
function closed(lines: Uint8Array, entry?: RecordEntry): Uint8Array {
  const all = textOf(lines).trimEnd().split('\n')
  const counts = { succeeded: 0, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 }
  const end: RecordEntry = entry ?? { type: 'run-end', outcome: 'succeeded', counts, durationMs: 1 }
  const { bytes } = encodeLine(all.length, sha256(all.at(-1) ?? ''), 0, end)
  return Buffer.concat([lines, bytes])
}

const start = '{"type":"run-start","format":1,"parents":["a"]}'
const witness = {
  id: 'a',
  operator: { name: 'x' },
  host: { name: 'h', platform: 'linux', pid: 1 },
  version: '0',
} as const
const act: RecordEntry = {
  type: 'act',
  format: recordFormat,
  ...witness,
  origin: 'editor',
  act: 'secrets-set',
  secrets: ['A'],
  parents: [],
}

function assertAgrees(bytes: Uint8Array, context: string): void {
  const whole = verifyWhole(bytes)
  if (whole !== undefined) assert.deepEqual(whole.verification, verifyRecord(bytes), context)
}

describe('verifyWhole', () => {
  it('knows what the recorder wrote, with either line end, and what closes an abandoned record or is an act', async () => {
    const good = await record(smallRun)
    const crlf = bytesOf(textOf(good).replaceAll('\n', '\r\n'))
    const cut = await record([runStarted, stepStarted(1), output(1, '警告\n'), stepEnded(1)])
    const abandoned = closed(cut, { type: 'run-abandoned', by: 'x', reason: 'process-gone', torn: [] })
    const ofAct = encodeLine(0, null, 0, act).bytes
    for (const bytes of [good, crlf, good.subarray(0, -1), abandoned, ofAct, closed(linked(start, '{"type":"new"}'))]) {
      const whole = verifyWhole(bytes)
      assert.deepEqual(whole?.verification, verifyRecord(bytes))
      assert.ok(whole)
    }
    assert.deepEqual(verifyWhole(closed(linked(start)))?.parents, ['a'])
  })

  it('says of no changed byte anything else than createVerifier', async function () {
    this.timeout(30_000)
    for (const good of [await record(smallRun), encodeLine(0, null, 0, act).bytes]) {
      for (let at = 0; at < good.length; at += 1) {
        for (const other of [(good[at] ?? 0) ^ 1, 0x0a, 0x0d, 0x20, 0x2c, 0x7d, 0xff]) {
          const changed = new Uint8Array(good)
          changed[at] = other
          assertAgrees(changed, `byte ${at} became ${other}`)
        }
        assertAgrees(good.subarray(0, at), `cut at ${at}`)
      }
    }
  })

  it('leaves lines that are well linked and wrong to createVerifier', async () => {
    const entries: readonly (readonly [string, Uint8Array])[] = [
      ['a value from one line into the next', closed(linked(start, '{"type":"a","x":[[1', '2]]}', '{"type":"b"}'))],
      ['two values on a line', closed(linked(start, '{"type":"a"},{"a":1}'))],
      ['one line less, one value more', closed(linked(start, '{"type":"a","x":[[1', '{"type":"c"}]]},"x",{"a":1}'))],
      ['an act behind a run', closed(linked(start), act)],
      ['two ends', closed(closed(linked(start)))],
      ['no end', linked(start)],
      ['a seal on a line that closes nothing', closed(linked(start, '{"type":"a","seal":"b"}'))],
      ['another beginning', closed(linked('{"type":"note","text":"a"}'))],
      ['torn lines', closed(linked(start), { type: 'run-abandoned', by: 'x', reason: 'y', torn: ['a'] })],
      ['no time', closed(linked(start, '{"type":"a","time":1}'))],
      ['a byte order mark', Buffer.concat([bytesOf('\ufeff'), closed(linked(start))])],
      ['nothing', new Uint8Array()],
      ['an empty line behind the end', Buffer.concat([closed(linked(start)), bytesOf('\n')])],
    ]
    for (const [name, bytes] of entries) assert.equal(verifyWhole(bytes), undefined, name)
  })
})
