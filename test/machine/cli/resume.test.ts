import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { needs } from '../../support/needs.ts'
import { baton, fence, folderOf, repoOf, startBaton } from './baton.ts'
import { outcomesOf, recordFiles, recordsOf } from './records-of.ts'
import { onTerminal, whyNoTerminal } from './terminal.ts'

const text = [
  '---',
  'parameters:',
  '  - { name: USER_ID }',
  '  - { name: PIN, sensitive: true, required: false }',
  '---',
  fence('sh {name=one}', 'echo one >> log'),
  fence('sh {name=two}', 'test -e ready'),
  fence('sh {name=three}', 'echo "three $USER_ID <$PIN>" >> log'),
].join('\n')

describe('baton run --resume', function () {
  this.timeout(60_000)

  it('goes on at the step that failed, as a run of its own with the same parameters', async () => {
    const root = repoOf({ 'a.md': text })
    const first = await baton(['run', '--yes', 'a.md', '-p', 'USER_ID=tanaka'], { cwd: root })
    assert.equal(first.code, 1)
    writeFileSync(join(root, 'ready'), '')
    const [record] = recordFiles(root)
    const again = await baton(['run', '--resume', record ?? ''], { cwd: folderOf({}) })
    assert.equal(again.code, 2, 'what was approved belongs to another operator there')
    const { code, stderr } = await baton(['run', '--resume', record ?? ''], { cwd: root })
    assert.equal(code, 0, stderr)
    assert.match(stderr, /Goes on with run [0-9a-f]{12} at “two”/)
    assert.equal(readFileSync(join(root, 'log'), 'utf8'), 'one\nthree tanaka <>\n')
    const [before, after] = recordsOf(root)
    assert.deepEqual(after?.[0]?.resumes, { run: before?.[0]?.id, step: 'two' })
    assert.deepEqual(outcomesOf(after ?? []), { two: 'succeeded', three: 'succeeded' })
    assert.deepEqual(after?.[0]?.parameters, before?.[0]?.parameters)
  })

  it('takes the id of the run, another step to go on from, and no other values', async () => {
    const root = repoOf({ 'a.md': text })
    await baton(['run', '--yes', 'a.md', '-p', 'USER_ID=tanaka'], { cwd: root })
    const id = String(recordsOf(root)[0]?.[0]?.id)
    const other = await baton(['run', 'a.md', '--resume', id, '-p', 'USER_ID=suzuki'], { cwd: root })
    assert.equal(other.code, 2)
    assert.match(other.stderr, /USER_ID keeps the value/)
    const { code, stderr } = await baton(['run', 'a.md', '--resume', id, '--from', 'three'], { cwd: root })
    assert.equal(code, 0, stderr)
    assert.equal(readFileSync(join(root, 'log'), 'utf8'), 'one\nthree tanaka <>\n')
    const unknown = await baton(['run', 'a.md', '--resume', 'nosuch'], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.equal(unknown.code, 2)
    assert.match(unknown.stderr, /nosuch/)
  })

  it('goes on with a run whose process was killed, and says that the text changed', async () => {
    const root = repoOf({
      'a.md': [fence('sh {name=one}', 'true'), fence('sh {name=two}', 'echo on; sleep 60')].join('\n'),
    })
    const child = startBaton(['run', '--yes', 'a.md'], { cwd: root })
    let seen = ''
    child.stdout.on('data', (data) => {
      seen += data
    })
    while (!/^on$/m.test(seen)) await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    writeFileSync(join(root, 'a.md'), [fence('sh {name=one}', 'true'), fence('sh {name=two}', 'echo off')].join('\n'))
    const [record] = recordFiles(root)
    const { code, stderr, stdout } = await baton(['run', '--yes', '--resume', record ?? ''], { cwd: root })
    assert.equal(code, 0, stderr)
    assert.match(stderr, /The runbook changed since that run/)
    assert.match(stdout, /^off$/m)
    assert.equal((await baton(['verify'], { cwd: root })).code, 0)
  })

  it('refuses a run that succeeded, another runbook, and what is no record', async () => {
    const root = repoOf({
      'a.md': fence('sh {name=one}', 'true'),
      'b.md': fence('sh {name=one}', 'true'),
      'x.txt': 'x',
    })
    await baton(['run', '--yes', 'a.md'], { cwd: root })
    const [record = ''] = recordFiles(root)
    for (const [words, sentence] of [
      [['--resume', record], /came to its end/],
      [['b.md', '--resume', record], /the record of another runbook: a\.md/],
      [['a.md', '--resume', 'x.txt'], /no record of a run/],
    ] as const) {
      const { code, stderr } = await baton(['run', ...words], { cwd: root })
      assert.equal(code, 2)
      assert.match(stderr, sentence)
    }
    rmSync(join(root, 'a.md'))
    assert.equal((await baton(['run', '--resume', record], { cwd: root })).code, 2)
  })

  it('does not put a default in the place of a value that the record does not hold', async () => {
    const root = repoOf({ 'a.md': text })
    const first = await baton(['run', '--yes', 'a.md', '-p', 'USER_ID=tanaka', '-p', 'PIN=9876'], { cwd: root })
    assert.match(first.stderr, /To go on from there: baton run --resume \.baton/)
    writeFileSync(join(root, 'ready'), '')
    const [record = ''] = recordFiles(root)
    const refused = await baton(['run', '--yes', '--resume', record], { cwd: root })
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /PIN is not in the record.*Set BATON_SECRET_PIN/)
    assert.equal(recordFiles(root).length, 1)
    assert.equal((await baton(['run', '--resume', record, '-p', 'PIN=5432'], { cwd: root })).code, 0)
    assert.match(readFileSync(join(root, 'log'), 'utf8'), /three tanaka <5432>/)
  })

  it('asks again for what the record does not hold', async function () {
    needs(this, whyNoTerminal())
    const root = repoOf({ 'a.md': text })
    await baton(['run', '--yes', 'a.md', '-p', 'USER_ID=tanaka', '-p', 'PIN=9876'], { cwd: root })
    writeFileSync(join(root, 'ready'), '')
    const [record = ''] = recordFiles(root)
    const terminal = onTerminal(['run', '--yes', '--resume', record], { cwd: root })
    await terminal.shows('PIN')
    terminal.type('5432\r')
    const { code, screen } = await terminal.end()
    assert.equal(code, 0, screen)
    assert.doesNotMatch(screen, /USER_ID/)
    assert.match(readFileSync(join(root, 'log'), 'utf8'), /three tanaka <5432>/)
  })
})
