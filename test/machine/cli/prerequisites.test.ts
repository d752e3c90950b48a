import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { baton, fence, repoOf } from './baton.ts'
import { recordsOf } from './records-of.ts'

const files = {
  'people/joining.md': [
    '---',
    'parameters: [{ name: HOST, default: a }]',
    '---',
    '# Joining',
    '## Prerequisites',
    '- [Check](../daily/check.md)',
    '- [How we do it](./guide.md)',
    '- [A page](https://example.com/x.md)',
    '## Do it',
    fence('sh {name=join}', 'echo joined >> ../log'),
  ].join('\n'),
  'people/guide.md': '# Only text',
  'daily/check.md': [
    '---',
    'parameters: [{ name: HOST, default: b }]',
    '---',
    '# Check',
    '## 前提条件',
    '- [Network](network.md)',
    '## Do it',
    fence('sh {name=check}', 'echo "checked $HOST" >> ../log'),
  ].join('\n'),
  'daily/network.md': fence('sh {name=net}', 'echo net >> ../log'),
}
const log = (root: string) => readFileSync(join(root, 'log'), 'utf8')

describe('prerequisites of baton run', function () {
  this.timeout(60_000)

  it('run first, each with a record of its own, and count as done afterwards', async () => {
    const root = repoOf(files)
    const { code, stderr, stdout } = await baton(['run', '--yes', 'people/joining.md', '-p', 'HOST=h'], { cwd: root })
    assert.equal(code, 0, stderr)
    assert.match(stderr, /○ Runs first: daily\/network\.md\n○ Runs first: Check · daily\/check\.md\n/)
    assert.doesNotMatch(stderr, /guide|example/)
    assert.match(stdout, /^Runs first: Check$/m)
    assert.equal(log(root), 'net\nchecked h\njoined\n')
    const [network, check, joining] = recordsOf(root).map(([start]) => start)
    assert.deepEqual(joining?.prerequisites, [
      { path: 'daily/network.md', state: 'ran', run: network?.id },
      { path: 'daily/check.md', state: 'ran', run: check?.id },
    ])

    const again = await baton(['run', 'people/joining.md'], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.equal(again.code, 0, again.stderr)
    assert.match(again.stderr, /✓ 済んでいます: Check \(たった今\)/)
    assert.equal(log(root), 'net\nchecked h\njoined\njoined\n')
    assert.deepEqual(recordsOf(root).at(-1)?.[0]?.prerequisites, [
      { path: 'daily/check.md', state: 'done', run: check?.id },
    ])
  })

  it('are left out with --skip-prerequisites, and the record says so; a part has none', async () => {
    const root = repoOf(files)
    const { code } = await baton(['run', '--yes', '--skip-prerequisites', 'people/joining.md'], { cwd: root })
    assert.equal(code, 0)
    assert.deepEqual(recordsOf(root)[0]?.[0]?.prerequisites, [
      { path: 'daily/network.md', state: 'waived' },
      { path: 'daily/check.md', state: 'waived' },
    ])
    assert.equal((await baton(['run', '--yes', 'people/joining.md#join'], { cwd: root })).code, 0)
    assert.equal(log(root), 'joined\njoined\n')
  })

  it('stop everything when they fail, are missing, or lead back', async () => {
    const failing = repoOf({ ...files, 'daily/network.md': fence('sh {name=net}', 'exit 3') })
    const failed = await baton(['run', '--yes', 'people/joining.md'], { cwd: failing })
    assert.equal(failed.code, 1)
    assert.match(failed.stderr, /prerequisite daily\/network\.md did not succeed/)
    assert.ok(!existsSync(join(failing, 'log')))

    const lost = repoOf({ ...files, 'daily/check.md': '# Check\n## Prerequisites\n- [x](gone.md)\n\n- [ ] do' })
    const missing = await baton(['run', '--yes', 'people/joining.md', '--json'], { cwd: lost })
    assert.equal(missing.code, 2)
    assert.equal(JSON.parse(missing.stdout).code, 'prerequisite-missing')

    const loop = repoOf({ ...files, 'daily/network.md': '## Prerequisites\n- [x](check.md)\n\n- [ ] do' })
    const circular = await baton(['run', '--yes', 'people/joining.md'], { cwd: loop, env: { BATON_LANG: 'ja' } })
    assert.equal(circular.code, 2)
    assert.match(circular.stderr, /daily\/check\.md/)
    assert.ok(!existsSync(join(loop, '.baton')) && !existsSync(join(lost, '.baton')))
  })

  it('need approval before any of them runs', async () => {
    const root = repoOf(files)
    const { code, stderr } = await baton(['run', 'people/joining.md'], { cwd: root })
    assert.equal(code, 2)
    assert.match(stderr, /\(3 in all\)/)
    assert.ok(!existsSync(join(root, 'log')))
  })
})
