import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { needs } from '../../support/needs.ts'
import { baton, fence, folderOf, repoOf } from './baton.ts'
import { onlyRecord, recordFiles } from './records-of.ts'
import { onTerminal, whyNoTerminal } from './terminal.ts'

const value = 'Sésame-0pen-開け'
const declared = (from: string) =>
  ['---', `secrets: [{ name: DB_PASSWORD, label: 会計の接続, from: '${from}' }]`, '---', ''].join('\n')
const steps = [
  fence('sh {name=one}', `printf '%s' "$DB_PASSWORD" > got; echo "it is $DB_PASSWORD"`),
  fence('sh {name=two}', 'echo "still $DB_PASSWORD"'),
].join('\n')

/** A runbook, and beside the repo a program that prints the secret and counts how often it ran. */
function repo(script: string) {
  const bin = folderOf({ op: `#!/bin/sh\necho x >> "$0.ran"\n${script}\n` }, 'bin')
  execFileSync('chmod', ['+x', join(bin, 'op')])
  const root = repoOf({ 'a.md': declared('op read op://Midori/db/password') + steps })
  return {
    root,
    env: { PATH: `${bin}:${process.env.PATH}` },
    ran: () => (existsSync(join(bin, 'op.ran')) ? readFileSync(join(bin, 'op.ran'), 'utf8').length / 2 : 0),
  }
}

describe('a secret that a command prints', function () {
  this.timeout(60_000)

  it('is run for when --yes lets it; the record says by which command, and the value is nowhere', async () => {
    const { root, env, ran } = repo(`echo '${value}'`)
    const { code, stdout, stderr } = await baton(['run', 'a.md', '--yes'], { cwd: root, env })
    assert.equal(code, 0, stderr)
    assert.equal(readFileSync(join(root, 'got'), 'utf8'), value)
    assert.match(stderr, /DB_PASSWORD is printed by: op read op:\/\/Midori\/db\/password/)
    assert.match(stdout, /it is \*\*\*[\s\S]*still \*\*\*/)
    assert.equal(ran(), 1)
    const [start, one] = onlyRecord(root)
    assert.deepEqual([start?.secrets, start?.unattended], [['DB_PASSWORD'], true])
    assert.deepEqual(one?.secretCommands, {
      DB_PASSWORD: { command: 'op read op://Midori/db/password', approval: 'now' },
    })
    for (const text of [stdout, stderr, ...recordFiles(root).map((file) => readFileSync(file, 'utf8'))]) {
      assert.ok(!text.includes(value))
    }
    const again = await baton(['run', 'a.md'], { cwd: root, env })
    assert.equal(again.code, 0, again.stderr)
    assert.equal(ran(), 2)
  })

  it('runs for nobody who did not approve it, nor what it was changed to', async () => {
    const { root, env, ran } = repo(`echo '${value}'`)
    // The steps are known here, the command is not.
    const known = { ...env, BATON_SECRET_DB_PASSWORD: 'another-value' }
    assert.equal((await baton(['run', 'a.md', '--yes'], { cwd: root, env: known })).code, 0)
    assert.equal(readFileSync(join(root, 'got'), 'utf8'), 'another-value', 'the environment comes first')
    const refused = await baton(['run', 'a.md'], { cwd: root, env })
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /let this command print DB_PASSWORD: op read op:\/\/Midori\/db\/password\..*--yes/)
    assert.equal(ran(), 0)

    assert.equal((await baton(['run', 'a.md', '--yes'], { cwd: root, env })).code, 0)
    assert.equal((await baton(['run', 'a.md'], { cwd: root, env })).code, 0)
    assert.equal(ran(), 2)
    writeFileSync(join(root, 'a.md'), declared('op read op://Midori/db/password; touch stolen') + steps)
    const changed = await baton(['run', 'a.md', '--json'], { cwd: root, env: { ...env, BATON_LANG: 'ja' } })
    assert.equal(changed.code, 2)
    const { code, message } = JSON.parse(changed.stdout)
    assert.equal(code, 'secret-command-unapproved')
    assert.match(message, /DB_PASSWORD を取り出すコマンドを確認できる人がいません/)
    assert.ok(ran() === 2 && !existsSync(join(root, 'stolen')))
  })

  it('is shown by list, check and --dry-run, which run nothing', async () => {
    const { root, env, ran } = repo(`echo '${value}'`)
    for (const words of [
      ['list', '.'],
      ['list', '.', '--json'],
      ['check', '.'],
      ['run', 'a.md', '--dry-run'],
      ['run', 'a.md', '--dry-run', '--json'],
    ]) {
      const { code, stdout, stderr } = await baton(words, { cwd: root, env })
      assert.equal(code, 0, stderr)
      assert.match(stdout + stderr, /op read op:\/\/Midori\/db\/password/, words.join(' '))
    }
    assert.equal(ran(), 0)
  })

  it('runs once for all rows of a table', async () => {
    const { root, env, ran } = repo(`echo '${value}'`)
    const parameters = declared('op read op://Midori/db/password').replace('---\n', '---\nparameters: [NAME]\n')
    writeFileSync(join(root, 'a.md'), parameters + steps)
    writeFileSync(join(root, 'rows.csv'), 'NAME\na\nb\nc\n')
    const { code, stderr } = await baton(['batch', 'a.md', 'rows.csv', '--yes'], { cwd: root, env })
    assert.equal(code, 0, stderr)
    assert.equal(recordFiles(root).length, 3)
    assert.equal(ran(), 1)
  })

  const failures: readonly (readonly [string, string, RegExp, RegExp])[] = [
    [
      'fails',
      `echo '${value}'; echo "no access with ${value}" >&2; exit 1`,
      /failed \(exit code 1\).*\(no access with \*\*\*\)/,
      /失敗しました \(終了コード 1\)/,
    ],
    ['prints to stderr only', 'echo words >&2', /printed nothing/, /何も出力しませんでした/],
    ['prints 10 MB', 'head -c 10000000 /dev/zero | tr "\\0" x', /printed more than 64 KiB/, /64 KiB を超えました/],
    ['prints too little', 'echo abc', /too short to be masked/, /短すぎる/],
    ['prints a NUL', 'printf "ab\\0cd"', /NUL character/, /NUL 文字/],
    ['is not there', 'exit 127', /was not found: op\. Install it/, /見つかりません: op/],
  ]
  for (const [what, script, english, japanese] of failures) {
    it(`refuses the run when it ${what}`, async () => {
      const { root, env } = repo(script)
      const refused = await baton(['run', 'a.md', '--yes'], { cwd: root, env })
      const own = await baton(['run', 'a.md', '--yes'], { cwd: root, env: { ...env, BATON_LANG: 'ja' } })
      assert.deepEqual([refused.code, own.code], [2, 2])
      assert.match(refused.stderr, english)
      assert.match(own.stderr, japanese)
      for (const text of [refused.stderr, refused.stdout, own.stderr]) assert.ok(!text.includes(value))
      assert.ok(!existsSync(join(root, 'got')) && !existsSync(join(root, '.baton')))
    })
  }

  it('is shown before its first run on a terminal, with what it was when it changed', async function () {
    needs(this, whyNoTerminal())
    const { root, env, ran } = repo(`echo '${value}'`)
    const first = onTerminal(['run', 'a.md'], { cwd: root, env })
    await first.shows('会計の接続')
    await first.shows('new · command that prints DB_PASSWORD · line 2')
    await first.shows('op read op://Midori/db/password')
    await first.shows('Enter: run')
    assert.equal(ran(), 0)
    first.type('\r')
    assert.equal((await first.end()).code, 0)
    assert.equal(ran(), 1)

    writeFileSync(join(root, 'a.md'), declared('op read op://Midori/db/pass\u200bword') + steps)
    const second = onTerminal(['run', 'a.md'], { cwd: root, env: { ...env, BATON_LANG: 'ja' } })
    await second.shows('変更あり · DB_PASSWORD を取り出すコマンド · 2行目')
    await second.shows('- op read op://Midori/db/password')
    await second.shows('+ op read op://Midori/db/pass')
    await second.shows('U+200B')
    second.type('\x03')
    const { code, screen } = await second.end()
    assert.equal(code, 130, screen)
    assert.equal(ran(), 1)
  })
})

