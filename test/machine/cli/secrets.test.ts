import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { type Keyring, startKeyring, whyNoKeyring } from '../../support/keyring.ts'
import { needs } from '../../support/needs.ts'
import { baton, fence, repoOf } from './baton.ts'
import { recordFiles } from './records-of.ts'
import { onTerminal, whyNoTerminal } from './terminal.ts'

const value = 'h1dden-Wert-値'
const declared = ['---', 'secrets: [{ name: LDAP_PASSWORD, label: 管理者のパスワード }]', '---']
const text = [
  ...declared,
  fence('sh {name=one}', 'touch ran'),
  fence('sh {name=two}', 'echo "the value is $LDAP_PASSWORD"', `printf '%s' "$LDAP_PASSWORD" > got`),
  fence('sh {name=three}', `env | grep -c LDAP_PASSWORD`, 'true'),
].join('\n')

describe('secrets of baton run', () => {
  it('come from the environment, and are seen nowhere', async () => {
    const root = repoOf({ 'a.md': text })
    for (const words of [
      ['a.md', '--yes'],
      ['a.md', '--json'],
    ]) {
      const { code, stdout, stderr } = await baton(['run', ...words], {
        cwd: root,
        env: { BATON_SECRET_LDAP_PASSWORD: value },
      })
      assert.equal(code, 0, stderr)
      assert.equal(readFileSync(join(root, 'got'), 'utf8'), value)
      assert.ok(!`${stdout}${stderr}`.includes(value))
      assert.match(stdout, /the value is /)
    }
    for (const file of recordFiles(root)) assert.ok(!readFileSync(file, 'utf8').includes(value))
  })

  it('and sensitive parameters come from it too, where an argument would be seen by everybody', async () => {
    const pin = '---\nparameters: [{ name: PIN, sensitive: true }]\n---\n'
    const root = repoOf({
      'a.md': pin + fence('sh', 'ps -eo args > seen; printf %s "$PIN" > got'),
      'b.md': `---\nparameters: [N, { name: PIN, sensitive: true }]\n---\n${fence('sh', 'printf %s "$N$PIN" > "got$N"')}`,
      'rows.csv': 'N\n1\n2\n',
    })
    const env = { BATON_SECRET_PIN: value }
    const { code, stderr } = await baton(['run', '--yes', 'a.md'], { cwd: root, env })
    assert.equal(code, 0, stderr)
    assert.equal(readFileSync(join(root, 'got'), 'utf8'), value)
    assert.ok(!readFileSync(join(root, 'seen'), 'utf8').includes(value))
    assert.doesNotMatch(stderr, /came as an argument/)

    const batch = await baton(['batch', 'b.md', 'rows.csv', '--yes'], { cwd: root, env })
    assert.equal(batch.code, 0, batch.stderr)
    assert.equal(readFileSync(join(root, 'got2'), 'utf8'), `2${value}`)
    for (const file of recordFiles(root)) assert.ok(!readFileSync(file, 'utf8').includes(value))

    const missing = await baton(['run', '--yes', 'a.md'], { cwd: root })
    assert.equal(missing.code, 2)
    assert.match(missing.stderr, /BATON_SECRET_PIN/)
    const short = await baton(['run', '--yes', 'a.md'], { cwd: root, env: { BATON_SECRET_PIN: 'abc' } })
    assert.equal(short.code, 2, short.stderr)
    const shown = await baton(['run', '--yes', 'a.md', '--param', 'PIN=typed-here'], { cwd: root, env })
    assert.equal(shown.code, 0, shown.stderr)
    assert.match(shown.stderr, /PIN came as an argument.*BATON_SECRET_PIN/)
    assert.equal(readFileSync(join(root, 'got'), 'utf8'), 'typed-here')
  })

  it('are not handed to steps by the name that the environment has for them', async () => {
    const root = repoOf({ 'a.md': fence('sh {name=x}', 'env | grep BATON_S[E]CRET || echo none') })
    const { stdout } = await baton(['run', '--yes', 'a.md'], { cwd: root, env: { BATON_SECRET_OTHER: value } })
    assert.match(stdout, /^none$/m)
  })

  const unusable: readonly (readonly [string, string | undefined, RegExp, RegExp])[] = [
    ['missing', undefined, /keychain.*BATON_SECRET_LDAP_PASSWORD/, /BATON_SECRET_LDAP_PASSWORD/],
    ['empty', '', /keychain.*BATON_SECRET_LDAP_PASSWORD/, /BATON_SECRET_LDAP_PASSWORD/],
    ['too short', 'abc', /LDAP_PASSWORD is too short/, /LDAP_PASSWORD は4文字未満/],
  ]
  for (const [name, given, english, japanese] of unusable) {
    it(`refuse the run before its first step: ${name}`, async () => {
      const root = repoOf({ 'a.md': text })
      const env = { BATON_SECRET_LDAP_PASSWORD: given }
      const { code, stderr } = await baton(['run', '--yes', 'a.md'], { cwd: root, env })
      assert.equal(code, 2)
      assert.match(stderr, english)
      const own = await baton(['run', '--yes', 'a.md'], { cwd: root, env: { ...env, BATON_LANG: 'ja' } })
      assert.equal(own.code, 2)
      assert.match(own.stderr, japanese)
      assert.ok(!existsSync(join(root, 'ran')))
      assert.ok(!existsSync(join(root, '.baton')))
    })
  }
})

