import assert from 'node:assert/strict'
import { fillRows, toColumns } from '../../../src/record/columns.ts'
import { encodeDigests, type FiledDigest, readDigests } from '../../../src/record/digest-block.ts'
import { copyOfRow } from '../../../src/record/looked-up-rows.ts'
import { createSummarizer } from '../../../src/record/summarizer.ts'
import { output, record, runStarted, smallRun, stepEnded, stepStarted } from './memory-file.ts'

describe('columns', () => {
  it('give back the rows that they were made of', () => {
    const rows = [
      { name: 'a', list: ['x'], count: 1, text: '{"a":1}' },
      { name: 'b', list: ['x'], other: { a: 1 }, text: '' },
      { name: 'c', list: [], other: { a: 1 }, count: 0, text: '日本語' },
    ]
    const filled: Record<string, unknown>[] = rows.map(() => ({}))
    fillRows(JSON.parse(JSON.stringify(toColumns(rows))), filled)
    assert.deepEqual(filled, rows)
  })

  it('hold once what repeats', () => {
    const columns = toColumns([{ name: 'same' }, { name: 'same' }, {}])
    assert.deepEqual(columns, [{ name: 'name', values: ['same'], at: [0, 0, -1] }])
  })
})

describe('digests in a block', () => {
  const notAgain = () => assert.fail('a record is read again')

  async function filed(): Promise<readonly FiledDigest[]> {
    const records = [
      await record(smallRun),
      await record([runStarted, stepStarted(1, 'echo 警告'), output(1, 'x'), stepEnded(1)]),
      new TextEncoder().encode('no record\n'),
    ]
    return records.map((bytes, index) => {
      const summarizer = createSummarizer(`.baton/runs/2026/09/${index}.jsonl`)
      summarizer.push(bytes)
      return { digest: summarizer.end(7), stamp: { size: bytes.length, mtimeMs: 1.5, ctimeMs: 2.25, ino: index } }
    })
  }

  it('are what they were, also what is read only when somebody asks', async () => {
    const before = await filed()
    const block = encodeDigests(before)
    assert.deepEqual(readDigests(block, notAgain).digests(), before)
    const [run] = readDigests(block, notAgain).summaries
    const [expected] = before
    assert.ok(run && 'results' in run && expected && 'results' in expected.digest.summary)
    assert.deepEqual(run.results, expected.digest.summary.results)
    assert.equal(run.head, expected.digest.head)
    assert.deepEqual(run.steps, Object.keys(run.results))
  })

  it('are read again where a text of theirs was lost', async () => {
    const before = await filed()
    const block = { ...encodeDigests(before), files: undefined, results: undefined, texts: undefined }
    const again = (path: string) =>
      before.find(({ digest }) => digest.summary.path === path)?.digest ?? assert.fail(path)
    const digests = readDigests(block, again).digests()
    assert.deepEqual(
      digests.map(({ digest }) => digest),
      before.map(({ digest }) => digest),
    )
    // Which is no file: whoever compares looks at the record.
    assert.ok(digests.every(({ stamp }) => stamp.size === -1))
  })

  it('are rows whose names can be listed and asked for as those of other objects', async () => {
    const before = await filed()
    const { summaries } = readDigests(encodeDigests(before), notAgain)
    for (const [index, row] of summaries.entries()) {
      const expected = before[index]?.digest.summary ?? assert.fail()
      assert.deepEqual(copyOfRow(row), expected)
      assert.deepEqual(copyOfRow(expected), expected)
      for (const name of ['runbook', 'endedAt', 'reason', 'results', 'act']) assert.equal(name in row, name in expected)
    }
  })

  it('have each searched text once', async () => {
    const [one] = await filed()
    assert.ok(one)
    const { texts, of } = readDigests(encodeDigests([one, one]), notAgain).texts()
    assert.equal(new Set(texts).size, texts.length)
    assert.deepEqual(of[0], of[1])
    assert.ok(texts.includes('echo hello'))
  })
})

describe('a record that is read at once', () => {
  it('has the digest of one that is read in chunks, wherever it is cut', async () => {
    const bytes = await record(smallRun)
    for (let end = 0; end <= bytes.length; end += 7) {
      const part = bytes.subarray(0, end)
      const [atOnce, inChunks] = [createSummarizer('a'), createSummarizer('a')]
      atOnce.push(part)
      for (let at = 0; at < end; at += 100) inChunks.push(part.subarray(at, Math.min(at + 100, end)))
      assert.deepEqual(atOnce.end(0), inChunks.end(0), `${end} bytes`)
    }
  })
})
