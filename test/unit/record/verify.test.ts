import assert from 'node:assert/strict'
import { encodeLine, type RecordEntry, sha256 } from '../../../src/record/line.ts'
import { createVerifier, type Verification, verifyRecord } from '../../../src/record/verify.ts'
import { type CheckedRecord, parentsToSearch, verifyStore } from '../../../src/record/verify-store.ts'
import { output, record, runStarted, smallRun, stepEnded, stepStarted } from './memory-file.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

/** A record that was cut in the middle of a line, and closed. */
async function abandonedRun(tornLines: number): Promise<Uint8Array> {
  const whole = await record([runStarted, stepStarted(1), output(1, 'x'), stepEnded(1)])
  const pieces: Uint8Array[] = [whole]
  const torn: string[] = []
  for (let index = 0; index < tornLines; index += 1) {
    const line = bytesOf(`{"seq":3,"prev":"${index}`)
    torn.push(sha256(line))
    pieces.push(line, bytesOf('\n'))
  }
  const before = verifyRecord(whole)
  assert.ok(before.kind === 'incomplete' && before.head)
  const entry: RecordEntry = { type: 'run-abandoned', by: '佐藤', reason: 'process-gone', torn }
  pieces.push(encodeLine(before.lines + tornLines, before.head, Date.now(), entry).bytes)
  return Buffer.concat(pieces)
}

const nasty = [0x20, 0x0d, 0x22, 0x7b, 0x7d, 0x30, 0xff, 0]

function assertTampered(found: Verification, line: number, context: string): void {
  assert.equal(found.kind, 'tampered', context)
  assert.equal(found.kind === 'tampered' && found.line, line, context)
}

/**
 * Every byte of `good`, changed in several ways: each is found on its own line. Where the closing line cannot be read any
 * more or vouches for another number of torn lines, the first of those is named.
 */
function assertEveryByteCounts(good: Uint8Array, tornLines = 0): void {
  const firstTorn = textOf(good).split('\n').length - 1 - tornLines
  let line = 1
  for (let at = 0; at < good.length; at += 1) {
    const byte = good[at] ?? 0
    for (const other of [byte ^ 1, at % 2 === 0 ? 0x0a : (nasty[at % nasty.length] ?? 0)]) {
      if (other === byte) continue
      const changed = new Uint8Array(good)
      changed[at] = other
      const found = verifyRecord(changed)
      const unvouched = line > firstTorn && found.kind === 'tampered' && found.what === 'not-a-line'
      assertTampered(found, unvouched ? firstTorn : line, `byte ${at}, ${byte} became ${other}`)
    }
    if (byte === 10) line += 1
  }
}

describe('createVerifier', () => {
  it('tells of every line, also behind one that was changed: another record may name it', async () => {
    const lines = textOf(await record(smallRun))
      .trimEnd()
      .split('\n')
    const changed = lines.with(1, lines[1]?.replace('"', "'") ?? '')
    const hashes: string[] = []
    const verifier = createVerifier((hash) => hashes.push(hash))
    for (const line of changed) verifier.push(bytesOf(`${line}\n`))
    assert.equal(verifier.end().kind, 'tampered')
    assert.deepEqual(
      hashes,
      changed.map((line) => sha256(line)),
    )
  })
})