describe('secrets of baton run in a keychain', function () {
  this.timeout(60_000)
  let unlocked: Keyring
  let locked: Keyring
  before(async function () {
    needs(this, await whyNoKeyring())
    ;[unlocked, locked] = await Promise.all([startKeyring('unlocked'), startKeyring('locked')])
  })
  after(() => Promise.all([unlocked?.stop(), locked?.stop()]))

  it('are asked for once on a terminal, kept in it, and read from it without one', async function () {
    needs(this, whyNoTerminal())
    const root = repoOf({ 'a.md': text })
    const terminal = onTerminal(['run', 'a.md'], { cwd: root, env: { ...unlocked.env, BATON_LANG: 'ja' } })
    await terminal.shows('Enter: 実行')
    terminal.type('\r')
    await terminal.shows('キーチェーン')
    await terminal.shows('管理者のパスワード (LDAP_PASSWORD)')
    terminal.type(`${value}\r`)
    const { code, screen } = await terminal.end()
    assert.equal(code, 0, screen)
    assert.ok(!screen.includes(value))

    const again = await baton(['run', '--yes', 'a.md'], { cwd: root, env: unlocked.env })
    assert.equal(again.code, 0, again.stderr)
    assert.equal(readFileSync(join(root, 'got'), 'utf8'), value)
    assert.ok(!again.stdout.includes(value))

    execFileSync('secret-tool', ['clear', 'service', 'baton', 'account', 'LDAP_PASSWORD'], { env: unlocked.env })
    const gone = await baton(['run', '--yes', 'a.md'], { cwd: root, env: unlocked.env })
    assert.equal(gone.code, 2)
    assert.match(gone.stderr, /LDAP_PASSWORD was set on \d{4}-\d\d-\d\d and is gone.*BATON_SECRET_LDAP_PASSWORD/)
  })

  it('refuse the run when it is locked, and the environment helps', async () => {
    const root = repoOf({ 'a.md': text })
    const { code, stderr } = await baton(['run', '--yes', 'a.md'], { cwd: root, env: locked.env })
    assert.equal(code, 2)
    assert.match(stderr, /The keychain is locked\. Unlock it and run again\. .*BATON_SECRET_LDAP_PASSWORD/)
    assert.ok(!existsSync(join(root, 'ran')))
    const env = { ...locked.env, BATON_SECRET_LDAP_PASSWORD: value }
    assert.equal((await baton(['run', '--yes', 'a.md'], { cwd: root, env })).code, 0)
  })
})
