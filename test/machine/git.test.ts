import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { gitState, operatorOf, repositoryRoot } from '../../src/machine/git.ts'

describe('git', () => {
  let folder: string
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim()
  const kept = { ...process.env }

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'baton-git-')))
    for (const name of ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL']) delete process.env[name]
    process.env.GIT_CONFIG_GLOBAL = join(folder, 'no-such-config')
    process.env.GIT_CONFIG_NOSYSTEM = '1'
  })

  afterEach(() => {
    process.env = { ...kept }
    rmSync(folder, { recursive: true })
  })

  function repository(): void {
    git('init', '-q', '-b', 'main')
    git('config', 'user.name', '佐藤 健')
    git('config', 'user.email', 'k.sato@example.co.jp')
    writeFileSync(join(folder, 'a.md'), '# A\n')
    git('add', '.')
    git('commit', '-qm', 'first')
  }

  it('finds the root from a file or a folder below it, and none elsewhere', async () => {
    assert.equal(await repositoryRoot(folder), undefined)
    repository()
    mkdirSync(join(folder, 'b', 'c'), { recursive: true })
    assert.equal(await repositoryRoot(join(folder, 'b', 'c')), folder)
    assert.equal(await repositoryRoot(join(folder, 'a.md')), folder)
    assert.equal(await repositoryRoot(join(folder, 'not', 'there.md')), folder)
  })

  it('takes a worktree for a repo, and an empty .git folder for none', async () => {
    repository()
    git('worktree', 'add', '-q', join(folder, 'wt'))
    assert.equal(await repositoryRoot(join(folder, 'wt')), join(folder, 'wt'))
    mkdirSync(join(folder, 'empty', '.git'), { recursive: true })
    assert.equal(await repositoryRoot(join(folder, 'empty')), folder)
  })

  it('tells the commit, the branch and whether anything changed but records', async () => {
    repository()
    const commit = git('rev-parse', 'HEAD')
    assert.deepEqual(await gitState(folder), { commit, branch: 'main', changed: false })
    mkdirSync(join(folder, '.baton', 'runs'), { recursive: true })
    writeFileSync(join(folder, '.baton', 'runs', 'x.jsonl'), '{}\n')
    assert.deepEqual(await gitState(folder), { commit, branch: 'main', changed: false })
    writeFileSync(join(folder, '手順.md'), '# B\n')
    assert.equal((await gitState(folder))?.changed, true)
    rmSync(join(folder, '手順.md'))
    writeFileSync(join(folder, 'a.md'), '# changed\n')
    assert.equal((await gitState(folder))?.changed, true)
  })

  it('tells a repo without a commit and a detached head', async () => {
    git('init', '-q', '-b', 'main')
    assert.deepEqual(await gitState(folder), { branch: 'main', changed: false })
    repository()
    git('checkout', '-q', '--detach')
    assert.deepEqual(await gitState(folder), { commit: git('rev-parse', 'HEAD'), changed: false })
  })

  it('has no state outside of a repo and without git', async () => {
    assert.equal(await gitState(folder), undefined)
    repository()
    process.env.PATH = join(folder, 'nowhere')
    assert.equal(await gitState(folder), undefined)
    assert.equal((await operatorOf(folder)).name, userInfo().username)
  })

  it('runs nothing that a hostile repo configures, and writes nothing to it', async () => {
    repository()
    const trap = join(folder, '.git', 'trap.sh')
    writeFileSync(trap, `#!/bin/sh\ntouch ${join(folder, '.git', 'sprung')}\ncat\n`)
    chmodSync(trap, 0o755)
    writeFileSync(join(folder, '.gitattributes'), '*.md filter=trap\n')
    git('add', '.')
    git('commit', '-qm', 'attributes')
    git('config', 'core.fsmonitor', trap)
    git('config', 'filter.trap.clean', trap)
    git('config', 'filter.trap.required', 'true')
    mkdirSync(join(folder, '.git', 'hooks'), { recursive: true })
    execFileSync('cp', [trap, join(folder, '.git', 'hooks', 'post-index-change')])
    writeFileSync(join(folder, 'a.md'), '# C\n')
    assert.equal((await gitState(folder))?.changed, true)
    assert.equal(existsSync(join(folder, '.git', 'sprung')), false)
    // The trap works: without the settings git springs it.
    execFileSync('git', ['-C', folder, 'status'], { stdio: 'ignore' })
    assert.equal(existsSync(join(folder, '.git', 'sprung')), true)
  })

  it('names the operator as git would, else as the computer does', async () => {
    assert.deepEqual(await operatorOf(folder), { name: userInfo().username })
    repository()
    assert.deepEqual(await operatorOf(folder), { name: '佐藤 健', email: 'k.sato@example.co.jp' })
    process.env.GIT_AUTHOR_NAME = '鈴木 花子'
    assert.deepEqual(await operatorOf(folder), { name: '鈴木 花子', email: 'k.sato@example.co.jp' })
  })
})
