import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { commitRecordFiles } from '../../../src/machine/records/commit.ts'

const stem = '.baton/runs/2026/09/20260901T093000000Z-佐藤-a1b2c3d4e5f6'
const record = `${stem}.jsonl`

describe('committing records', function () {
  this.timeout(30_000)
  let root: string
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim()
  const kept = { ...process.env }

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'baton-commit-')))
    for (const name of Object.keys(process.env)) if (/^GIT_/.test(name)) delete process.env[name]
    process.env.GIT_CONFIG_GLOBAL = join(root, 'no-such-config')
    process.env.GIT_CONFIG_NOSYSTEM = '1'
    git('init', '-q', '-b', 'main')
    git('config', 'user.name', '佐藤 健')
    git('config', 'user.email', 'k.sato@example.co.jp')
    git('config', 'core.quotePath', 'false')
  })

  afterEach(() => {
    process.env = { ...kept }
    rmSync(root, { recursive: true })
  })

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }

  function committed(): void {
    write('a.md', 'one\ntwo\nthree\n')
    write('b.md', 'b\n')
    git('add', '.')
    git('commit', '-qm', 'first')
  }

  /** Somebody is in the middle of other work. */
  function otherWork(): void {
    write('a.md', 'one staged\ntwo\nthree\n')
    git('add', 'a.md')
    write('a.md', 'one staged\ntwo\nthree not staged\n')
    git('rm', '-q', '--cached', 'b.md')
    write('c.md', 'new and staged\n')
    git('add', 'c.md')
    write('d.md', 'not staged\n')
    write('e.md', 'meant to be added\n')
    git('add', '--intent-to-add', 'e.md')
    write('.baton/runs/2026/09/other.jsonl', 'another record\n')
  }

  const index = () => git('ls-files', '--stage', '--debug', '--', ':!.baton').replace(/^ {2}(?!flags).*\n?/gm, '')
  const lastCommit = () => git('show', '--name-only', '--format=%an %s', 'HEAD').split('\n').filter(Boolean)
  const commit = (message = 'Record: 入社 succeeded (佐藤 健, 8/8)') => commitRecordFiles(root, [record], message)

  it('takes the record and what lies beside it under its name, and nothing else', async () => {
    committed()
    write(record, 'record\n')
    write(`${record}.sig`, 'signature\n')
    write(`${record}.part`, 'a draft\n')
    write(`${stem}.attachments/画面 *.png`, 'picture\n')
    write(`${stem}0.jsonl`, 'another one, whose name begins alike\n')
    assert.deepEqual(await commit(), { kind: 'committed', commit: git('rev-parse', '--short', 'HEAD') })
    assert.deepEqual(lastCommit(), [
      '佐藤 健 Record: 入社 succeeded (佐藤 健, 8/8)',
      `${stem}.attachments/画面 *.png`,
      record,
      `${record}.sig`,
    ])
  })

  it('leaves what is staged, half staged, taken out, or meant to be added as it is', async () => {
    committed()
    otherWork()
    write(record, 'record\n')
    const [before, status] = [index(), git('status', '--porcelain=v2', '--untracked-files=all', '--', ':!.baton')]
    assert.equal((await commit()).kind, 'committed')
    assert.deepEqual(lastCommit().slice(1), [record])
    assert.equal(index(), before)
    assert.equal(git('status', '--porcelain=v2', '--untracked-files=all', '--', ':!.baton'), status)
    assert.match(git('status', '--porcelain', '--untracked-files=all'), /\?\? \.baton\/runs\/2026\/09\/other\.jsonl/)
    // Again, when it changed.
    write(record, 'record\nmore\n')
    assert.equal((await commit()).kind, 'committed')
    assert.equal(index(), before)
    assert.equal(git('status', '--porcelain', '--', record), '')
  })

  it('works on a branch without a commit, on a detached head and in a worktree', async () => {
    write('c.md', 'staged\n')
    git('add', 'c.md')
    write(record, 'record\n')
    assert.equal((await commit()).kind, 'committed')
    assert.deepEqual(lastCommit().slice(1), [record])
    assert.equal(git('diff', '--cached', '--name-status'), 'A\tc.md')

    git('checkout', '-q', '--detach')
    write(record, 'record\nmore\n')
    assert.equal((await commit()).kind, 'committed')
    assert.equal(git('log', '--format=%s', 'main').split('\n').length, 1)

    git('worktree', 'add', '-q', join(root, 'wt'), '-b', 'other')
    writeFileSync(join(root, 'wt', record), 'record\nmore\nand more\n')
    assert.equal((await commitRecordFiles(join(root, 'wt'), [record], 'Record')).kind, 'committed')
    assert.equal(git('log', '--format=%s', '-1', 'other'), 'Record')
  })

  it('lets the hooks of the user decide, and leaves the index as it was when one refuses', async function () {
    if (process.platform === 'win32') {
      console.log('      skipped: hooks are shell scripts here')
      return this.skip()
    }
    committed()
    otherWork()
    write(record, 'record\n')
    const hook = join(root, '.git/hooks/commit-msg')
    mkdirSync(dirname(hook), { recursive: true })
    writeFileSync(hook, '#!/bin/sh\necho "a ticket is missing" >&2\nexit 1\n')
    chmodSync(hook, 0o755)
    const before = git('ls-files', '--stage')
    const head = git('rev-parse', 'HEAD')
    assert.deepEqual(await commit(), { kind: 'refused', reason: 'git', detail: 'a ticket is missing' })
    assert.equal(git('ls-files', '--stage'), before)
    assert.equal(git('rev-parse', 'HEAD'), head)
    // The same where the record was in the index in another state.
    git('add', record)
    write(record, 'record\nmore\n')
    const staged = git('ls-files', '--stage')
    assert.equal((await commit()).kind, 'refused')
    assert.equal(git('ls-files', '--stage'), staged)
  })

  it('refuses in the middle of a merge, a rebase, a cherry-pick, a revert and a bisect, and changes nothing', async () => {
    committed()
    git('checkout', '-qb', 'side')
    write('a.md', 'side\n')
    git('commit', '-qam', 'side')
    git('checkout', '-q', 'main')
    write('a.md', 'main\n')
    git('commit', '-qam', 'main')
    const conflicting = (...args: string[]) =>
      assert.throws(() => execFileSync('git', ['-C', root, ...args], { stdio: 'ignore' }))
    for (const [what, begin, end] of [
      ['merge', ['merge', 'side'], ['merge', '--abort']],
      ['rebase', ['rebase', 'side'], ['rebase', '--abort']],
      ['cherry-pick', ['cherry-pick', 'side'], ['cherry-pick', '--abort']],
      ['revert', ['revert', '--no-edit', 'HEAD~1'], ['revert', '--abort']],
    ] as const) {
      conflicting(...begin)
      write(record, 'record\n')
      const before = git('ls-files', '--stage')
      assert.deepEqual(await commit(), { kind: 'refused', reason: what })
      assert.equal(git('ls-files', '--stage'), before)
      rmSync(join(root, record))
      git(...end)
    }
    git('bisect', 'start')
    write(record, 'record\n')
    assert.deepEqual(await commit(), { kind: 'refused', reason: 'bisect' })
    git('bisect', 'reset')

    write('a.md', 'stashed\n')
    git('stash')
    write('a.md', 'again\n')
    git('commit', '-qam', 'again')
    conflicting('stash', 'pop')
    assert.deepEqual(await commit(), { kind: 'refused', reason: 'conflicts' })
  })

  it('says where git does not take it: ignored, nobody, locked, no repo, no git', async () => {
    committed()
    write(record, 'record\n')
    write('.gitignore', '.baton/\n')
    assert.deepEqual(await commit(), { kind: 'refused', reason: 'ignored' })
    write('.gitignore', '*.sig\n')
    write(`${record}.sig`, 'signature\n')
    assert.deepEqual(await commit(), { kind: 'refused', reason: 'ignored' })
    rmSync(join(root, '.gitignore'))

    git('config', 'user.useConfigOnly', 'true')
    git('config', '--unset', 'user.email')
    assert.deepEqual(await commit(), { kind: 'refused', reason: 'identity-missing' })
    assert.equal(git('diff', '--cached', '--name-only'), '')
    git('config', 'user.email', 'k.sato@example.co.jp')

    write('.git/index.lock', '')
    assert.deepEqual(await commit(), { kind: 'refused', reason: 'locked' })
    rmSync(join(root, '.git/index.lock'))

    const path = process.env.PATH
    process.env.PATH = join(root, 'nowhere')
    assert.deepEqual(await commit(), { kind: 'refused', reason: 'git-missing' })
    process.env.PATH = path
    rmSync(join(root, '.git'), { recursive: true })
    assert.deepEqual(await commit(), { kind: 'refused', reason: 'no-repository' })
  })
})
