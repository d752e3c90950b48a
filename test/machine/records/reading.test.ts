import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { recordPaths } from '../../../src/machine/records/reading.ts'

describe('the paths of records', () => {
  let root: string

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'baton-paths-'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  function write(...paths: readonly string[]): void {
    for (const path of paths) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), '')
    }
  }

  it('are sorted as a whole, through all folders', async () => {
    const paths = ['r/2026/08/b.jsonl', 'r/2026/08/a.jsonl', 'r/2026/10/a.jsonl', 'r/2026-old.jsonl', 'r/2026.jsonl']
    write(...paths, 'r/2026/08/note.txt', 'r/2026/08/a.jsonl.d/c.jsonl', 'r/2026/0/z.jsonl')
    const found = await recordPaths(root, 'r')
    assert.deepEqual(found, [...paths, 'r/2026/08/a.jsonl.d/c.jsonl', 'r/2026/0/z.jsonl'].sort())
  })

  it('are of what has the name of a record, and not of what a link leads to', async () => {
    write('r/08/a.jsonl', 'elsewhere/b.jsonl')
    mkdirSync(join(root, 'r/08/folder.jsonl'))
    symlinkSync(join(root, 'elsewhere'), join(root, 'r/linked'))
    symlinkSync(join(root, 'elsewhere/b.jsonl'), join(root, 'r/08/b.jsonl'))
    assert.deepEqual(await recordPaths(root, 'r'), ['r/08/a.jsonl', 'r/08/folder.jsonl'])
  })

  it('are none where there is no folder, and the folder itself where it cannot be listed', async () => {
    assert.deepEqual(await recordPaths(root, 'r'), [])
    write('r')
    assert.deepEqual(await recordPaths(root, 'r'), ['r'])
  })
})
