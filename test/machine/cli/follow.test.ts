import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { baton, fence, folderOf, repoOf } from './baton.ts'
import { recordFiles, recordsOf } from './records-of.ts'
import { onTerminal, whyNoTerminal } from './terminal.ts'

const text = [
  '---',
  'title: Joining',
  'parameters:',
  '  - { name: USER_ID }',
  '  - { name: PIN, sensitive: true, required: false }',
  '---',
  fence('sh {name=create}', 'echo "created $USER_ID at $(date +%H:%M:%S)"'),
  fence('sh {name=groups}', 'cat groups.txt'),
].join('\n')

/** Somebody else with a fresh home. */
const successor = () => ({
  HOME: folderOf({}),
  XDG_STATE_HOME: folderOf({}),
  GIT_AUTHOR_NAME: '鈴木 花子',
  GIT_AUTHOR_EMAIL: 'h.suzuki@example.co.jp',
})

/** A repo with one run of its admin, and a clone of it that a successor works in. */
async function handedOver(): Promise<{
  readonly clone: string
  readonly first: string
  readonly env: Readonly<Record<string, string>>
}> {
  const root = repoOf({ 'joining.md': text, 'groups.txt': 'staff\nsales\n' })
  const done = await baton(['run', 'joining.md', '--yes', '-p', 'USER_ID=t.suzuki', '-p', 'PIN=8431-9921'], {
    cwd: root,
  })
  assert.equal(done.code, 0, done.stderr)
  const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' })
  git(root, 'add', '-A')
  git(root, 'commit', '-qm', 'A run')
  const clone = join(folderOf({}), 'clone')
  git(root, 'clone', '-q', root, clone)
  return { clone, first: String(recordsOf(root)[0]?.[0]?.id), env: successor() }
}

