import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { createKeychain, type Keychain } from '../../../src/machine/keychain/keychain.ts'
import { type Keyring, startKeyring, whyNoKeyring } from '../../support/keyring.ts'
import { needs } from '../../support/needs.ts'
import { helperFile, keytarPath } from '../keychain/helper.ts'
import { baton, fence, folderOf, repoOf } from './baton.ts'
import { recordsOf } from './records-of.ts'
import { onTerminal, whyNoTerminal } from './terminal.ts'

const values = { LDAP_PASSWORD: 'h1dden-Wert-値', API_KEY: 'zeile 1\nzeile 2 "\\', SMTP_PASSWORD: 'of-the-predecessor' }
const passphrase = '合言葉は とても長い 9'
const runbook = [
  '---',
  'secrets:',
  '  - { name: LDAP_PASSWORD, label: 管理者のパスワード }',
  '  - { name: API_KEY }',
  '  - { name: SMTP_PASSWORD }',
  '  - { name: NOT_SET }',
  "  - { name: FROM_VAULT, from: 'printf of-the-vault' }",
  '---',
  fence('sh', 'true'),
].join('\n')

function whyNoAge(): string | undefined {
  try {
    execFileSync('age', ['--version'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'age is missing (Debian: apt-get install age)'
  }
}

/** A keychain of its own, and what a program needs to use it. */
interface Computer {
  readonly env: Keyring['env']
  readonly keychain: Keychain
  stop(): Promise<void>
}

async function computer(): Promise<Computer> {
  const keyring = await startKeyring('unlocked')
  const keychain = createKeychain({ helperFile, keytarPath, env: keyring.env })
  const stop = () => {
    keychain.dispose()
    return keyring.stop()
  }
  return { env: keyring.env, keychain, stop }
}

describe('secrets that are handed over', function () {
  this.timeout(180_000)
  let predecessor: Computer
  let successor: Computer
  before(async function () {
    needs(this, (await whyNoKeyring()) ?? whyNoTerminal() ?? whyNoAge())
    ;[predecessor, successor] = await Promise.all([computer(), computer()])
    for (const [name, value] of Object.entries(values)) await predecessor.keychain.set(name, value)
  })
  after(() => Promise.all([predecessor?.stop(), successor?.stop()]))

  async function forget({ keychain }: Computer): Promise<void> {
    for (const name of [...Object.keys(values), 'age-identity']) await keychain.delete(name)
  }

  async function kept({ keychain }: Computer, name: string): Promise<string | undefined> {
    const found = await keychain.get(name)
    assert.notEqual(found.kind, 'failed')
    return found.kind === 'found' ? found.value : undefined
  }

  function assertNoValue(text: string): void {
    for (const value of [...Object.values(values), 'zeile 2', passphrase]) assert.ok(!text.includes(value), text)
  }

  const acts = (root: string) => recordsOf(root).map(([line]) => line)

  /** A file with all that the predecessor has. */
  async function exported(root: string, to: string, file = 'out.age'): Promise<string> {
    const { code, stdout, stderr } = await baton(['secrets', 'export', '--to', to, '--output', file], {
      cwd: root,
      env: predecessor.env,
    })
    assert.equal(code, 0, stderr)
    assertNoValue(stdout + stderr)
    return join(root, file)
  }

  it('go from keychain to keychain: to a recipient, past a look at their names', async () => {
    await forget(successor)
    const theirs = repoOf({ 'a.md': runbook })
    const identity = await baton(['secrets', 'identity'], { cwd: theirs, env: successor.env })
    assert.equal(identity.code, 0, identity.stderr)
    const recipient = identity.stdout.trim()
    assert.match(recipient, /^age1[a-z0-9]{58}$/)
    assert.match((await kept(successor, 'age-identity')) ?? '', /^AGE-SECRET-KEY-1/)
    assert.ok(!identity.stderr.includes('AGE-SECRET'))

    const mine = repoOf({ 'a.md': runbook })
    const words = ['secrets', 'export', '--to', recipient]
    const done = await baton(words, { cwd: mine, env: predecessor.env })
    assert.equal(done.code, 0, done.stderr)
    assertNoValue(done.stdout + done.stderr)
    assert.match(done.stdout, /✓ 3 secrets: API_KEY, LDAP_PASSWORD, SMTP_PASSWORD/)
    assert.match(done.stdout, /no value here: NOT_SET/)
    assert.match(done.stdout, /a command prints them: FROM_VAULT/)
    const name = readdirSync(mine).find((file) => file.endsWith('.age')) ?? ''
    assert.match(name, /^secrets-\d{8}\.age$/)
    const file = join(mine, name)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assertNoValue(readFileSync(file, 'utf8'))
    const [act] = acts(mine)
    assert.deepEqual(
      [act?.act, act?.secrets, act?.to, act?.file],
      ['secrets-exported', Object.keys(values).toSorted(), [recipient], name],
    )

    const again = onTerminal(words, { cwd: mine, env: predecessor.env })
    await again.shows('is there already')
    again.type('\r')
    assert.equal((await again.end()).code, 130)
    assert.equal(acts(mine).length, 1)

    await successor.keychain.set('SMTP_PASSWORD', 'of-the-successor')
    const taking = onTerminal(['secrets', 'import', file], { cwd: theirs, env: { ...successor.env, BATON_LANG: 'ja' } })
    await taking.shows('Sato Kenji (k.sato@example.co.jp) さんが')
    await taking.shows(/\+ \S*API_KEY/)
    await taking.shows('管理者のパスワード')
    await taking.shows(/≠ \S*SMTP_PASSWORD/)
    await taking.shows('Enter: 取り込む')
    assert.equal(await kept(successor, 'API_KEY'), undefined)
    taking.type('\r')
    await taking.shows('SMTP_PASSWORD には別の値が')
    await taking.shows('k: ここの値を残す')
    taking.type('\r')
    await taking.shows('k: ここの値を残す')
    taking.type('k\r')
    const { code, screen } = await taking.end()
    assert.equal(code, 0, screen)
    assertNoValue(screen)
    assert.match(screen, /変更しなかったもの: SMTP_PASSWORD/)
    assert.match(screen, /このファイルを削除してください/)
    assert.equal(await kept(successor, 'API_KEY'), values.API_KEY)
    assert.equal(await kept(successor, 'LDAP_PASSWORD'), values.LDAP_PASSWORD)
    assert.equal(await kept(successor, 'SMTP_PASSWORD'), 'of-the-successor')
    const [taken] = acts(theirs)
    assert.deepEqual(
      [taken?.act, taken?.secrets, taken?.file],
      ['secrets-imported', ['API_KEY', 'LDAP_PASSWORD'], name],
    )
    assert.equal((await baton(['verify'], { cwd: theirs, env: successor.env })).code, 0)
  })

  it('go with a passphrase that is typed twice, and open with nothing else', async () => {
    await forget(successor)
    const mine = repoOf({ 'a.md': runbook })
    const sending = onTerminal(['secrets', 'export', '--to', 'passphrase', '--output', 'p.age'], {
      cwd: mine,
      env: predecessor.env,
    })
    await sending.shows('at least 12 characters')
    await sending.shows('Passphrase')
    sending.type('short\r')
    await sending.shows('too short')
    await sending.shows('Passphrase')
    sending.type(`${passphrase}\r`)
    await sending.shows('The same once more')
    sending.type('something else\r')
    await sending.shows('not the same')
    await sending.shows('Passphrase')
    sending.type(`${passphrase}\r`)
    await sending.shows('The same once more')
    sending.type(`${passphrase}\r`)
    const sent = await sending.end()
    assert.equal(sent.code, 0, sent.screen)
    assertNoValue(sent.screen)
    assert.ok(!sent.screen.includes('something else'))
    assert.match(sent.screen, /tell the passphrase by another way/)
    assert.deepEqual(acts(mine)[0]?.to, ['passphrase'])

    const theirs = folderOf({})
    const file = join(mine, 'p.age')
    const taking = onTerminal(['secrets', 'import', file], { cwd: theirs, env: successor.env })
    await taking.shows('Passphrase of the file')
    taking.type('a wrong passphrase\r')
    await taking.shows('The passphrase is wrong')
    await taking.shows('Passphrase of the file')
    taking.type(`${passphrase}\r`)
    await taking.shows('Enter: take over')
    taking.type('\r')
    const { code, screen } = await taking.end()
    assert.equal(code, 0, screen)
    assertNoValue(screen)
    assert.match(screen, /Not on record/)
    for (const [name, value] of Object.entries(values)) assert.equal(await kept(successor, name), value)
    assert.deepEqual(readdirSync(theirs), [])

    for (const words of [
      ['import', file],
      ['export', '--to', 'passphrase'],
    ]) {
      const { code, stderr } = await baton(['secrets', ...words], { cwd: mine, env: successor.env, input: passphrase })
      assert.equal(code, 2)
      assert.match(stderr, /typed in a terminal/)
    }
  })

  it('are read by the tool age, and taken over from it with its identity file', async () => {
    await forget(successor)
    const root = repoOf({ 'a.md': runbook })
    const key = join(root, 'key.txt')
    execFileSync('age-keygen', ['-o', key], { stdio: 'ignore' })
    const recipient = execFileSync('age-keygen', ['-y', key], { encoding: 'utf8' }).trim()
    const file = await exported(root, recipient)
    const plain = execFileSync('age', ['-d', '-i', key, file], { encoding: 'utf8' })
    const content: { secrets: { name: string; value: string }[] } = JSON.parse(plain)
    assert.deepEqual(Object.fromEntries(content.secrets.map(({ name, value }) => [name, value])), values)

    const at = { cwd: root, env: successor.env }
    const strange = await baton(['secrets', 'import', file], at)
    assert.equal(strange.code, 2)
    assert.match(strange.stderr, /no identity here .*\n.*--identity FILE.*baton secrets identity/)

    const entries = [
      { name: 'a-key', value: 'x'.repeat(8) },
      ...content.secrets.slice(0, 2),
      { name: 'SHORT', value: 'abc' },
    ]
    const edited = JSON.stringify({ ...content, secrets: entries })
    execFileSync('age', ['-r', recipient, '-o', join(root, 'tool.age')], { input: edited })
    const words = ['secrets', 'import', 'tool.age', '--identity', 'key.txt', '--yes']
    const taken = await baton(words, at)
    assert.equal(taken.code, 0, taken.stderr)
    assertNoValue(taken.stdout + taken.stderr)
    assert.match(taken.stderr, /“a-key” is not taken over/)
    assert.match(taken.stderr, /SHORT is not taken over: its value is too short/)
    assert.match(taken.stdout, /2 secrets taken over into: keychain of this computer: API_KEY, LDAP_PASSWORD/)
    assert.equal(await kept(successor, 'SMTP_PASSWORD'), undefined)
    assert.equal(await kept(successor, 'a-key'), undefined)
    const same = await baton(words, at)
    assert.match(same.stdout, /Everything is here already/)

    await successor.keychain.set('API_KEY', 'another value')
    const unsure = await baton(words, at)
    assert.equal(unsure.code, 2)
    assert.match(unsure.stderr, /another value here: API_KEY/)
    assert.equal((await baton([...words, '--on-existing', 'skip'], at)).code, 0)
    assert.equal(await kept(successor, 'API_KEY'), 'another value')
    assert.equal((await baton([...words, '--on-existing', 'replace'], at)).code, 0)
    assert.equal(await kept(successor, 'API_KEY'), values.API_KEY)
    assert.equal((await baton([...words, '--on-existing', 'perhaps'], at)).code, 2)
    assert.deepEqual(
      acts(root).map((line) => [line?.act, line?.secrets]),
      [
        ['secrets-exported', Object.keys(values).toSorted()],
        ['secrets-imported', ['API_KEY', 'LDAP_PASSWORD']],
        ['secrets-imported', ['API_KEY']],
      ],
    )
  })

  it('that are damaged, for somebody else or no secrets at all are each said to be so', async () => {
    await forget(successor)
    const root = repoOf({ 'a.md': runbook })
    const at = { cwd: root, env: { ...successor.env, BATON_LANG: 'ja' } }
    const own = (await baton(['secrets', 'identity'], at)).stdout.trim()
    const key = join(root, 'key.txt')
    execFileSync('age-keygen', ['-o', key], { stdio: 'ignore' })
    const other = execFileSync('age-keygen', ['-y', key], { encoding: 'utf8' }).trim()
    const good = readFileSync(await exported(root, own), 'utf8')
    await exported(root, other, 'other.age')
    writeFileSync(join(root, 'cut.age'), good.slice(0, good.length / 2))
    const at200 = good[200] === 'A' ? 'B' : 'A'
    writeFileSync(join(root, 'changed.age'), good.slice(0, 200) + at200 + good.slice(201))
    execFileSync('age', ['-r', own, '-o', join(root, 'note.age')], { input: 'hello' })
    const newer = JSON.stringify({ baton: 'secrets', format: 7 })
    execFileSync('age', ['-r', own, '-o', join(root, 'newer.age')], { input: newer })

    const expected: readonly (readonly [string[], number, RegExp])[] = [
      [['cut.age'], 1, /壊れているか、途中で切れています/],
      [['changed.age'], 1, /壊れているか、途中で切れています/],
      [['other.age'], 1, new RegExp(`別の人に宛てたものです。.*${own}`)],
      [['note.age'], 1, /Baton が書き出したものではありません/],
      [['newer.age'], 3, /新しいバージョンの Baton .*形式 7/],
      [['a.md'], 1, /age で暗号化されていません/],
      [['none.age'], 2, /none\.age/],
      [['other.age', '--identity', 'a.md'], 2, /age の秘密鍵ではありません/],
      [
        ['other.age', '--identity', readFileSync(key, 'utf8').trim()],
        2,
        /秘密鍵そのものをコマンドラインに書かないでください/,
      ],
    ]
    for (const [words, code, sentence] of expected) {
      const ended = await baton(['secrets', 'import', ...words, '--yes'], at)
      assert.match(ended.stderr, sentence)
      assert.equal(ended.code, code, ended.stderr)
      assert.ok(!ended.stderr.includes('AGE-SECRET-KEY-1Q'))
      assert.ok(!/AGE-SECRET-KEY-1[A-Z0-9]{20}/.test(ended.stderr))
    }
    for (const name of Object.keys(values)) assert.equal(await kept(successor, name), undefined)
    assert.equal((await baton(['secrets', 'import', 'out.age', '--yes'], at)).code, 0)
    for (const [name, value] of Object.entries(values)) assert.equal(await kept(successor, name), value)
  })

  it('are written nowhere when something is wrong', async () => {
    const root = repoOf({ 'a.md': runbook })
    const key = join(root, '..', 'key.txt')
    execFileSync('age-keygen', ['-o', key], { stdio: 'ignore' })
    const recipient = execFileSync('age-keygen', ['-y', key], { encoding: 'utf8' }).trim()
    const identity = /AGE-SECRET-KEY-\S+/.exec(readFileSync(key, 'utf8'))?.[0] ?? ''
    const at = { cwd: root, env: predecessor.env }
    const expected: readonly (readonly [string[], RegExp])[] = [
      [[], /Say to whom/],
      [['--to', recipient.slice(0, -2)], /is no recipient of age/],
      [['--to', identity], /must stay with its owner/],
      [['--to', 'ssh-ed25519 AAAA'], /Keys of SSH are not supported/],
      [['--to', recipient, '--to', 'passphrase'], /Choose one/],
      [['--to', recipient, 'NOT_SET', 'API_KEY'], /no value here for: NOT_SET/],
      [['--to', recipient, 'api-key'], /Write the name of a secret alone/],
      [['--to', recipient, '--output', '.'], /is a folder/],
    ]
    for (const [words, sentence] of expected) {
      const { code, stdout, stderr } = await baton(['secrets', 'export', ...words], at)
      assert.match(stderr, sentence)
      assert.equal(code, 2)
      assertNoValue(stdout + stderr)
      assert.ok(!stderr.includes(identity))
    }
    const nowhere = await baton(['secrets', 'export', '--to', recipient, '--output', 'none/x.age'], at)
    assert.equal(nowhere.code, 3)
    assert.match(nowhere.stderr, /cannot be written: it does not exist/)
    assert.deepEqual(acts(root), [])
    writeFileSync(join(root, '.baton'), 'a file where the folder should be')
    const unkept = await baton(['secrets', 'export', '--to', recipient], at)
    assert.equal(unkept.code, 3)
    assert.match(unkept.stderr, /Nothing was handed over, because the record cannot be written/)
    assert.deepEqual(readdirSync(root).toSorted(), ['.baton', '.git', 'a.md'])
    assert.ok(!existsSync(join(root, 'x.age')))
  })
})
