import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Keyring, startKeyring, whyNoKeyring } from '../../support/keyring.ts'
import { needs } from '../../support/needs.ts'
import { baton, type Ended } from '../cli/baton.ts'
import { recordFiles } from '../cli/records-of.ts'
import { copySample, freePort, missingLdapPrograms, type SampleCopy } from './practice.ts'
import { languages } from './sample.ts'

const password = 'ディレクトリ-Wachtwoord-$42"x'
const base = 'dc=midori,dc=example'
const people = { ja: ['鈴木 太郎', '鈴木 次郎'], en: ['Taro Suzuki', 'Jiro Suzuki'] } as const

for (const language of languages) {
  describe(`the account runbooks on a real directory, ${language}`, function () {
    this.timeout(60_000)
    let keyring: Keyring
    let copy: SampleCopy
    let uri: string

    before(async function () {
      const missing = missingLdapPrograms()
      needs(
        this,
        (await whyNoKeyring()) ??
          (missing.length > 0 ? `not here: ${missing.join(', ')} (slapd, ldap-utils)` : undefined),
      )
      keyring = await startKeyring('unlocked')
      copy = copySample(language)
      writeFileSync(`${copy.root}.password`, password, { mode: 0o600 })
      uri = `ldap://127.0.0.1:${await freePort()}`
      // keytar looks for entries with this schema, and secret-tool gives none of its own accord.
      const schema = ['xdg:schema', 'org.freedesktop.Secret.Generic']
      const entry = ['store', '--label=LDAP', 'service', 'baton', 'account', 'LDAP_PASSWORD', ...schema]
      execFileSync('secret-tool', entry, { env: { ...process.env, ...keyring.env }, input: password })
    })
    after(async () => {
      if (copy) await run('people/practice-directory.md#remove-directory')
      copy?.remove()
      await keyring?.stop()
    })

    const environmentOf = () => ({
      ...keyring.env,
      XDG_CACHE_HOME: copy.cache,
      BATON_LANG: language,
      PWD: copy.folder,
    })

    function run(target: string, ...parameters: readonly string[]): Promise<Ended> {
      const given = [`LDAPURI=${uri}`, ...parameters].flatMap((parameter) => ['--param', parameter])
      return baton(['run', target, '--yes', ...given], { cwd: copy.folder, env: environmentOf() })
    }

    async function succeeds(target: string, ...parameters: readonly string[]): Promise<string> {
      const { code, stdout, stderr } = await run(target, ...parameters)
      assert.equal(code, 0, stdout + stderr)
      return stdout + stderr
    }

    /** What the directory itself says, asked without Baton. */
    function entries(filter: string, ...attributes: readonly string[]): string {
      const args = [
        '-x',
        '-LLL',
        '-H',
        uri,
        '-D',
        `cn=admin,${base}`,
        '-y',
        `${copy.root}.password`,
        '-b',
        base,
        filter,
      ]
      return execFileSync('ldapsearch', [...args, ...attributes], { encoding: 'utf8' })
    }

    function base64(text: string): string {
      return Buffer.from(text).toString('base64')
    }

    it('start a directory that outlives the run, and say so when it runs already', async () => {
      await succeeds('people/practice-directory.md')
      assert.match(entries('(uid=k.sato)', 'mail'), /^mail: k\.sato@example\.co\.jp$/m)
      const again = await succeeds('people/practice-directory.md#start-directory')
      assert.match(again, language === 'ja' ? /で動いています/ : /is running at/)
      assert.match(entries('(uid=k.sato)', 'mail'), /k\.sato/)
    })

    it('create the account of a new colleague with nothing but defaults', async () => {
      const output = await succeeds('people/joining.md')
      const account = entries('(uid=t.suzuki)', 'cn', 'mail', 'uidNumber', 'gidNumber', 'userPassword')
      const [name] = people[language]
      assert.match(account, /^dn: uid=t\.suzuki,ou=people,dc=midori,dc=example$/m)
      assert.ok(account.includes(language === 'ja' ? `cn:: ${base64(name)}` : `cn: ${name}`), account)
      assert.match(account, /^uidNumber: 10004$/m)
      assert.match(account, /^gidNumber: 5001$/m)
      assert.match(account, /^userPassword:: /m)
      assert.match(entries('(memberUid=t.suzuki)', 'cn'), /^cn: sales$/m)

      const first = join(keyring.env.HOME ?? '', 'initial-password-t.suzuki.txt')
      const initial = readFileSync(first, 'utf8')
      assert.match(initial, /^\S{20}$/)
      assert.ok(!output.includes(initial))
      for (const file of recordFiles(copy.root)) assert.ok(!readFileSync(file, 'utf8').includes(initial))
    })

    it('pass over what is done when joining runs again', async () => {
      await succeeds('people/joining.md')
      assert.equal(entries('(uid=t.suzuki)', 'dn').match(/^dn:/gm)?.length, 1)
    })

    it('stop with one clear sentence when the ID belongs to somebody else', async () => {
      const [, other] = people[language]
      const { code, stdout, stderr } = await run('people/joining.md', `DISPLAY_NAME=${other}`)
      assert.equal(code, 1)
      assert.match(stdout + stderr, language === 'ja' ? /ほかのIDに決めてください/ : /Choose another ID/)
      assert.equal(entries('(uid=t.suzuki)', 'dn').match(/^dn:/gm)?.length, 1)
    })

    it('refuse a name that breaks its rule before anything runs', async () => {
      const before = recordFiles(copy.root).length
      const { code } = await run('people/joining.md', 'DISPLAY_NAME=*)(uid=*')
      assert.equal(code, 2)
      assert.equal(recordFiles(copy.root).length, before)
    })

    it('stop the account of who leaves, move it, and can be repeated', async () => {
      for (const _ of ['first', 'again']) {
        await succeeds('people/leaving.md')
        const account = entries('(uid=t.suzuki)', 'loginShell', 'userPassword')
        assert.match(account, /^dn: uid=t\.suzuki,ou=retired,dc=midori,dc=example$/m)
        assert.match(account, /^loginShell: \/usr\/sbin\/nologin$/m)
        assert.doesNotMatch(account, /userPassword/)
        assert.equal(entries('(memberUid=t.suzuki)', 'cn'), '')
      }
    })

    it('do not give the ID of a person who left to the next one', async () => {
      const { code } = await run('people/joining.md')
      assert.equal(code, 1)
      assert.match(entries('(uid=t.suzuki)', 'dn'), /ou=retired/)
    })

    it('take leaving and joining back', async () => {
      await succeeds('people/leaving.md#restore-account')
      assert.match(entries('(uid=t.suzuki)', 'dn'), /ou=people/)
      await succeeds('people/joining.md#delete-account')
      assert.equal(entries('(uid=t.suzuki)', 'dn'), '')
    })

    it('say who is not there when nobody has the ID', async () => {
      const { code, stdout, stderr } = await run('people/leaving.md')
      assert.equal(code, 1)
      assert.match(stdout + stderr, language === 'ja' ? /ディレクトリにいません/ : /has nobody called/)
    })

    it('create the accounts of all who join in April, from a table', async function () {
      this.timeout(300_000)
      const given = ['--param', `LDAPURI=${uri}`]
      const words = ['batch', 'people/joining.md', 'people/april-joiners.csv', '--yes', '--continue', ...given]
      const { code, stdout, stderr } = await baton(words, { cwd: copy.folder, env: environmentOf() })
      assert.equal(code, 0, stdout.slice(-2000) + stderr)
      assert.match(stdout, language === 'ja' ? /成功: 20行のうち20行\n$/ : /Rows that succeeded: 20 of 20\n$/)
      const all = entries('(departmentNumber=*)', 'cn')
      const before = ['h.midori', 'k.sato', 'y.tanaka']
      const table = readFileSync(join(copy.folder, 'people/april-joiners.csv'), 'utf8')
      const joiners = [...table.matchAll(/^[a-z][a-z.]+(?=,)/gm)].map(([id]) => id)
      const ids = [...all.matchAll(/^dn: uid=([^,]+),ou=people/gm)].map(([, id]) => id)
      assert.deepEqual(ids.toSorted(), [...before, ...joiners].toSorted())
      assert.equal(joiners.length, 20)
      assert.ok(all.includes(language === 'ja' ? `cn:: ${base64('髙橋 芽生')}` : 'cn: Mebae Takahashi'), all)
    })

    it('leave records that verify and hold no password', async () => {
      const files = recordFiles(copy.root)
      assert.ok(files.length >= 9, `${files.length} records`)
      for (const file of files) {
        const text = readFileSync(file, 'utf8')
        for (const form of [password, JSON.stringify(password).slice(1, -1), base64(password)]) {
          assert.ok(!text.includes(form), file)
        }
      }
      const { code, stdout, stderr } = await baton(['verify'], { cwd: copy.folder })
      assert.equal(code, 0, stdout + stderr)
    })

    it('leave no password in the environment of the server that goes on running', () => {
      const pid = readFileSync(join(copy.cache, `baton/practice-directory-${uri.split(':').at(-1)}/slapd.pid`), 'utf8')
      const environ = readFileSync(`/proc/${pid.trim()}/environ`, 'utf8')
      assert.ok(!environ.includes('LDAP_PASSWORD') && !environ.includes('BATON'))
      assert.ok(!readFileSync(`/proc/${pid.trim()}/cmdline`, 'utf8').includes(password))
    })
  })
}