describe('baton follow', function () {
  this.timeout(60_000)

  it('takes a successor from the record of another through their own run to the sign-off', async () => {
    const { clone, first, env } = await handedOver()
    writeFileSync(join(clone, 'groups.txt'), 'staff\nsupport\n')
    const own = await baton(['follow', first, '--yes', '-p', 'USER_ID=h.tanaka'], { cwd: clone, env })
    assert.equal(own.code, 0, own.stderr)
    assert.match(own.stdout, /^ {2}USER_ID was t\.suzuki$/m)
    assert.doesNotMatch(own.stdout + own.stderr, /8431-9921/)
    const inOrder = [
      /│ .* · create · ✓ succeeded/,
      /│ created t\.suzuki at/,
      /▸ create/,
      /^created h\.tanaka at/m,
      /= Same result, apart from the values of input fields(, times| and times)?/,
      /│ - sales\n│ \+ support/,
      /Same result: 1 of 2 steps/,
    ]
    let rest = own.stdout
    for (const expected of inOrder) {
      const found = expected.exec(rest)
      assert.ok(found, `${expected} in ${own.stdout}`)
      rest = rest.slice(found.index)
    }
    const mine = recordsOf(clone).find(([start]) => start?.follows === first)?.[0]
    assert.ok(mine)
    assert.match(own.stderr, new RegExp(`baton runs sign-off ${mine.id} --mastery watched\\|practised\\|performed`))

    const args = [
      'runs',
      'sign-off',
      String(mine.id),
      '--mastery',
      'practised',
      '--with',
      '佐藤',
      '--note',
      'went well',
    ]
    const signed = await baton(args, { cwd: clone, env })
    assert.equal(signed.code, 0, signed.stderr)
    const act = recordsOf(clone).find(([start]) => start?.type === 'act')?.[0]
    assert.partialDeepStrictEqual(act, {
      act: 'run-signed-off',
      about: { run: first },
      own: { run: mine.id },
      mastery: 'practised',
      with: '佐藤',
      text: 'went well',
      operator: { name: '鈴木 花子', email: 'h.suzuki@example.co.jp' },
    })
    const list = await baton(['runs'], { cwd: clone, env })
    assert.match(list.stdout, /Followed: Done together \(with 佐藤 · went well\) {2}Joining \(run of .*\) · 鈴木 花子/)
    assert.match(list.stdout, /Joining {2}鈴木 花子 · .* · follows the run of /)
    assert.equal((await baton(['verify'], { cwd: clone, env })).code, 0)
  })

  it('shows a run without running anything, and signs off as watched only', async () => {
    const { clone, first, env } = await handedOver()
    const before = recordFiles(clone).length
    const watched = await baton(['follow', first, '--watch'], { cwd: clone, env: { ...env, BATON_LANG: 'ja' } })
    assert.equal(watched.code, 0, watched.stderr)
    assert.match(watched.stdout, /▸ 1\/2 create[\s\S]*created t\.suzuki[\s\S]*▸ 2\/2 groups[\s\S]*│ sales/)
    assert.equal(recordFiles(clone).length, before)
    const performed = await baton(['runs', 'sign-off', first, '--mastery', 'performed'], { cwd: clone, env })
    assert.equal(performed.code, 2)
    assert.match(performed.stderr, new RegExp(`baton follow ${first}`))
    const wrong = await baton(['runs', 'sign-off', first, '--mastery', 'expert'], { cwd: clone, env })
    assert.equal(wrong.code, 2)
    assert.match(wrong.stderr, /watched, practised, performed/)
    assert.equal((await baton(['runs', 'sign-off', first, '--mastery', 'watched'], { cwd: clone, env })).code, 0)
    const act = recordsOf(clone).find(([start]) => start?.type === 'act')?.[0]
    assert.equal(act?.own, undefined)
    assert.match((await baton(['runs'], { cwd: clone, env: { ...env, BATON_LANG: 'ja' } })).stdout, /見ただけ/)
  })

  it('says what cannot be followed, and runs nothing then', async () => {
    const { clone, first, env } = await handedOver()
    writeFileSync(join(clone, 'other.md'), fence('sh', 'true'))
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['follow', 'nosuch'], /There is no record nosuch/],
      [['follow', 'joining.md'], /no record of a run/],
      [['run', 'other.md', '--follow', first], /another runbook: joining\.md/],
      [['run', 'joining.md', '--follow', first, '--resume', first], /exclude one another/],
      [['runs', 'sign-off', 'nosuch', '--mastery', 'watched'], /There is no record nosuch/],
    ]
    for (const [args, sentence] of cases) {
      const { code, stderr } = await baton(args, { cwd: clone, env })
      assert.equal(code, 2, `${args.join(' ')}: ${stderr}`)
      assert.match(stderr, sentence)
    }
    assert.equal(recordFiles(clone).length, 1)
  })

  it('offers the earlier values and asks for the sign-off on a terminal', async function () {
    const reason = whyNoTerminal()
    if (reason) {
      console.log(`    skipped: ${reason}`)
      this.skip()
    }
    const { clone, first, env } = await handedOver()
    const terminal = onTerminal(['follow', first], { cwd: clone, env })
    await terminal.shows('USER_ID was t.suzuki')
    await terminal.shows('[t.suzuki]')
    terminal.type('\r')
    await terminal.shows('PIN')
    terminal.type('\r')
    await terminal.shows('Enter: run')
    terminal.type('\r')
    await terminal.shows('or Enter to say it later')
    terminal.type('3\r')
    await terminal.shows('On record: Done alone')
    assert.equal((await terminal.end()).code, 0)
    const mine = recordsOf(clone).find(([start]) => start?.follows === first)?.[0]
    assert.partialDeepStrictEqual(mine, { parameters: { USER_ID: 't.suzuki' } })
    const act = recordsOf(clone).find(([start]) => start?.type === 'act')?.[0]
    assert.partialDeepStrictEqual(act, { mastery: 'performed', own: { run: mine?.id } })
  })
})
