import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { createWorkspaceIndex, type IndexEntry, type WorkspaceIndex } from '../../../src/runbook/workspace-index.ts'

const runbookText = '# Backup\n\n```sh\necho hi\n```\n'
const documentText = '# Notes\n\nNothing to do.\n'

/** A workspace in memory that counts what the index asks of it. */
function workspace(files: Record<string, string | Uint8Array>) {
  const content = new Map(Object.entries(files))
  const kept = new Map<string, string>()
  const excluded = new Set<string>()
  const unreadable = new Set<string>()
  const counts = { parsed: 0, listed: 0, saved: 0, read: 0 }
  const pause = () => new Promise<void>((done) => setImmediate(done))
  const open = (): WorkspaceIndex =>
    createWorkspaceIndex({
      async *list() {
        counts.listed++
        await pause()
        for (const key of content.keys()) if (!excluded.has(key)) yield key
      },
      includes: (key) => !excluded.has(key),
      async read(key) {
        counts.read++
        await pause()
        if (unreadable.has(key)) throw new Error('EACCES')
        const found = content.get(key)
        return typeof found === 'string' ? new TextEncoder().encode(found) : found
      },
      async parse(text) {
        counts.parsed++
        await pause()
        return parseRunbook(text)
      },
      cache: {
        load: async () => new Map(kept),
        async save(used) {
          counts.saved++
          for (const [sha256, json] of used) kept.set(sha256, json)
        },
      },
      pause,
    })
  return { content, kept, excluded, unreadable, counts, open }
}

const change = (index: WorkspaceIndex) =>
  new Promise<void>((done) => {
    const listener = index.onDidChange(() => {
      listener.dispose()
      done()
    })
  })

const keys = (index: WorkspaceIndex) => index.entries().map(({ key }) => key)
const at = (index: WorkspaceIndex, key: string): IndexEntry => {
  const entry = index.entries().find((entry) => entry.key === key)
  assert.ok(entry, `no entry ${key}`)
  return entry
}

