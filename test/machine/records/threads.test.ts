import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { thisHost } from '../../../src/machine/host.ts'
import { createRecordStore } from '../../../src/machine/records/store.ts'
import { encodeLine, recordFormat } from '../../../src/record/line.ts'

const workerFile = join(import.meta.dirname, '../../../src/machine/records/worker.ts')

/** A record of one line; its hash with it. */
function act(index: number, parents: readonly string[]) {
  return encodeLine(0, null, Date.UTC(2026, 8, 1) + index, {
    type: 'act',
    format: recordFormat,
    id: `act${index}`,
    act: 'secrets-set',
    secrets: ['A'],
    operator: { name: 'x' },
    host: thisHost(),
    origin: 'editor',
    version: '0',
    parents,
  })
}

describe('threads that check records', function () {
  this.timeout(60_000)
  let root: string

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'baton-threads-'))
    const folder = join(root, '.baton/runs/2026/09')
    mkdirSync(folder, { recursive: true })
    let parents: readonly string[] = []
    for (let index = 0; index < 700; index += 1) {
      const { bytes, hash } = act(index, parents)
      parents = [hash]
      const path = join(folder, `${String(index).padStart(4, '0')}.jsonl`)
      // One is missing, one is changed, one has something behind it, and one is cut.
      if (index === 300) continue
      const text = Buffer.from(bytes).toString('utf8')
      writeFileSync(path, index === 350 ? text.replace('secrets-set', 'secrets-got') : text)
      if (index === 400) appendFileSync(path, '{}\n')
      if (index === 450) writeFileSync(path, text.slice(0, 100))
    }
    // Larger than what a thread reads at once.
    writeFileSync(join(folder, 'large.jsonl'), Buffer.alloc(3 * 1024 * 1024, '{"seq":0}\n'))
  })

  after(() => rmSync(root, { recursive: true, force: true }))

  it('find what one thread alone finds, in the same order', async () => {
    const alone = await createRecordStore({ root }).verify()
    const together = await createRecordStore({ root, cache: { folder: join(root, 'cache'), workerFile } }).verify()
    assert.deepEqual(together, alone)
    assert.equal(together.records.length, 700)
    assert.equal(together.records.filter(({ verification }) => verification.kind === 'ok').length, 696)
    // What was cut and what was changed are no longer what others name, beside the one that is gone.
    assert.equal(together.missing.length, 3)
  })

  it('say which files cannot be read', async () => {
    const paths = Array.from({ length: 600 }, (_, index) => join(root, `nowhere-${index}.jsonl`))
    const { records } = await createRecordStore({ root, cache: { folder: join(root, 'cache'), workerFile } }).verify(
      paths,
    )
    assert.deepEqual(
      records,
      paths.map((path) => ({ path, verification: { kind: 'unreadable', reason: 'ENOENT' }, parents: [] })),
    )
  })
})
