import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { before, describe, it } from 'mocha'
import { needs } from '../../support/needs.ts'
import { baton, environment, fence, folderOf, program, repoOf, stateFor } from './baton.ts'
import { recordFiles } from './records-of.ts'

describe('baton runs', () => {
  let root = ''
  before(async () => {
    root = repoOf({ 'a.md': `# 毎日の点検\n\n${fence('sh', 'true')}`, 'b.md': `# 失敗\n\n${fence('sh', 'exit 2')}` })
    for (const name of ['a.md', 'b.md', 'a.md']) await baton(['run', '--yes', name], { cwd: root })
  })

  it('lists runs by day, newest first', async () => {
    const english = await baton(['runs'], { cwd: root })
    assert.equal(english.code, 0)
    assert.match(english.stdout, /^Today\n {2}✓ succeeded {2}\d+:\d\d {2}毎日の点検 {2}Sato Kenji · \d+\.\d s · 1\/1\n/)
    assert.match(english.stdout, /✗ failed {2}.*失敗 .* 0\/1\n {4}\.baton\/runs\//)
    const own = await baton(['runs'], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.match(own.stdout, /^今日\n {2}✓ 成功 .*秒/)
  })

  it('limits the list, and says so', async () => {
    const { stdout, stderr } = await baton(['runs', '--limit', '1'], { cwd: root })
    assert.equal(stdout.match(/\.jsonl$/gm)?.length, 1)
    assert.match(stderr, /2 older ones are not shown/)
  })

  it('prints JSON', async () => {
    const runs = JSON.parse((await baton(['runs', '--json'], { cwd: root })).stdout)
    assert.deepEqual(
      runs.map(({ outcome }: { outcome: string }) => outcome),
      ['succeeded', 'failed', 'succeeded'],
    )
    assert.ok(runs[0].startedAt > runs[2].startedAt)
  })

  it('says so where nothing was run', async () => {
    const { code, stderr, stdout } = await baton(['runs'], { cwd: folderOf({}) })
    assert.equal(code, 0)
    assert.equal(stdout, '')
    assert.match(stderr, /Nothing has been run here yet/)
  })
})

describe('baton verify', () => {
  const ran = async (times = 1) => {
    const root = repoOf({ 'a.md': fence('sh {name=one}', 'echo output') })
    for (let time = 0; time < times; time++) await baton(['run', '--yes', 'a.md'], { cwd: root })
    const files = [...recordFiles(root)].sort()
    return { root, files, file: files[0] ?? '' }
  }

  it('finds records in order', async () => {
    const { root, file } = await ran(2)
    for (const words of [[], [relative(root, file)], [file]]) {
      const { code, stdout } = await baton(['verify', ...words], { cwd: root })
      assert.equal(code, 0, stdout)
      assert.match(stdout, /✓ The chain of its \d+ lines is whole/)
    }
    const fromElsewhere = await baton(['verify', file], { cwd: folderOf({}) })
    assert.equal(fromElsewhere.code, 0, fromElsewhere.stdout)
  })

  it('names the file and the line that was changed', async () => {
    const { root, file } = await ran()
    const lines = readFileSync(file, 'utf8').split('\n')
    const index = lines.findIndex((line) => line.includes('"type":"output"'))
    writeFileSync(file, lines.with(index, lines[index]?.replace('output\\n', 'changed\\n') ?? '').join('\n'))
    const { code, stdout, stderr } = await baton(['verify'], { cwd: root })
    assert.equal(code, 1)
    assert.ok(stdout.includes(`This record was changed: line ${index + 1} (`), stdout)
    assert.ok(stdout.includes(`${relative(root, file)}:${index + 1}`), stdout)
    assert.match(stderr, /git log/)
    const json = await baton(['verify', '--json'], { cwd: root })
    assert.equal(json.code, 1)
    const { records } = JSON.parse(json.stdout)
    assert.equal(records[0].line, index + 1)
    assert.equal(records[0].result, 'tampered')
    const own = await baton(['verify', file], { cwd: root, env: { BATON_LANG: 'ja' } })
    assert.equal(own.code, 1)
    assert.match(own.stdout, new RegExp(`${index + 1}行目`))
  })

  it('notices a line that was added, and lines that were cut off', async () => {
    const added = await ran()
    appendFileSync(added.file, '{"seq":99}\n')
    assert.equal((await baton(['verify'], { cwd: added.root })).code, 1)

    const cut = await ran()
    const lines = readFileSync(cut.file, 'utf8').trimEnd().split('\n')
    truncateSync(cut.file, Buffer.byteLength(`${lines.slice(0, -1).join('\n')}\n`))
    const { code, stdout } = await baton(['verify'], { cwd: cut.root })
    assert.equal(code, 1)
    assert.match(stdout, /✗ .*no end/)
  })

  it('misses a record that was deleted', async () => {
    const { root, file } = await ran(2)
    rmSync(file)
    const { code, stdout } = await baton(['verify'], { cwd: root })
    assert.equal(code, 1)
    assert.match(stdout, /A record is missing/)
  })

  it('passes the record that is being written', async () => {
    const root = repoOf({ 'a.md': fence('sh', '"$NODE" "$CLI" verify; echo "code $?"') })
    const { stdout } = await baton(['run', '--yes', 'a.md'], {
      cwd: root,
      env: { NODE: process.execPath, CLI: program },
    })
    assert.match(stdout, /The run is going on/)
    assert.match(stdout, /^code 0$/m)
  })

  it('takes a record that does not exist for a mistake', async () => {
    const { code, stderr } = await baton(['verify', 'nothing.jsonl'], { cwd: repoOf({}) })
    assert.equal(code, 2)
    assert.match(stderr, /There is no record nothing\.jsonl\./)
  })

  it('is content where there is no record', async () => {
    const { code, stderr } = await baton(['verify'], { cwd: repoOf({}) })
    assert.equal(code, 0)
    assert.match(stderr, /There are no records here/)
  })

  it('finds what git keeps unchanged after a clone', async () => {
    const { root } = await ran()
    execFileSync('git', ['-C', root, 'add', '-A'])
    execFileSync('git', ['-C', root, '-c', 'user.name=S', '-c', 'user.email=s@example.com', 'commit', '-qm', 'Record'])
    const clone = folderOf({}, 'clone')
    execFileSync('git', ['clone', '-q', root, clone])
    assert.equal((await baton(['verify'], { cwd: clone })).code, 0)
  })
})

describe('what baton verify says of signatures and of git', function () {
  this.timeout(60_000)

  const signers = '.baton/allowed_signers'

  function signed({ passphrase = '' } = {}) {
    const root = repoOf({ 'a.md': fence('sh {name=one}', 'echo output'), 'baton.yaml': 'records:\n  sign: true\n' })
    const key = join(folderOf({}), 'key')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'k', '-f', key])
    for (const [name, value] of [['gpg.format', 'ssh'] as const, ['user.signingkey', key] as const])
      execFileSync('git', ['-C', root, 'config', name, value])
    mkdirSync(join(root, '.baton'))
    writeFileSync(join(root, signers), `k.sato@example.co.jp ${readFileSync(`${key}.pub`, 'utf8')}`)
    return { root, env: { SSH_AUTH_SOCK: undefined, GIT_CONFIG_GLOBAL: join(root, 'none') } }
  }

  it('tells a record that is signed and pushed from one that is neither', async () => {
    const { root, env } = signed()
    const ran = await baton(['run', '--yes', 'a.md'], { cwd: root, env })
    assert.equal(ran.code, 0, ran.stderr)
    const whole = await baton(['verify', '--strict'], { cwd: root, env })
    assert.equal(whole.code, 0, whole.stdout)
    assert.match(whole.stdout, /^✓ The chain of its \d+ lines is whole · signed by k\.sato@example\.co\.jp {2}\.baton/)
    assert.match(whole.stderr, /^Nothing was pushed from this repository yet/)

    rmSync(join(root, signers))
    const unknown = await baton(['verify'], { cwd: root, env })
    assert.equal(unknown.code, 0)
    assert.match(
      unknown.stdout,
      /whole · signed by an unknown key: there is no \.baton\/allowed_signers · not anchored/,
    )
    assert.match(unknown.stderr, /Not anchored: 1\./)
    assert.equal((await baton(['verify', '--strict'], { cwd: root, env })).code, 1)
    const own = await baton(['verify'], { cwd: root, env: { ...env, BATON_LANG: 'ja' } })
    assert.match(own.stdout, /署名者は不明 .*裏付けなし/)

    const [file = ''] = recordFiles(root)
    writeFileSync(`${file}.sig`, 'nothing\n')
    const wrong = await baton(['verify'], { cwd: root, env })
    assert.equal(wrong.code, 1)
    assert.match(wrong.stdout, /^✗ The signature is wrong: the file beside the record is none\./)
    const { records, obstacles } = JSON.parse((await baton(['verify', '--json'], { cwd: root, env })).stdout)
    assert.deepEqual(obstacles, ['nothing-pushed'])
    const [{ result, wrong: isWrong, anchored, signature, git }] = records
    assert.deepEqual([result, isWrong, anchored, git], ['ok', true, false, { kind: 'not-pushed' }])
    assert.deepEqual(signature, { kind: 'wrong', reason: 'no-signature' })
  })

  it('asks for no passphrase, also where it has a terminal, and says what to do', async function () {
    needs(this, process.platform === 'linux' ? undefined : 'script of util-linux')
    const { root, env } = signed({ passphrase: 'long passphrase' })
    const command = `"${process.execPath}" "${program}" run --yes a.md`
    const shown = execFileSync('script', ['-qec', command, '/dev/null'], {
      cwd: root,
      encoding: 'utf8',
      env: environment({ ...stateFor(root), ...env }),
      timeout: 30_000,
    })
    assert.doesNotMatch(shown, /Enter passphrase/)
    assert.match(shown, /The record is not signed\. The key .*key needs a passphrase: add it to your SSH agent/)
    assert.equal(recordFiles(root).length, 1)
  })
})
