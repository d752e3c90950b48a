import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { baton, fence, repoOf } from './baton.ts'

const text = [
  '---',
  'title: 入社',
  'parameters:',
  "  - { name: USER_ID, pattern: '[a-z]+' }",
  '  - { name: TEAM, default: 総務 }',
  '  - { name: PIN, sensitive: true, default: "4711" }',
  'secrets: [{ name: TOKEN }]',
  '---',
  '# 入社',
  '## 前提条件',
  '- [点検](./check.md)',
  '## Make',
  fence(
    'bash {name=make timeout=2m confirm=true check=there undo=drop retries=2}',
    'touch ran; echo "$USER_ID $TEAM $PIN $TOKEN"',
  ),
  fence('sh {name=there}', 'touch ran; false'),
  fence('sh {name=drop}', 'true'),
  '### Which',
  '- [Left](#left)',
  '- [Right](#right)',
  '#### Left',
  '- [ ] By hand',
  '',
  '#### Right',
  fence('no-such-shell-anywhere', 'x'),
  fence('sh {name=right shell=no-such-shell-anywhere}', 'x'),
].join('\n')
const files = { 'a.md': text, 'check.md': fence('sh {name=look}', 'touch ran') }

describe('baton run --dry-run', () => {
  it('shows every step that would run, with what it would be given, and starts and asks nothing', async () => {
    const root = repoOf(files)
    const { code, stdout, stderr } = await baton(['run', '--dry-run', 'a.md', '-p', 'USER_ID=tanaka'], { cwd: root })
    assert.equal(code, 0, stderr)
    assert.match(stdout, /○ Runs first: check\.md$/m)
    assert.match(
      stdout,
      /^ 1 make · bash · a\.md:13 · has not run here before · asks first · skipped if “there” succeeds · undone by “drop” · retries: 2 · time limit 2 min/m,
    )
    assert.match(stdout, /USER_ID = tanaka\n.*TEAM = 総務\n.*PIN = \*\*\*\n.*TOKEN = \*\*\*/)
    assert.match(stdout, /Only if “Left” is chosen:\n.*By hand.*by hand\n\s+Only if “Right” is chosen:\n.*right/)
    assert.match(stderr, /Nothing was run\./)
    assert.deepEqual(readdirSync(root).sort(), ['.git', 'a.md', 'check.md'])
    const { stdout: japanese } = await baton(['run', '--dry-run', 'a.md'], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.match(japanese, /「Left」を選んだときだけ:/)
    assert.match(japanese, /実行前に確認 · 「there」が成功すれば省略/)
  })

  it('is JSON for programs', async () => {
    const root = repoOf(files)
    const { code, stdout } = await baton(['run', '--dry-run', '--json', 'a.md', '-p', 'USER_ID=tanaka'], { cwd: root })
    assert.equal(code, 0)
    const plan = JSON.parse(stdout)
    assert.deepEqual(plan.parameters, { USER_ID: 'tanaka', TEAM: '総務', PIN: '***' })
    assert.deepEqual(plan.prerequisites, [{ kind: 'due', path: 'check.md', title: 'check.md' }])
    assert.deepEqual(
      plan.steps.map(({ id }: { id: string }) => id),
      ['make', 'which-1', 'left-1', 'right'],
    )
    assert.equal(plan.steps[0].timeoutMs, 120_000)
    assert.ok(!stdout.includes('4711'))
  })

  it('shows a part alone', async () => {
    const root = repoOf(files)
    const part = await baton(['run', '--dry-run', 'a.md#there'], { cwd: root })
    assert.match(part.stdout, /1 there/)
    assert.doesNotMatch(part.stdout, /make|Runs first/)
    const rest = await baton(['run', '--dry-run', 'a.md', '--from', 'which-1'], { cwd: root })
    assert.doesNotMatch(rest.stdout, /make/)
    assert.match(rest.stdout, /Only if/)
  })

  it('refuses what would be refused', async () => {
    const root = repoOf({ ...files, 'lost.md': '## Prerequisites\n- [x](./nowhere.md)\n\n- [ ] do' })
    for (const [words, sentence] of [
      [['a.md', '-p', 'USER_ID=X'], /USER_ID must match/],
      [['a.md', '-p', 'OTHER=X'], /no parameter OTHER/],
      [['lost.md'], /nowhere\.md was not found/],
    ] as const) {
      const { code, stderr } = await baton(['run', '--dry-run', ...words], { cwd: root })
      assert.equal(code, 2)
      assert.match(stderr, sentence)
    }
    assert.ok(!existsSync(join(root, '.baton')))
  })
})