describe('the index of a workspace', () => {
  it('holds every Markdown file in order, and tells runbooks from documents', async () => {
    const index = workspace({ 'b.md': runbookText, 'c.md': documentText, 'a.md': runbookText }).open()
    assert.equal(index.state, 'building')
    assert.deepEqual(index.entries(), [])
    await index.refresh()
    assert.equal(index.state, 'ready')
    assert.deepEqual(keys(index), ['a.md', 'b.md', 'c.md'])
    assert.deepEqual(
      index.entries().map(({ runbook }) => runbook.kind),
      ['runbook', 'runbook', 'document'],
    )
    assert.equal(at(index, 'a.md').sha256, createHash('sha256').update(runbookText).digest('hex'))
  })

  it('is ready, and says so, in an empty workspace', async () => {
    const index = workspace({}).open()
    const announced = change(index)
    await index.refresh()
    await announced
    assert.equal(index.state, 'ready')
  })

  it('parses nothing again that an earlier session has parsed, documents included', async () => {
    const files = workspace({ 'a.md': runbookText, 'b.md': documentText })
    const before = files.open()
    await before.refresh()
    assert.equal(files.counts.parsed, 2)
    const after = files.open()
    await after.refresh()
    assert.equal(files.counts.parsed, 2)
    assert.deepEqual(after.entries(), before.entries())
    assert.equal(files.counts.saved, 1, 'a cache that holds everything is not written again')
  })

  for (const damage of ['', '{', 'null', '[]', '{"kind":"runbook"}']) {
    it(`parses again what the cache holds damaged: ${damage || 'nothing'}`, async () => {
      const files = workspace({ 'a.md': runbookText })
      await files.open().refresh()
      for (const sha256 of files.kept.keys()) files.kept.set(sha256, damage)
      const index = files.open()
      await index.refresh()
      assert.equal(at(index, 'a.md').runbook.steps.length, 1)
    })
  }

  it('keeps the runbook object while the content is the same', async () => {
    const files = workspace({ 'a.md': runbookText })
    const index = files.open()
    await index.refresh()
    const { runbook } = at(index, 'a.md')
    let changes = 0
    index.onDidChange(() => changes++)
    await index.refresh()
    assert.equal(at(index, 'a.md').runbook, runbook)
    assert.equal(changes, 0)
    files.content.set('a.md', `${runbookText}\nmore\n`)
    await index.refresh()
    assert.notEqual(at(index, 'a.md').runbook, runbook)
    assert.equal(changes, 1)
  })

  it('follows a file that changes, appears and goes away', async () => {
    const files = workspace({ 'a.md': documentText })
    const index = files.open()
    await index.refresh()
    files.content.set('a.md', runbookText)
    index.changed('a.md')
    await change(index)
    assert.equal(at(index, 'a.md').runbook.kind, 'runbook')
    files.content.set('0.md', runbookText)
    index.changed('0.md')
    await change(index)
    assert.deepEqual(keys(index), ['0.md', 'a.md'])
    files.content.delete('a.md')
    index.deleted('a.md')
    await change(index)
    assert.deepEqual(keys(index), ['0.md'])
  })

  it('takes an event for a file that is gone, or excluded by now, as its end', async () => {
    const files = workspace({ 'a.md': runbookText, 'b.md': runbookText, 'c.md': runbookText })
    const index = files.open()
    await index.refresh()
    files.content.delete('a.md')
    files.excluded.add('b.md')
    index.changed('a.md')
    index.changed('b.md')
    await change(index)
    assert.deepEqual(keys(index), ['c.md'])
  })

  it('does not take in an excluded file that changes', async () => {
    const files = workspace({ 'a.md': runbookText, 'node_modules/x.md': runbookText })
    files.excluded.add('node_modules/x.md')
    const index = files.open()
    await index.refresh()
    index.changed('node_modules/x.md')
    files.content.set('b.md', runbookText)
    index.changed('b.md')
    await change(index)
    assert.deepEqual(keys(index), ['a.md', 'b.md'])
  })

  it('keeps a file that an editor replaced: deleted, and there again', async () => {
    const files = workspace({ 'a.md': runbookText })
    const index = files.open()
    await index.refresh()
    const { runbook } = at(index, 'a.md')
    let changes = 0
    index.onDidChange(() => changes++)
    index.deleted('a.md')
    index.changed('a.md')
    await index.refresh()
    assert.equal(at(index, 'a.md').runbook, runbook)
    assert.equal(changes, 0)
  })

  it('drops everything in a folder that went away, and nothing beside it', async () => {
    const files = workspace({ 'x/a.md': runbookText, 'x/y/b.md': runbookText, 'xy/c.md': runbookText })
    const index = files.open()
    await index.refresh()
    files.content.delete('x/a.md')
    files.content.delete('x/y/b.md')
    index.deleted('x')
    await change(index)
    assert.deepEqual(keys(index), ['xy/c.md'])
  })

  it('answers a burst of events with one reading of each file and one announcement', async () => {
    const files = workspace({ 'a.md': documentText, 'b.md': documentText })
    const index = files.open()
    await index.refresh()
    const { read } = files.counts
    let changes = 0
    index.onDidChange(() => changes++)
    files.content.set('a.md', runbookText)
    files.content.set('b.md', `${runbookText}2`)
    for (let i = 0; i < 50; i++) index.changed(i % 2 === 0 ? 'a.md' : 'b.md')
    await change(index)
    await index.refresh()
    assert.equal(changes, 1)
    assert.equal(files.counts.read - read, 2 + 2, 'two for the burst, two for the refresh')
  })

  it('ends with the last content although it changed while it was read', async () => {
    const files = workspace({ 'a.md': documentText })
    const index = files.open()
    await index.refresh()
    for (let i = 1; i <= 20; i++) {
      files.content.set('a.md', `# ${i}\n\n${runbookText}`)
      index.changed('a.md')
      for (let turns = 0; turns < i % 7; turns++) await new Promise((done) => setImmediate(done))
    }
    while (at(index, 'a.md').runbook.title !== '20') await change(index)
    assert.equal(at(index, 'a.md').runbook.steps.length, 1)
  })

  it('makes one more pass of all refreshes that are asked for during one', async () => {
    const files = workspace({ 'a.md': documentText })
    const index = files.open()
    const first = index.refresh()
    await new Promise((done) => setImmediate(done))
    const later = [index.refresh(), index.refresh(), index.refresh()]
    files.content.set('b.md', runbookText)
    await Promise.all([first, ...later])
    assert.equal(files.counts.listed, 2)
    assert.deepEqual(keys(index), ['a.md', 'b.md'])
  })

  it('stays usable after a listing that failed', async () => {
    let fails = true
    const index = createWorkspaceIndex({
      async *list() {
        if (fails) throw new Error('the search ended')
        yield 'a.md'
      },
      includes: () => true,
      read: async () => new TextEncoder().encode(runbookText),
      parse: async (text) => parseRunbook(text),
      cache: { load: async () => new Map(), save: async () => {} },
      pause: async () => {},
    })
    await assert.rejects(index.refresh(), /the search ended/)
    fails = false
    await index.refresh()
    assert.deepEqual(keys(index), ['a.md'])
    assert.equal(index.state, 'ready')
  })

  it('reports files that are no text, and reads UTF-8 and UTF-16 with a byte order mark', async () => {
    const files = workspace({
      'binary.md': new Uint8Array([0x25, 0x50, 0x44, 0x46, 0, 1, 2]),
      'broken.md': new Uint8Array([0x23, 0x20, 0xe3, 0x81]),
      'cp932.md': new Uint8Array([0x23, 0x20, 0x8e, 0xe8, 0x8f, 0x87]),
      'utf8.md': `\ufeff${runbookText}`,
      'utf16.md': new Uint8Array(Buffer.from(`\ufeff${runbookText}`, 'utf16le')),
      'utf16be.md': new Uint8Array(Buffer.from(`\ufeff${runbookText}`, 'utf16le').swap16()),
      'zz.md': runbookText,
    })
    files.unreadable.add('zz.md')
    const index = files.open()
    await index.refresh()
    for (const key of ['binary.md', 'broken.md', 'cp932.md', 'zz.md']) {
      const { kind, problems } = at(index, key).runbook
      assert.equal(kind, 'document', key)
      assert.deepEqual(
        problems.map(({ code, range }) => [code, range.end.offset]),
        [['file-not-text', 0]],
        key,
      )
    }
    for (const key of ['utf8.md', 'utf16.md', 'utf16be.md']) {
      assert.deepEqual(at(index, key).runbook, parseRunbook(runbookText), key)
    }
  })

  it('shows the first runbooks while it still reads the others', async () => {
    const files = workspace(Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${i}.md`, runbookText])))
    const index = files.open()
    const sizes: number[] = []
    index.onDidChange(() => sizes.push(index.entries().length))
    await index.refresh()
    assert.ok((sizes[0] ?? 200) < 50, `first shown with ${sizes[0]}`)
    assert.equal(sizes.at(-1), 200)
    assert.ok(sizes.length < 12, `${sizes.length} announcements`)
  })

  it('leaves listeners alone that were disposed', async () => {
    const index = workspace({ 'a.md': runbookText }).open()
    let changes = 0
    index.onDidChange(() => changes++).dispose()
    await index.refresh()
    assert.equal(changes, 0)
  })
})
