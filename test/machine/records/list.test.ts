import assert from 'node:assert/strict'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRecordStore } from '../../../src/machine/records/store.ts'
import { encodeLine, type RecordEntry, recordFormat, sha256 } from '../../../src/record/line.ts'
import { copyOfRow } from '../../../src/record/looked-up-rows.ts'
import type { RecordSummary } from '../../../src/record/summary.ts'

const workerFile = join(import.meta.dirname, '../../../src/machine/records/worker.ts')
const start = Date.UTC(2026, 6, 1)
const hour = 60 * 60 * 1000

/** The record of a run of one step; still going on where `isOpen`. */
function recordOf(index: number, title = '再起動', isOpen = false): string {
  let prev: string | null = null
  const time = start + index * hour
  const witness = {
    id: `id${index}`,
    operator: { name: '佐藤' },
    host: { name: 'pc', platform: 'linux', pid: 1 },
  } as const
  const counts = { succeeded: 1, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 }
  const text = `systemctl restart service-${index}`
  const entries: RecordEntry[] = [
    {
      type: 'run-start',
      format: recordFormat,
      ...witness,
      runbook: { path: 'ops/restart.md', title, sha256: '' },
      parameters: {},
      secrets: [],
      origin: 'editor',
      version: '0',
      parents: index === 0 ? [] : [sha256(`before ${index}`)],
    },
    {
      type: 'step-start',
      execution: 1,
      id: 'restart',
      kind: 'command',
      title: 'R',
      line: 1,
      text,
      textSha256: sha256(text),
    },
    {
      type: 'step-end',
      execution: 1,
      id: 'restart',
      outcome: 'succeeded',
      durationMs: 5,
      note: `メモ ${index}`,
      outputBytes: 0,
      outputSha256: '',
    },
    ...(isOpen ? [] : [{ type: 'run-end', outcome: 'succeeded', counts, durationMs: 9 } as const]),
  ]
  const lines = entries.map((entry, seq) => {
    const { bytes, hash } = encodeLine(seq, prev, time + seq, entry)
    prev = hash
    return Buffer.from(bytes).toString('utf8')
  })
  return lines.join('')
}

