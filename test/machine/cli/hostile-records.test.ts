import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { before, beforeEach, describe, it } from 'mocha'
import { needs } from '../../support/needs.ts'
import { baton, type Ended, fence, repoOf } from './baton.ts'
import { recordFiles } from './records-of.ts'

const runbook = ['# 日次の確認', fence('sh {name=hello}', 'echo hello'), fence('sh {name=second}', 'echo again')].join(
  '\n\n',
)

describe('a record that is not as it should be', function () {
  this.timeout(60_000)
  let root = ''
  let file = ''
  /** Another name in the folder of the record. */
  let other = ''

  beforeEach(async () => {
    root = repoOf({ 'a.md': runbook })
    await baton(['run', '--yes', 'a.md'], { cwd: root })
    file = recordFiles(root)[0] ?? ''
    other = join(dirname(file), '20260901T093000000Z-sato-aaaaaaaaaaaa.jsonl')
  })

  const ask = (...args: string[]) => baton(args, { cwd: root })

  /** One sentence on stderr, and nothing that was thrown. */
  function saysOnce({ stdout, stderr }: Ended, sentence: RegExp): void {
    assert.match(stderr, sentence)
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr)
    assert.doesNotMatch(stdout + stderr, /\n {4}at /)
  }

  it('is shown as what it is where it was changed by hand: every view of it says so, and nothing mends it', async () => {
    const changed = readFileSync(file, 'utf8').replace('"text":"hello\\n"', '"text":"hallo\\n"')
    writeFileSync(file, changed)
    const sentence = /^✗ This record was changed: line 3 \(not what was written\)\. {2}\.baton/
    for (const args of [
      ['runs', 'show', file],
      ['runs', 'show', file, '--json'],
      ['runs', 'show', file, '--cast'],
    ]) {
      const ended = await ask(...args)
      assert.equal(ended.code, 0)
      assert.match(ended.stdout, /hallo/)
      saysOnce(ended, sentence)
    }
    const watched = await ask('follow', '--watch', file)
    assert.match(watched.stderr, sentence)
    await ask('run', '--yes', 'a.md')
    saysOnce(await ask('runs', 'compare', 'latest'), sentence)
    assert.equal(readFileSync(file, 'utf8'), changed)
  })

  it('is closed where it was cut off, and whoever writes a note to it is told', async () => {
    truncateSync(file, readFileSync(file).length - 200)
    const ended = await ask('runs', 'note', file, 'cut')
    assert.equal(ended.code, 0)
    saysOnce(ended, /日次の確認/)
    assert.match((await ask('verify', file)).stdout, /the run was abandoned/)
  })

  describe('because it is no file', () => {
    before(function () {
      needs(this, process.platform === 'win32' ? 'named pipes' : undefined)
    })

    for (const [what, make, reason] of [
      ['a pipe', (path: string) => execFileSync('mkfifo', [path]), 'it is no file'],
      ['a folder', (path: string) => mkdirSync(path), 'it is a folder'],
    ] as const) {
      it(`is ${what}: that is said, and nobody waits for it`, async () => {
        make(other)
        const all = await ask('verify')
        assert.equal(all.code, 1)
        assert.match(all.stdout, new RegExp(`✗ The record cannot be read: ${reason} {2}.*aaaaaaaaaaaa`))
        assert.match(all.stdout, /✓ The chain of its 8 lines is whole/)
        assert.match((await ask('runs')).stdout, new RegExp(`The record cannot be read: ${reason}`))
        for (const args of [
          ['verify', other],
          ['runs', 'show', other],
          ['runs', 'show', other, '--cast'],
          ['follow', '--watch', other],
          ['runs', 'note', other, 'text'],
        ]) {
          const { code, stdout, stderr } = await ask(...args)
          assert.notEqual(code, 0, args.join(' '))
          assert.match(stdout + stderr, /cannot be read: it is no file|There is no record|is no record of a run/)
          assert.doesNotMatch(stderr, /\n {4}at /)
        }
      })
    }
  })

  it('is of a newer format, which is said, whether this version understands its first line or not', async () => {
    const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n')
    writeFileSync(other, [first.replace('"format":1', '"format":2'), ...rest].join('\n'))
    assert.match(
      (await ask('runs', 'show', other)).stdout,
      /\n {2}Format: 2: a newer Baton wrote it, and this one does not/,
    )
    writeFileSync(other, '{"seq":0,"prev":null,"time":"","type":"run-start","format":2,"who":"sato"}\n')
    const ended = await ask('runs', 'show', other)
    assert.equal(ended.code, 2)
    saysOnce(ended, /^The record cannot be read: a newer version of Baton wrote it$/m)
  })

  it('has line ends in its name, which stay in one line', async function () {
    needs(this, process.platform === 'win32' ? 'names with line ends' : undefined)
    const named = file.replace(/-[0-9a-f]{12}\.jsonl$/, '\n✓ fine\u001b[2J.jsonl')
    renameSync(file, named)
    for (const args of [['verify'], ['runs'], ['runs', 'show', named], ['verify', named]]) {
      const { code, stdout } = await ask(...args)
      assert.equal(code, 0)
      assert.doesNotMatch(stdout, /^✓ fine/m)
      assert.ok(!stdout.includes('\u001b[2J'))
    }
  })
})
