import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { type Keyring, startKeyring, whyNoKeyring } from '../../support/keyring.ts'
import { needs } from '../../support/needs.ts'
import { baton, fence, folderOf, repoOf } from './baton.ts'
import { recordFiles } from './records-of.ts'
import { onTerminal, whyNoTerminal } from './terminal.ts'

const value = 'h1dden-Wert-値'
const runbook = [
  '---',
  'secrets:',
  '  - { name: LDAP_PASSWORD, label: 管理者のパスワード, rotate-every: 90d }',
  '  - { name: API_KEY }',
  "  - { name: FROM_VAULT, from: 'printf of-the-vault' }",
  '---',
  fence('sh {name=one}', `printf '%s' "$LDAP_PASSWORD" > got`),
].join('\n')

/** What the records of a folder say that was done. */
function actsIn(root: string): readonly string[] {
  return recordFiles(root)
    .toSorted()
    .map((file) => {
      const text = readFileSync(file, 'utf8')
      assert.ok(!text.includes(value))
      const { type, act, secrets } = JSON.parse(text)
      return `${type} ${act} ${secrets}`
    })
}

describe('baton secrets', function () {
  this.timeout(120_000)
  let unlocked: Keyring
  let locked: Keyring
  before(async function () {
    needs(this, (await whyNoKeyring()) ?? whyNoTerminal())
    ;[unlocked, locked] = await Promise.all([startKeyring('unlocked'), startKeyring('locked')])
  })
  after(() => Promise.all([unlocked?.stop(), locked?.stop()]))

  const inKeyring = (name: string) => {
    try {
      const words = ['lookup', 'service', 'baton', 'account', name]
      return execFileSync('secret-tool', words, { env: { ...process.env, ...unlocked.env }, encoding: 'utf8' })
    } catch {
      return undefined
    }
  }

  it('set asks unseen until the value may be kept, and list, change and delete know of it', async () => {
    const root = repoOf({ 'people/joining.md': runbook })
    const at = { cwd: join(root, 'people'), env: unlocked.env }
    const first = onTerminal(['secrets', 'set', 'LDAP_PASSWORD'], at)
    await first.shows('It is kept in: keychain of this computer')
    await first.shows('管理者のパスワード (LDAP_PASSWORD)')
    first.type('abc\r')
    await first.shows('too short')
    await first.shows('管理者のパスワード (LDAP_PASSWORD)')
    first.type(`${value}\r`)
    const { code, screen } = await first.end()
    assert.equal(code, 0, screen)
    assert.ok(!screen.includes(value) && !screen.includes('abc'), screen)
    assert.equal(inKeyring('LDAP_PASSWORD'), value)

    const env = { ...unlocked.env, BATON_SECRET_API_KEY: 'given' }
    const { stdout } = await baton(['secrets', 'list', '--json'], { ...at, env })
    const listed: {
      name: string
      state: string
      kept?: string
      setAt?: string
      changeBy?: string
      runbooks: string[]
    }[] = JSON.parse(stdout)
    assert.deepEqual(
      listed.map(({ name, state, kept }) => [name, state, kept]),
      [
        ['API_KEY', 'set', 'environment'],
        ['FROM_VAULT', 'printed', undefined],
        ['LDAP_PASSWORD', 'set', 'keychain'],
      ],
    )
    const days = (Date.parse(listed[2]?.changeBy ?? '') - Date.parse(listed[2]?.setAt ?? '')) / 86_400_000
    assert.equal(days, 90)
    assert.deepEqual(listed[2]?.runbooks, ['joining.md'])

    const again = await baton(['secrets', 'set', 'LDAP_PASSWORD'], { ...at, input: `${value}\n` })
    assert.match(again.stdout, /has this value already/)
    const changed = await baton(['secrets', 'set', 'LDAP_PASSWORD'], { ...at, input: 'zeile 1\nzeile 2\r\n' })
    assert.equal(changed.code, 0, changed.stderr)
    assert.equal(inKeyring('LDAP_PASSWORD'), 'zeile 1\nzeile 2')

    const stopped = onTerminal(['secrets', 'delete', 'LDAP_PASSWORD'], { ...at, env: { ...at.env, BATON_LANG: 'ja' } })
    await stopped.shows('Enter: 削除する')
    stopped.type('\x03')
    assert.equal((await stopped.end()).code, 130)
    assert.notEqual(inKeyring('LDAP_PASSWORD'), undefined)
    assert.equal((await baton(['secrets', 'delete', 'LDAP_PASSWORD'], at)).code, 2)
    const deleting = onTerminal(['secrets', 'delete', 'LDAP_PASSWORD'], at)
    await deleting.shows('Enter: delete')
    deleting.type('\r')
    assert.equal((await deleting.end()).code, 0)
    assert.equal(inKeyring('LDAP_PASSWORD'), undefined)
    const none = await baton(['secrets', 'delete', 'LDAP_PASSWORD', '--yes'], at)
    assert.equal(none.code, 2)
    assert.match(none.stderr, /nothing to delete/)

    assert.deepEqual(actsIn(root), [
      'act secrets-set LDAP_PASSWORD',
      'act secrets-changed LDAP_PASSWORD',
      'act secrets-deleted LDAP_PASSWORD',
    ])
    const runs = await baton(['runs'], { ...at, env: { ...at.env, BATON_LANG: 'ja' } })
    assert.match(runs.stdout, /シークレットを削除: LDAP_PASSWORD {2}Sato Kenji/)
    assert.match(runs.stdout, /シークレットを変更: LDAP_PASSWORD/)
    const verified = await baton(['verify'], at)
    assert.equal(verified.code, 0, verified.stdout)
    assert.equal(verified.stdout.match(/as it was written/g)?.length, 3)
  })

  it('set takes no value from the command line, and repeats none', async () => {
    const root = repoOf({ 'a.md': runbook })
    for (const words of [[`LDAP_PASSWORD=${value}`], ['LDAP_PASSWORD', value], [value], ['PATH']]) {
      const { code, stdout, stderr } = await baton(['secrets', 'set', ...words], {
        cwd: root,
        env: unlocked.env,
        input: value,
      })
      assert.equal(code, 2)
      assert.ok(!`${stdout}${stderr}`.includes(value), stderr)
    }
    const refused: readonly (readonly [string | Uint8Array, RegExp])[] = [
      ['', /Type the value in a terminal/],
      ['abc\n', /too short/],
      [new Uint8Array([0xff, 0xfe, 0x41, 0x00]), /no text in UTF-8/],
      ['nul\0nul', /NUL/],
    ]
    for (const [input, sentence] of refused) {
      const { code, stderr } = await baton(['secrets', 'set', 'API_KEY'], { cwd: root, env: unlocked.env, input })
      assert.equal(code, 2)
      assert.match(stderr, sentence)
    }
    assert.equal(inKeyring('API_KEY'), undefined)
    assert.deepEqual(recordFiles(root), [])
  })

  it('says what is not declared, what the environment has, and what is not on record', async () => {
    const folder = folderOf({})
    const env = { ...unlocked.env, BATON_SECRET_OTHER_KEY: 'x' }
    const outside = await baton(['secrets', 'set', 'OTHER_KEY'], { cwd: folder, env, input: value })
    assert.equal(outside.code, 0, outside.stderr)
    assert.match(outside.stderr, /BATON_SECRET_OTHER_KEY is set in this environment/)
    assert.match(outside.stderr, /Not on record/)
    assert.ok(!existsSync(join(folder, '.baton')))

    const root = repoOf({ 'a.md': runbook, '.baton': 'a file where the folder should be' })
    const unkept = await baton(['secrets', 'set', 'OTHER_KEY'], { cwd: root, env, input: `${value} 2` })
    assert.equal(unkept.code, 3)
    assert.match(unkept.stderr, /No runbook here declares OTHER_KEY/)
    assert.match(unkept.stderr, /Done, and not on record: a file is where a folder should be \(\.baton/)
    assert.equal(inKeyring('OTHER_KEY'), `${value} 2`)
  })

  it('that cannot be reached is said to be so, and nothing is asked', async () => {
    const root = repoOf({ 'a.md': runbook })
    const seen = await baton(['secrets', 'list'], { cwd: root, env: locked.env })
    assert.equal(seen.code, 0)
    assert.match(seen.stderr, /The keychain is locked/)
    for (const words of [['set', 'API_KEY'], ['delete', 'API_KEY', '--yes'], ['identity']]) {
      const { code, stderr } = await baton(['secrets', ...words], { cwd: root, env: locked.env, input: value })
      assert.equal(code, 2, words.join(' '))
      assert.match(stderr, /The keychain is locked/)
    }
    const none = await baton(['secrets', 'list'], { cwd: root })
    assert.match(none.stdout, /\? unknown/)
    assert.match(none.stderr, /no keychain here/)
    assert.deepEqual(recordFiles(root), [])
  })

  it('that was taken away with another program is told from one that never was set', async () => {
    const root = repoOf({ 'a.md': runbook })
    const at = { cwd: root, env: { ...unlocked.env, BATON_LANG: 'ja' } }
    await baton(['secrets', 'set', 'API_KEY'], { ...at, input: value })
    const clear = ['clear', 'service', 'baton', 'account', 'API_KEY']
    execFileSync('secret-tool', clear, { env: { ...process.env, ...unlocked.env } })
    const { stdout } = await baton(['secrets', 'list'], at)
    assert.match(stdout, /API_KEY\n {2}✗ 見つかりません/)
    assert.match(stdout, /LDAP_PASSWORD.*\n {2}✗ 未設定/)
  })
})
