import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, it } from 'mocha'
import { baton, fence, repoOf } from './baton.ts'
import { recordFiles } from './records-of.ts'

const value = 'Midori2026!'
const leaking = `# Users\n\n初期パスワードは ${value} です。\n\n${fence('sh', 'echo ok', `  mysql -uroot -p${value} -e 'select 1'`)}`

describe('baton check', () => {
  it('reports credentials with their places, and never a value', async () => {
    const { code, stdout, stderr } = await baton(['check'], { cwd: repoOf({ 'users.md': leaking }) })
    assert.equal(code, 1)
    assert.match(stdout, /^users\.md:3:1 error This line seems to hold a password in plain text\./m)
    assert.match(stdout, /^users\.md:7:3 error This line seems to hold a password in plain text\./m)
    assert.equal(stdout.match(/plain text/g)?.length, 2)
    assert.doesNotMatch(stdout + stderr, /Midori2026/)
  })

  it('reports them as JSON, with the rules that found them', async () => {
    const { code, stdout } = await baton(['check', '--json'], { cwd: repoOf({ 'users.md': leaking }) })
    assert.equal(code, 1)
    const found = JSON.parse(stdout).filter((one: { code: string }) => one.code === 'credential')
    assert.deepEqual(
      found.map(({ file, line, column, endColumn, severity, values }: Record<string, unknown>) => [
        file,
        line,
        column,
        endColumn,
        severity,
        values,
      ]),
      [
        ['users.md', 3, 1, 25, 'error', { rules: 'password-sentence' }],
        ['users.md', 7, 3, 43, 'error', { rules: 'mysql' }],
      ],
    )
    assert.doesNotMatch(stdout, /Midori2026/)
  })

  it('says nothing of what its author excuses', async () => {
    const excused = `# Users\n\n初期パスワードは ${value} です。 <!-- secretlint-disable-line -->\n\n${fence('sh', 'echo ok')}`
    const { code, stdout } = await baton(['check'], { cwd: repoOf({ 'users.md': excused }) })
    assert.deepEqual([code, stdout], [0, ''])
  })
})

describe('the record of a run', () => {
  // What the step prints is nowhere in the runbook.
  const printing = (more = '') =>
    `# Users\n${more}\n${fence('sh', 'echo before', "printf 'pass%s\\n' 'word: Midori2026!'")}`
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-C', cwd, '-c', 'user.name=S', '-c', 'user.email=s@example.com', ...args], {
      stdio: 'ignore',
    })

  it('that holds a credential is said once on stderr, when the run has ended', async () => {
    const cwd = repoOf({ 'users.md': printing() })
    const { code, stdout, stderr } = await baton(['run', 'users.md', '--yes'], { cwd })
    assert.equal(code, 0, stderr)
    const record = relative(cwd, recordFiles(cwd)[0] ?? '')
    const line =
      readFileSync(join(cwd, record), 'utf8')
        .split('\n')
        .findIndex((one) => one.includes('"output"')) + 1
    assert.ok(line > 0)
    const said = stderr.split('\n').filter((one) => one.includes('credentials'))
    assert.equal(said.length, 1, stderr)
    assert.ok(said[0]?.endsWith(`${record}, line ${line}.`), said[0])
    assert.doesNotMatch(stderr, /Midori2026/)
    assert.match(stdout, /password: Midori2026!/) // The step's own output is the step's.
  })

  it('is reported by check as long as it is not committed, and again when it was changed', async () => {
    const cwd = repoOf({ 'users.md': printing() })
    await baton(['run', 'users.md', '--yes'], { cwd })
    const record = relative(cwd, recordFiles(cwd)[0] ?? '')
    const reported = new RegExp(`^${record.replaceAll('.', '\\.')}:\\d+:1 error This line of the record`, 'm')
    const before = await baton(['check'], { cwd })
    assert.equal(before.code, 1)
    assert.match(before.stdout, reported)
    assert.doesNotMatch(before.stdout + before.stderr, /Midori2026/)

    git(cwd, 'add', '-A')
    assert.equal((await baton(['check', 'users.md'], { cwd })).code, 1, 'staged, and still in no commit')
    git(cwd, 'commit', '-qm', 'Records')
    assert.deepEqual(await baton(['check'], { cwd }).then(({ code, stdout }) => [code, stdout]), [0, ''])

    const file = join(cwd, record)
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n`)
    assert.match((await baton(['check'], { cwd })).stdout, reported)
  })

  it('that git ignores is not going anywhere', async () => {
    const cwd = repoOf({ 'users.md': printing(), '.gitignore': '.baton/runs/\n' })
    await baton(['run', 'users.md', '--yes'], { cwd })
    assert.equal((await baton(['check'], { cwd })).code, 0)
  })

  it('holds none where the runbook excuses the value', async () => {
    const excuse = '\n<!-- secretlint-disable-next-line -->\nThe password is Midori2026! on the practice server.\n'
    const cwd = repoOf({ 'users.md': printing(excuse) })
    const { stderr } = await baton(['run', 'users.md', '--yes'], { cwd })
    assert.doesNotMatch(stderr, /credentials/)
    assert.equal((await baton(['check'], { cwd })).code, 0)
  })
})
