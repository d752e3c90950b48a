import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createIndexCache } from '../../src/machine/index-cache.ts'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')
const entries = (...names: string[]) =>
  new Map(names.map((name) => [sha(name), JSON.stringify({ title: `${name}\u2028\n手順` })]))

describe('the cache of the index', () => {
  let folder: string
  let parserFile: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-cache-'))
    parserFile = join(folder, 'parser.cjs')
    await writeFile(parserFile, 'parse')
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const open = (maxBytes?: number) =>
    createIndexCache({ folder: join(folder, 'storage'), parserFile, ...(maxBytes !== undefined && { maxBytes }) })
  const stored = () => readdir(join(folder, 'storage'))

  it('is empty before anything was saved, and gives back what was', async () => {
    assert.equal((await open().load()).size, 0)
    await open().save(entries('a', 'b'))
    assert.deepEqual(await open().load(), entries('a', 'b'))
    await open().save(entries('c'))
    assert.deepEqual(await open().load(), entries('a', 'b', 'c'))
    assert.deepEqual(await stored(), ['runbooks.index'])
  })

  it('forgets what another parser made', async () => {
    await open().save(entries('a'))
    await writeFile(parserFile, 'parse better')
    assert.equal((await open().load()).size, 0)
    await open().save(entries('b'))
    assert.deepEqual(await open().load(), entries('b'))
  })

  it('drops what was longest out of use when it grows too large', async () => {
    const size = [...entries('a')].join(' ').length * 3 + 60
    await open(size).save(entries('a', 'b'))
    await open(size).save(entries('a'))
    await open(size).save(entries('c', 'd'))
    assert.deepEqual([...(await open(size).load()).keys()], [sha('a'), sha('c'), sha('d')])
  })

  it('does without an entry that is larger than all it may keep', async () => {
    const huge = new Map([[sha('huge'), JSON.stringify({ text: 'x'.repeat(10_000) })]])
    await open(5000).save(new Map([...entries('a'), ...huge, ...entries('b')]))
    assert.deepEqual(await open(5000).load(), entries('a', 'b'))
  })

  it('reads what is left of a damaged file', async () => {
    await open().save(entries('a', 'b'))
    const path = join(folder, 'storage', 'runbooks.index')
    await truncate(path, (await readFile(path)).length - 8)
    assert.deepEqual(await open().load(), entries('a'))
    await writeFile(path, Buffer.alloc(4096))
    assert.equal((await open().load()).size, 0)
  })

  it('stays whole while many windows write and read', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `window ${i}`)
    const large = (name: string) => new Map([[sha(name), JSON.stringify({ text: name.repeat(50_000) })]])
    await open().save(large('first'))
    const reads = names.map(async () => assert.ok((await open().load()).size > 0))
    await Promise.all([...names.map((name) => open().save(large(name))), ...reads])
    const kept = await open().load()
    assert.ok(kept.size > 0)
    for (const json of kept.values()) JSON.parse(json)
    assert.deepEqual(await stored(), ['runbooks.index'])
  })

  it('clears away what a window left that crashed while it wrote, and not what one writes now', async () => {
    await open().save(entries('a'))
    const old = join(folder, 'storage', 'runbooks.index.old.tmp')
    await writeFile(old, 'half')
    await utimes(old, 0, 0)
    await writeFile(join(folder, 'storage', 'runbooks.index.new.tmp'), 'half')
    await open().save(entries('b'))
    assert.deepEqual((await stored()).toSorted(), ['runbooks.index', 'runbooks.index.new.tmp'])
  })

  it('is done without where nothing can be written', async () => {
    if (process.getuid?.() === 0 || process.platform === 'win32') {
      await writeFile(join(folder, 'storage'), 'a file where the folder should be')
    } else {
      await chmod(folder, 0o500)
    }
    await open().save(entries('a'))
    assert.equal((await open().load()).size, 0)
    await chmod(folder, 0o700)
  })
})
