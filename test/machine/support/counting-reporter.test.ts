import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Counts } from '../../support/counting-reporter.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'counts-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const tests = `
describe('a suite', function () {
  this.retries(1)
  let tries = 0
  it('passes', () => {})
  it('passes at last', () => { if (tries++ === 0) throw new Error('not yet\\nand more') })
  it('fails', () => { throw new Error('never') })
  it('rejects with a text', () => Promise.reject('text'))
  it('is not here', function () { console.log('      skipped: no reason'); this.skip() })
  describe('of others', () => {
    before(function () { console.log('   all of it'); this.skip() })
    it('one', () => {})
    it('two', () => {})
  })
})
`

/** What the reporter wrote of a mocha that ran `text`, and mocha's exit code. */
function countsOf(text: string): { readonly counts: Counts; readonly code: number | null } {
  const file = join(folder, 'some.test.mjs')
  const counts = join(folder, 'counts.json')
  writeFileSync(file, text)
  const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js')
  const { status } = spawnSync(
    process.execPath,
    [mocha, '--reporter', join(root, 'test/support/counting-reporter.ts'), file],
    { cwd: root, env: { ...process.env, TEST_COUNTS_FILE: counts }, encoding: 'utf8' },
  )
  return { counts: JSON.parse(readFileSync(counts, 'utf8')), code: status }
}

describe('the counts of tests', () => {
  it('name what was skipped and why, what failed and where, and what passed at a second try', () => {
    const { counts, code } = countsOf(tests)
    const at = (line: number) => `${relative(root, join(folder, 'some.test.mjs'))}:${line}`
    const suite = 'a suite'
    const ownFile = relative(root, join(folder, 'some.test.mjs'))
    assert.deepEqual(counts, {
      passed: 2,
      passedIn: { [ownFile]: 2 },
      failed: 2,
      skipped: [
        { title: 'a suite is not here', suite, reason: 'no reason', file: ownFile },
        { title: 'a suite of others one', suite, reason: 'all of it', file: ownFile },
        { title: 'a suite of others two', suite, reason: 'all of it', file: ownFile },
      ],
      failures: [
        { title: 'a suite fails', error: 'never', place: at(7), file: ownFile },
        {
          title: 'a suite rejects with a text',
          error: 'the string "text" was thrown, throw an Error :)',
          place: ownFile,
          file: ownFile,
        },
      ],
      retried: [{ title: 'a suite passes at last', error: 'not yet', place: at(6), file: ownFile }],
      complete: true,
    })
    assert.equal(code, 2)
  })

  it('of a run that was cut off hold the failures up to then', () => {
    const { counts } = countsOf(`
      it('fails', () => { throw new Error('never') })
      it('goes on', () => process.exit(9))
    `)
    assert.equal(counts.complete, false)
    assert.deepEqual(
      counts.failures.map(({ error }) => error),
      ['never'],
    )
  })
})