describe('verifyRecord', () => {
  let good: Uint8Array
  let lines: readonly string[]

  before(async () => {
    good = await record(smallRun)
    lines = textOf(good).split('\n').slice(0, -1)
  })

  const verifyLines = (some: readonly (string | undefined)[]) => verifyRecord(bytesOf(`${some.join('\n')}\n`))

  it('accepts what the recorder wrote, in chunks of any size', () => {
    const whole = verifyRecord(good)
    assert.deepEqual(whole, { kind: 'ok', lines: 8, head: sha256(lines[7] ?? '') })
    for (const size of [1, 7, 100, 1000]) {
      const chunks = Array.from({ length: Math.ceil(good.length / size) }, (_, i) =>
        good.slice(i * size, (i + 1) * size),
      )
      assert.deepEqual(verifyRecord(chunks), whole)
    }
    const verifier = createVerifier()
    const reused = Buffer.alloc(10)
    for (let at = 0; at < good.length; at += 10) {
      const part = good.subarray(at, at + 10)
      reused.set(part)
      verifier.push(reused.subarray(0, part.length))
    }
    assert.deepEqual(verifier.end(), whole)
  })

  it('finds every changed byte, and the line in which it is', function () {
    this.timeout(20_000)
    assertEveryByteCounts(good)
  })

  it('finds every changed byte of an abandoned record, its torn lines included', async function () {
    this.timeout(40_000)
    for (const torn of [0, 1, 2]) assertEveryByteCounts(await abandonedRun(torn), torn)
  })

  it('accepts a checkout with CRLF, all of it or a part, and a last line without a line end', () => {
    assert.deepEqual(verifyRecord(bytesOf(textOf(good).replaceAll('\n', '\r\n'))), verifyRecord(good))
    assert.deepEqual(verifyRecord(bytesOf(textOf(good).replace('\n', '\r\n'))), verifyRecord(good))
    assert.deepEqual(verifyRecord(good.subarray(0, -1)), verifyRecord(good))
  })

  it('finds lines that were taken out', () => {
    for (let index = 0; index < 7; index += 1) {
      const found = verifyLines(lines.filter((_, i) => i !== index))
      assert.deepEqual(found, { kind: 'tampered', line: index + 1, what: 'lines-missing' })
    }
  })

  it('calls a record without its last lines incomplete: the chain alone cannot tell', () => {
    assert.equal(verifyLines(lines.slice(0, 7)).kind, 'incomplete')
    assert.deepEqual(verifyLines(lines.slice(0, 1)), {
      kind: 'incomplete',
      lines: 1,
      head: sha256(lines[0] ?? ''),
      torn: [],
    })
  })

  it('finds lines that were put in, well linked or not, once or more', () => {
    for (let index = 1; index < 8; index += 1) {
      const prev = sha256(lines[index - 1] ?? '')
      const forged = `{"seq":${index},"prev":"${prev}","time":"2026-09-01T09:30:00.000Z","type":"note"}`
      assertTampered(verifyLines(lines.toSpliced(index, 0, forged)), index + 1, `linked, ${index}`)
      assertTampered(verifyLines(lines.toSpliced(index, 0, '{"note":1}')), index + 1, `foreign, ${index}`)
      assertTampered(verifyLines(lines.toSpliced(index, 0, '')), index + 1, `empty, ${index}`)
    }
    assert.equal(verifyLines([...lines, lines[7]]).kind, 'tampered')
    assertTampered(verifyLines([...lines, '']), 9, 'an empty line behind the end')
  })

  it('finds lines that changed places', () => {
    for (let index = 0; index < 7; index += 1) {
      const swapped = lines.toSpliced(index, 2, lines[index + 1] ?? '', lines[index] ?? '')
      assertTampered(verifyLines(swapped), index + 1, `swapped ${index}`)
    }
  })

  it('finds a line that was replaced by one that is well formed', () => {
    const replaced = lines.with(2, lines[2]?.replace('hello', 'howdy') ?? '')
    assert.deepEqual(verifyLines(replaced), { kind: 'tampered', line: 3, what: 'altered' })
    const outcome = lines.with(7, lines[7]?.replace('succeeded', 'failed') ?? '')
    assert.deepEqual(verifyLines(outcome), { kind: 'tampered', line: 8, what: 'altered' })
  })

  it('finds what comes after the end', () => {
    const prev = sha256(lines[7] ?? '')
    const more = `{"seq":8,"prev":"${prev}","time":"2026-09-01T09:30:00.000Z","type":"output"}`
    assert.deepEqual(verifyLines([...lines, more]), { kind: 'tampered', line: 9, what: 'after-end' })
    assert.deepEqual(verifyLines([...lines, 'garbage']), { kind: 'tampered', line: 9, what: 'after-end' })
  })

  it('takes every cut for what it is: a record that goes on, with or without a torn line', () => {
    for (let length = 0; length < good.length - 1; length += 1) {
      const found = verifyRecord(good.subarray(0, length))
      assert.equal(found.kind, 'incomplete', `cut at ${length}`)
    }
    const cut = verifyRecord(good.subarray(0, good.length - 20))
    assert.deepEqual(cut.kind === 'incomplete' && cut.torn.length, 1)
  })

  it('accepts torn lines only where the closing line vouches for them', async () => {
    for (const torn of [0, 1, 2]) assert.equal(verifyRecord(await abandonedRun(torn)).kind, 'abandoned')
    const closed = textOf(await abandonedRun(1))
      .split('\n')
      .slice(0, -1)
    const takenOut = verifyLines(closed.toSpliced(-2, 1))
    assert.deepEqual(takenOut, { kind: 'tampered', line: closed.length - 1, what: 'lines-missing' })
    assertTampered(verifyLines(closed.toSpliced(-1, 0, '{"torn')), closed.length - 1, 'put in')
    assertTampered(verifyLines(lines.toSpliced(4, 0, '{"torn')), 5, 'in the middle')
  })

  it('calls a file with a byte order mark changed in its first line', () => {
    assertTampered(verifyRecord(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), good])), 1, 'BOM')
  })

  it('takes files that are no records for what they are', () => {
    assert.deepEqual(verifyRecord(new Uint8Array()), { kind: 'incomplete', lines: 0, torn: [] })
    assertTampered(verifyRecord(bytesOf('\n')), 1, 'an empty line')
    assertTampered(verifyRecord(bytesOf('{}\n')), 1, 'an empty object')
    assertTampered(verifyRecord(bytesOf('[1,2]\nnull\n"x"\n')), 1, 'other JSON')
    assertTampered(verifyRecord(bytesOf('# a runbook\n\ntext\n')), 1, 'Markdown')
    const other = '{"seq":0,"prev":null,"time":"2026-09-01T09:30:00.000Z","type":"batch"}\n'
    assert.deepEqual(verifyRecord(bytesOf(other)), { kind: 'tampered', line: 1, what: 'not-a-record' })
    const noise = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256)
    assert.equal(verifyRecord(noise).kind, 'tampered')
  })

  it('verifies newer formats with foreign fields and line types', () => {
    const chain: string[] = []
    const add = (fields: string) => {
      const prev = chain.length === 0 ? 'null' : `"${sha256(chain.at(-1) ?? '')}"`
      chain.push(`{"type":${fields},"prev":${prev},"time":"2031-01-01T00:00:00.000Z","seq":${chain.length}}`)
    }
    add('"run-start","format":7,"planet":"Mars"')
    add('"telepathy","thought":{"deep":[1,2]}')
    assert.equal(verifyLines(chain).kind, 'incomplete')
    const open = `{"seq":2,"prev":"${sha256(chain[1] ?? '')}","time":"x","type":"run-end","more":1`
    chain.push(`${open},"seal":"${sha256(open)}"}`)
    assert.equal(verifyLines(chain).kind, 'ok')
  })
})