describe('list of records with a cache', function () {
  this.timeout(60_000)
  let root: string
  let home: string

  const pathOf = (index: number) => `.baton/runs/2026/0${7 + (index % 2)}/${String(index).padStart(4, '0')}.jsonl`
  const file = (index: number) => join(root, pathOf(index))

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'baton-list-'))
    home = mkdtempSync(join(tmpdir(), 'baton-home-'))
    for (const month of ['07', '08']) mkdirSync(join(root, '.baton/runs/2026', month), { recursive: true })
    for (let index = 0; index < 120; index += 1) writeFileSync(file(index), recordOf(index))
    settleFolders()
  })

  afterEach(() => {
    rmSync(root, { recursive: true, force: true })
    // The cache may still be written there.
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  })

  /** As if nothing had happened in the folders for long. */
  function settleFolders(): void {
    for (const month of ['07', '08']) utimesSync(join(root, '.baton/runs/2026', month), 1, 1)
  }

  const cached = (exactLimit?: number) =>
    createRecordStore({ root, cache: { folder: home, workerFile, ...(exactLimit !== undefined && { exactLimit }) } })

  /** With all that is looked up only when somebody asks. */
  const plain = (all: readonly RecordSummary[]) => all.map(copyOfRow)

  /** What a store finds that knows nothing. */
  const anew = async () => plain(await createRecordStore({ root }).all())

  it('is what the files say, in the process that read them and in the next one', async () => {
    const expected = await anew()
    assert.equal(expected.length, 120)
    const first = cached()
    assert.deepEqual(plain(await first.all()), expected)
    assert.ok(readdirSync(home).length > 0)
    for (const store of [cached(), cached(10)]) {
      assert.deepEqual(plain(await store.all()), expected)
      assert.deepEqual(await store.tips(), await createRecordStore({ root }).tips())
      assert.equal(await store.settled(), false)
    }
  })

  it('tells how far it is', async () => {
    const seen: (readonly [number, number])[] = []
    await cached().all((done, all) => seen.push([done, all]))
    assert.deepEqual(seen.at(-1), [120, 120])
    await cached().all((done, all) => seen.push([done, all]))
    assert.equal(seen.at(-1)?.[1], 120)
  })

  it('follows what is added, changed, closed and deleted between two processes', async () => {
    writeFileSync(file(200), recordOf(200, 'A', true))
    await cached().all()
    settleFolders()
    writeFileSync(file(121), recordOf(121))
    rmSync(file(3))
    appendFileSync(file(200), recordOf(200, 'A').slice(recordOf(200, 'A', true).length))
    for (const store of [cached(), cached(10)]) assert.deepEqual(plain(await store.all()), await anew())
  })

  it('of many records notices a closed one that was changed in its place when it has looked at all files', async () => {
    await cached(10).all()
    settleFolders()
    await cached(10).settled()
    settleFolders()
    const warm = cached(10)
    await warm.all()
    await warm.settled()
    writeFileSync(file(5), recordOf(5, '別の題'))
    const store = cached(10)
    const titles = (all: readonly RecordSummary[]) => all.map((one) => ('runbook' in one ? one.runbook.title : ''))
    assert.ok(!titles(await store.all()).includes('別の題'))
    let told = 0
    const stop = store.watch(() => {
      told += 1
    })
    assert.equal(await store.settled(), true)
    assert.equal(told, 1)
    stop()
    assert.deepEqual(plain(await store.all()), await anew())
    // The next process knows it from the beginning.
    assert.ok(titles(await cached(10).all()).includes('別の題'))
  })

  it('of few records notices that at once', async () => {
    await cached().all()
    settleFolders()
    writeFileSync(file(5), recordOf(5, '別の題'))
    assert.deepEqual(plain(await cached().all()), await anew())
  })

  it('reads everything again where the cache is damaged, of another build, or of another repo', async () => {
    const expected = await anew()
    for (const damage of [
      (bytes: Buffer) => bytes.subarray(0, bytes.length - 1),
      (bytes: Buffer) => bytes.fill(0x20, bytes.length - 300, bytes.length - 200),
      (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace(/"maker":"./, '"maker":"x'), 'latin1'),
      (bytes: Buffer) => bytes.subarray(0, 0),
      () => Buffer.from('{}'),
    ]) {
      await cached().all()
      // What is being written goes on under another name.
      for (const name of readdirSync(home).filter((one) => !one.endsWith('.tmp'))) {
        writeFileSync(join(home, name), damage(readFileSync(join(home, name))))
      }
      for (const store of [cached(), cached(10)]) assert.deepEqual(plain(await store.all()), expected)
    }
  })

  it('is right when the cache is deleted, damaged or replaced under a process that uses it', async () => {
    const expected = await anew()
    const tips = await createRecordStore({ root }).tips()
    const names = () => readdirSync(home).map((name) => join(home, name))
    for (const harm of [
      () => names().forEach((name) => void rmSync(name)),
      () => names().forEach((name) => void writeFileSync(name, readFileSync(name).fill(0x20, 400))),
      async () => {
        names().forEach((name) => void rmSync(name))
        await cached().all()
      },
    ]) {
      for (const limit of [undefined, 10]) {
        const store = cached(limit)
        const list = await store.all()
        await harm()
        assert.deepEqual(plain(list), expected)
        const { isFound } = await store.search('メモ service-7')
        assert.deepEqual(
          (await store.all()).filter(isFound).map(({ path }) => path),
          expected.filter(({ path }) => /\/00(07|7\d)\.jsonl$/.test(path)).map(({ path }) => path),
        )
        assert.deepEqual(await store.tips(), tips)
      }
    }
  })

  it('does without a cache that cannot be written', async () => {
    rmSync(home, { recursive: true })
    writeFileSync(home, 'no folder')
    assert.deepEqual(plain(await cached().all()), await anew())
    assert.deepEqual(plain(await cached(10).all()), await anew())
  })

  it('does without threads that cannot start', async () => {
    const broken = join(home, 'broken.cjs')
    writeFileSync(broken, 'throw new Error("no")')
    const store = createRecordStore({ root, cache: { folder: home, workerFile: broken } })
    assert.deepEqual(plain(await store.all()), await anew())
  })

  it('is right for several processes that make the cache at the same time', async () => {
    const expected = await anew()
    const lists = await Promise.all(Array.from({ length: 6 }, () => cached().all()))
    for (const list of lists) assert.deepEqual(plain(list), expected)
    assert.deepEqual(
      readdirSync(home).filter((name) => name.endsWith('.tmp')),
      [],
    )
    assert.deepEqual(plain(await cached(10).all()), expected)
  })

  it('keeps what cannot be read out of the cache, and says so each time', async () => {
    if (process.platform === 'win32' || process.getuid?.() === 0) {
      // Root reads everything: a folder with the name of a record is no file to anybody.
      rmSync(file(7))
      mkdirSync(file(7))
    } else chmodSync(file(7), 0)
    for (const store of [cached(), cached()]) {
      const all = await store.all()
      assert.equal(all.find(({ path }) => path === pathOf(7))?.outcome, 'unreadable')
      assert.equal(all.length, 120)
    }
    chmodSync(file(7), 0o644)
    assert.deepEqual(plain(await cached().all()), await anew())
  })
})
