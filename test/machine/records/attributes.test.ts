import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beginsUnprotected, changesRecords, protectRecords } from '../../../src/machine/records/attributes.ts'
import { recordAttributes } from '../../../src/record/attributes.ts'

describe('what git may do with records', () => {
  let root: string
  const file = () => join(root, '.gitattributes')
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: 'pipe' })

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'baton-attributes-')))
    git('init', '-q')
  })

  afterEach(() => rmSync(root, { recursive: true }))

  it('is to change them, until a line forbids it', async () => {
    assert.equal(await changesRecords(root), true)
    assert.equal(await protectRecords(root), undefined)
    assert.equal(readFileSync(file(), 'utf8'), `${recordAttributes}\n`)
    assert.equal(await changesRecords(root), false)
    assert.match(git('check-attr', 'text', 'merge', '--', '.baton/runs/2026/11/x.jsonl'), /text: unset\n.*merge: unset/)
    writeFileSync(file(), '* text=auto\n')
    assert.equal(await changesRecords(root), true)
    writeFileSync(file(), '* text=auto eol=lf\n')
    assert.equal(await changesRecords(root), false)
  })

  it('is told where there are other lines already, of which none is touched', async () => {
    for (const [before, after] of [
      ['*.md text\n', `*.md text\n${recordAttributes}\n`],
      ['*.md text', `*.md text\n${recordAttributes}\n`],
      ['*.md text\r\n*.png binary\r\n', `*.md text\r\n*.png binary\r\n${recordAttributes}\r\n`],
      ['# 図\r\n*.svg text', `# 図\r\n*.svg text\r\n${recordAttributes}\r\n`],
    ]) {
      writeFileSync(file(), before ?? '')
      assert.equal(await protectRecords(root), undefined)
      assert.equal(readFileSync(file(), 'utf8'), after)
      assert.equal(await changesRecords(root), false)
    }
  })

  it('cannot be told where the file cannot be written', async () => {
    mkdirSync(file())
    assert.equal(await protectRecords(root), 'EISDIR')
  })

  it('is nothing outside of a repo', async () => {
    rmSync(join(root, '.git'), { recursive: true })
    assert.equal(await changesRecords(root), false)
    assert.equal(existsSync(file()), false)
  })

  it('is said when the first records were written, and not again', async () => {
    const records = join(root, '.baton/runs/2026/11')
    mkdirSync(records, { recursive: true })
    for (const name of ['a', 'b']) writeFileSync(join(records, `${name}.jsonl`), '')
    assert.deepEqual([await beginsUnprotected(root, 2), await beginsUnprotected(root, 1)], [true, false])
  })
})