describe('verifyStore', () => {
  const checked = (path: string, head: string, parents: readonly string[]): CheckedRecord => ({
    path,
    parents,
    verification: { kind: 'ok', lines: 1, head },
  })
  const withoutRest = async () => {}

  it('lets others have their turn while it looks at many', async () => {
    let rests = 0
    const breathe = async () => {
      rests++
    }
    const records = Array.from({ length: 10_000 }, (_, n) => checked(`r${n}`, `h${n}`, [`h${n - 1}`]))
    const sought = await parentsToSearch(records, breathe)
    assert.ok(rests > 50)
    await verifyStore(records, sought, () => false, [], breathe)
    assert.ok(rests > 100)
    assert.deepEqual([...sought], ['h-1'])
  })

  it('misses a record that another one names', async () => {
    const records = [checked('a', 'h1', []), checked('c', 'h3', ['h1', 'h2']), checked('d', 'h4', ['h2'])]
    const sought = await parentsToSearch(records, withoutRest)
    assert.deepEqual([...sought], ['h2'])
    const { missing } = await verifyStore(records, sought, () => false, [], withoutRest)
    assert.deepEqual(missing, [{ head: 'h2', namedBy: ['c', 'd'] }])
  })

  it('takes a record that grew after it was named for present', async () => {
    const records = [checked('a', 'h9', []), checked('b', 'h2', ['h5'])]
    const sought = await parentsToSearch(records, withoutRest)
    const { missing } = await verifyStore(records, sought, (hash) => hash === 'h5', [], withoutRest)
    assert.deepEqual(missing, [])
  })
})