describe('a secret of the real pass, with a key of its own', function () {
  this.timeout(60_000)
  let home: string
  let env: Readonly<Record<string, string>>

  before(function () {
    try {
      execFileSync('pass', ['version'], { stdio: 'ignore' })
    } catch {
      console.log('    skipped: pass is not here')
      this.skip()
    }
    // Sockets of gpg-agent lie in it: their paths must be short.
    home = mkdtempSync(join(tmpdir(), 'pass-'))
    env = { HOME: home, GNUPGHOME: join(home, 'gpg'), PASSWORD_STORE_DIR: join(home, 'store') }
    const run = (program: string, args: readonly string[], input = '') =>
      execFileSync(program, args, { env: { ...process.env, ...env }, input, stdio: ['pipe', 'ignore', 'ignore'] })
    execFileSync('mkdir', ['-m', '700', join(home, 'gpg')])
    run('gpg', ['--batch', '--passphrase', '', '--quick-generate-key', 'Test <t@example.co.jp>', 'default', 'default'])
    run('pass', ['init', 't@example.co.jp'])
    run('pass', ['insert', '--multiline', 'it/db'], `${value}\n`)
  })
  after(() => {
    if (home === undefined) return
    execFileSync('gpgconf', ['--kill', 'all'], { env: { ...process.env, ...env } })
    rmSync(home, { recursive: true, force: true })
  })

  it('reaches the step, and no file', async () => {
    const root = repoOf({ 'a.md': declared('pass show it/db') + steps })
    const { code, stdout, stderr } = await baton(['run', 'a.md', '--yes'], { cwd: root, env })
    assert.equal(code, 0, stderr)
    assert.equal(readFileSync(join(root, 'got'), 'utf8'), value)
    assert.ok(!`${stdout}${stderr}`.includes(value))
  })

  it('is refused in its own words where the entry is not there', async () => {
    const root = repoOf({ 'a.md': declared('pass show it/nothing') + steps })
    const { code, stderr } = await baton(['run', 'a.md', '--yes'], { cwd: root, env })
    assert.equal(code, 2)
    assert.match(stderr, /exit code 1.*it\/nothing is not in the password store/)
  })
})
