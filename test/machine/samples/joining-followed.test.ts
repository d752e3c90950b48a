import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { baton, type Ended, environment } from '../cli/baton.ts'
import { recordsOf } from '../cli/records-of.ts'
import { copySample, freePort, missingLdapPrograms, type SampleCopy } from './practice.ts'

const password = 'ディレクトリ-Wachtwoord-$42"x'

describe('joining, recorded by one admin and followed to the end by the next', function () {
  this.timeout(120_000)
  let copy: SampleCopy
  let clone: string
  let uri: string

  before(async function () {
    const missing = missingLdapPrograms()
    if (missing.length > 0) {
      console.log(`    skipped: not here: ${missing.join(', ')} (slapd, ldap-utils)`)
      this.skip()
    }
    copy = copySample('ja')
    clone = join(copy.root, '..', 'clone')
    uri = `ldap://127.0.0.1:${await freePort()}`
  })
  after(async () => {
    if (copy)
      await as(
        '田中 誠',
        copy.root,
        'run',
        'people/practice-directory.md#remove-directory',
        '--yes',
        '-p',
        `LDAPURI=${uri}`,
      )
    copy?.remove()
  })

  /** Somebody with a home of their own, at their own clone; the directory is the company's. */
  function as(name: string, root: string, ...words: readonly string[]): Promise<Ended> {
    const home = join(copy.root, '..', `home of ${name}`)
    mkdirSync(home, { recursive: true })
    const env = {
      HOME: home,
      XDG_STATE_HOME: join(home, 'state'),
      XDG_CACHE_HOME: copy.cache,
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: undefined,
      BATON_SECRET_LDAP_PASSWORD: password,
      BATON_LANG: 'ja',
      PWD: join(root, 'ja'),
    }
    return baton(words, { cwd: join(root, 'ja'), env })
  }

  it('tells the successor at each step what was done, and that the same came out for somebody else', async () => {
    const first = await as('田中 誠', copy.root, 'run', 'people/joining.md', '--yes', '-p', `LDAPURI=${uri}`)
    assert.equal(first.code, 0, first.stdout + first.stderr)
    const git = (...args: string[]) => execFileSync('git', args, { env: environment(), stdio: 'ignore' })
    git('-C', copy.root, 'add', '-A')
    git('-C', copy.root, '-c', 'user.name=Tanaka', '-c', 'user.email=t@example.com', 'commit', '-qm', 'Records')
    git('clone', '-q', copy.root, clone)

    const person = ['-p', 'USER_ID=h.tanaka', '-p', 'DISPLAY_NAME=田中 花', '-p', `LDAPURI=${uri}`]
    const own = await as('鈴木 花子', clone, 'follow', 'latest', '--yes', ...person)
    assert.equal(own.code, 0, own.stdout + own.stderr)
    assert.match(own.stdout, /田中 誠さんの.*の実行/)
    assert.match(own.stdout, /USER_ID は t\.suzuki でした/)
    assert.match(
      own.stdout,
      /│ .*t\.suzuki.*[\s\S]*▸ id-is-free[\s\S]*h\.tanaka[\s\S]*= 同じ結果です \(入力項目の値を除く\)/,
    )
    assert.match(own.stdout, /同じ結果: \d+ステップ中\d+/)
    assert.ok(!(own.stdout + own.stderr).includes(password))
  })

  it('keeps that they did it alone, and all of it verifies', async () => {
    const signed = await as('鈴木 花子', clone, 'runs', 'sign-off', 'latest', '--mastery', 'performed')
    assert.equal(signed.code, 0, signed.stderr)
    const starts = recordsOf(clone).map(([start]) => start)
    const act = starts.find((start) => start?.act === 'run-signed-off')
    const own = starts.find((start) => start?.follows !== undefined)
    assert.partialDeepStrictEqual(act, { mastery: 'performed', about: { run: own?.follows }, own: { run: own?.id } })
    assert.match((await as('鈴木 花子', clone, 'runs')).stdout, /一人でできた.*田中 誠さん/)
    assert.equal((await as('鈴木 花子', clone, 'verify')).code, 0)
  })
})
