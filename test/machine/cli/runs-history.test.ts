import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { baton, fence, repoOf } from './baton.ts'

describe('baton runs, filtered and compared', () => {
  let root = ''
  const runs = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await baton(['runs', '--json', ...words], { cwd: root })
    assert.equal(code, 0, stderr)
    const found: readonly { readonly runbook: { readonly path: string } }[] = JSON.parse(stdout)
    return found.map(({ runbook }) => runbook.path)
  }

  before(async () => {
    root = repoOf({
      'backup.md': `# 毎日のバックアップ\n\n${fence('sh {name=save}', 'echo saved 12 files')}`,
      'restart.md': `# Restart\n\n${fence('sh {name=restart}', 'echo restarting; exit 3')}`,
    })
    for (const name of ['backup.md', 'restart.md']) await baton(['run', '--yes', name], { cwd: root })
    writeFileSync(
      join(root, 'backup.md'),
      `# 毎日のバックアップ\n\n${fence('sh {name=save}', 'echo saved 13 files\necho done')}`,
    )
    await baton(['run', '--yes', 'backup.md'], { cwd: root })
  })

  it('filters by runbook, operator, outcome, time and words, all at once', async () => {
    assert.deepEqual(await runs('--runbook', 'バックアップ'), ['backup.md', 'backup.md'])
    assert.deepEqual(await runs('--runbook', 'RESTART.md'), ['restart.md'])
    assert.deepEqual(await runs('--operator', 'sato'), ['backup.md', 'restart.md', 'backup.md'])
    assert.deepEqual(await runs('--operator', 'nobody'), [])
    assert.deepEqual(await runs('--outcome', 'failed'), ['restart.md'])
    assert.deepEqual(await runs('--search', 'echo 13'), ['backup.md'])
    assert.deepEqual(await runs('--search', 'echo', '--outcome', 'succeeded', '--limit', '1'), ['backup.md'])
    const year = new Date().getFullYear()
    assert.equal((await runs('--since', String(year))).length, 3)
    assert.deepEqual(await runs('--until', String(year - 1)), [])
    const { stderr } = await baton(['runs', '--search', 'xyz'], { cwd: root })
    assert.match(stderr, /None of the 3 records here is like that/)
  })

  it('says what is wrong with what was asked', async () => {
    for (const [words, sentence] of [
      [['--since', '2026-13-01'], '--since takes a date such as 2026-09-01 or 2026-09, not “2026-13-01”.'],
      [['--until', 'gestern'], '--until takes a date such as 2026-09-01 or 2026-09, not “gestern”.'],
      [['--since', '2026-09-02', '--until', '2026-09-01'], 'Nothing lies between: --since is later than --until.'],
      [['--outcome', 'good'], '--outcome takes one of succeeded, failed,'],
    ] as const) {
      const { code, stdout, stderr } = await baton(['runs', ...words], { cwd: root })
      assert.equal(code, 2)
      assert.equal(stdout, '')
      assert.ok(stderr.startsWith(sentence), stderr)
    }
  })

  it('compares a run with the one before it, or two that are named', async () => {
    const { code, stdout } = await baton(['runs', 'compare', 'latest'], { cwd: root })
    assert.equal(code, 0)
    assert.match(stdout, /^毎日のバックアップ\n {2}A {2}.*\n {2}B {2}.*✓ succeeded\n/)
    assert.match(stdout, /- echo saved 12 files\n\+ echo saved 13 files\n\+ echo done/)
    assert.match(stdout, /≠ .*│ - saved 12 files\n│ \+ saved 13 files\n│ \+ done/s)
    const ids: readonly { readonly id: string }[] = JSON.parse(
      (await baton(['runs', '--json', '--runbook', 'backup'], { cwd: root })).stdout,
    )
    const named = ids.map(({ id }) => id).reverse()
    const json = await baton(['runs', 'compare', ...named, '--json'], { cwd: root })
    const { before, after, steps } = JSON.parse(json.stdout)
    assert.deepEqual([before.id, after.id], named)
    assert.equal(steps[0].id, 'save')
    assert.equal(steps[0].isSameOutcome, true)
    assert.equal(steps[0].after.outcome, 'succeeded')
  })

  it('says why runs cannot be compared', async () => {
    const failed = JSON.parse((await baton(['runs', '--json', '--outcome', 'failed'], { cwd: root })).stdout)[0].id
    const others = await baton(['runs', 'compare', failed, 'latest'], { cwd: root })
    assert.equal(others.code, 2)
    assert.match(others.stderr, /runs of different runbooks: restart\.md and backup\.md/)
    const first = await baton(['runs', 'compare', failed], { cwd: root })
    assert.match(first.stderr, /There is no earlier run of this runbook/)
  })
})
