import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, it } from 'mocha'
import { needs } from '../../support/needs.ts'
import { baton, environment, fence, repoOf } from './baton.ts'
import { recordFiles } from './records-of.ts'
import { onTerminal, whyNoTerminal } from './terminal.ts'

const runbook = [
  '# 入社時のアカウント作成',
  '',
  fence('sh {name=a}', 'echo made'),
  fence('sh {name=b}', 'echo too'),
].join('\n')
const identity = { GIT_COMMITTER_NAME: 'Sato Kenji', GIT_COMMITTER_EMAIL: 'k.sato@example.co.jp' }

function inRepo(settings = '') {
  const cwd = repoOf({ 'a.md': runbook, ...(settings && { 'baton.yaml': settings }) })
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', cwd, '-c', 'core.quotePath=false', ...args], {
      encoding: 'utf8',
      env: environment(identity),
    }).trim()
  return {
    cwd,
    git,
    run: (...args: string[]) => baton(args, { cwd, env: identity }),
    subjects: () => git('log', '--format=%s').split('\n').slice(0, -1),
    records: () => recordFiles(cwd).map((path) => relative(cwd, path)),
  }
}

describe('committing records from the command line', () => {
  it('says in the message what ran and how it went, and takes nothing else along', async () => {
    const { run, git, subjects, records, cwd } = inRepo()
    writeFileSync(join(cwd, 'other.md'), 'mine\n')
    git('add', 'other.md')
    const { code, stderr } = await run('run', '--yes', '--commit', 'a.md')
    assert.equal(code, 0)
    assert.match(stderr, /^The record is committed \([0-9a-f]{7,}\)\.$/m)
    assert.deepEqual(subjects(), ['Record: 入社時のアカウント作成 succeeded (Sato Kenji, 2/2)'])
    assert.deepEqual(git('show', '--name-only', '--format=').split('\n'), records())
    assert.equal(git('diff', '--cached', '--name-status'), 'A\tother.md')
  })

  it('asks nobody where nobody is, and does what baton.yaml says unless told otherwise', async () => {
    const asking = inRepo()
    await asking.run('run', '--yes', 'a.md')
    assert.deepEqual(asking.subjects(), [])
    const always = inRepo('records: { commit: always }\n')
    await always.run('run', '--yes', 'a.md#a')
    assert.deepEqual(always.subjects(), ['Record: 入社時のアカウント作成 succeeded (Sato Kenji, 1/1)'])
    await always.run('run', '--yes', '--no-commit', 'a.md#a')
    assert.equal(always.subjects().length, 1)
    const never = inRepo('records: { commit: never }\n')
    await never.run('run', '--yes', '--commit', 'a.md#a')
    assert.equal(never.subjects().length, 1)
  })

  it('asks at a terminal where baton.yaml wants it, and nowhere else', async function () {
    needs(this, whyNoTerminal())
    const unsaid = await onTerminal(['run', '--yes', 'a.md#a'], { cwd: inRepo().cwd, env: identity }).end()
    assert.doesNotMatch(unsaid.screen, /Commit the record/)
    const { cwd, subjects } = inRepo('records: { commit: ask }\n')
    for (const [typed, commits] of [
      ['', 0],
      ['y', 1],
    ] as const) {
      const terminal = onTerminal(['run', '--yes', 'a.md#a'], { cwd, env: identity })
      await terminal.shows(/Commit the record\?/)
      terminal.type(`${typed}\r`)
      assert.equal((await terminal.end()).code, 0)
      assert.equal(subjects().length, commits)
    }
  })

  it('commits the records of a whole batch at once', async () => {
    const { cwd, run, git } = inRepo()
    writeFileSync(join(cwd, 'b.md'), `---\nparameters: [USER]\n---\n# B\n\n${fence('sh', 'test "$USER" != bad')}`)
    writeFileSync(join(cwd, 'b.csv'), 'USER\nsato\nbad\nsuzuki\n')
    await run('batch', '--yes', '--continue', '--commit', 'b.md', 'b.csv')
    const [subject, , ...lines] = git('log', '-1', '--format=%B').split('\n')
    assert.equal(subject, 'Records: 3 runs')
    assert.deepEqual(
      lines.map((text) => text.replace(/^- \d{4}-\d\d-\d\d /, '')),
      ['B succeeded (Sato Kenji, 1/1)', 'B failed (Sato Kenji, 0/1)', 'B succeeded (Sato Kenji, 1/1)'],
    )
    assert.equal(git('show', '--name-only', '--format=').split('\n').length, 3)
  })

  it('commits what is left later, but no record that may hold a credential, was changed, or goes on', async () => {
    const { cwd, run, subjects, records, git } = inRepo()
    await run('run', '--yes', 'a.md')
    const token = `ghp_${'x7Kd93'.repeat(6)}`
    writeFileSync(join(cwd, 't.md'), `# T\n\n${fence('sh', `printf 'ghp_%s%s%s\\n' ${'x7Kd93x7Kd93 '.repeat(3)}`)}`)
    await run('run', '--yes', 't.md')
    await run('run', '--yes', 'a.md#a')
    const [, tainted = '', changed = ''] = records()
    const text = execFileSync('cat', [join(cwd, changed)], { encoding: 'utf8' })
    assert.ok(execFileSync('cat', [join(cwd, tainted)], { encoding: 'utf8' }).includes(token))
    writeFileSync(join(cwd, changed), text.replace('made', 'mad'))
    const { code, stderr } = await run('runs', 'commit')
    assert.equal(code, 1)
    assert.equal(subjects().length, 1)
    assert.equal(git('show', '--name-only', '--format=').split('\n').length, 1)
    assert.match(stderr, /seems to hold credentials in plain text.*line \d/)
    assert.match(stderr, new RegExp(`not as it was written: ${changed.replaceAll('.', '\\.')}`))
    rmSync(join(cwd, tainted))
    rmSync(join(cwd, changed))
    const again = await run('runs', 'commit')
    assert.equal(again.code, 0)
    assert.match(again.stderr, /Every finished record is in a commit already/)
  })

  it('says why not, and the run stands', async () => {
    const { cwd, run, subjects } = inRepo()
    writeFileSync(join(cwd, '.git/MERGE_HEAD'), '')
    const { code, stderr } = await run('run', '--yes', '--commit', 'a.md')
    assert.equal(code, 0)
    assert.match(stderr, /not committed: a merge is under way/)
    assert.equal((await run('runs', 'commit')).code, 3)
    rmSync(join(cwd, '.git/MERGE_HEAD'))
    assert.equal((await run('runs', 'commit')).code, 0)
    assert.equal(subjects().length, 1)
  })
})
