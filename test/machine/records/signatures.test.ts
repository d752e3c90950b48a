import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isUnanchored, isWrong } from '../../../src/record/trust.ts'
import { sato, tanaka, trustedRepository } from '../trusted-repository.ts'

describe('a signature of a record', function () {
  this.timeout(60_000)
  const { folder, root, git, keygen, remote, clone, commit, pushed, problems, act, verify, signaturesOf, allWhole } =
    trustedRepository()

  const keyOf = (name: string) => join(folder(), name)

  function makeKey(name: string, passphrase = '', type = 'ed25519'): string {
    keygen('-q', '-t', type, '-N', passphrase, '-C', name, '-f', keyOf(name))
    return keyOf(name)
  }

  function allow(email: string, key: string, options = ''): void {
    const file = join(root(), '.baton', 'allowed_signers')
    mkdirSync(dirname(file), { recursive: true })
    appendFileSync(file, `${email} ${options} ${readFileSync(`${key}.pub`, 'utf8')}`)
  }

  function signWith(key: string): void {
    writeFileSync(join(root(), 'baton.yaml'), 'records:\n  sign: true\n')
    git('config', 'gpg.format', 'ssh')
    git('config', 'user.signingkey', key)
  }

  for (const type of ['ed25519', 'ecdsa', 'rsa']) {
    it(`is made without a question and holds: ${type}`, async () => {
      const key = makeKey('key', '', type)
      signWith(key)
      allow(sato, key)
      const path = await act('one')
      assert.deepEqual(problems, [])
      assert.deepEqual(signaturesOf(await verify()), [{ kind: 'good', signer: sato }])
      assert.ok(!isUnanchored((await verify()).records[0] ?? assert.fail()))
      // As the documents say that anybody can check it.
      const [record] = (await verify()).records
      const head = record && 'head' in record.verification ? record.verification.head : ''
      const words = ['-Y', 'verify', '-f', join(root(), '.baton/allowed_signers'), '-I', sato, '-n', 'baton-record']
      execFileSync('ssh-keygen', [...words, '-s', join(root(), `${path}.sig`)], { input: `baton-record 1 ${head}\n` })
    })
  }

  it('is made with the key that baton.yaml names', async () => {
    const key = makeKey('named')
    writeFileSync(join(root(), 'baton.yaml'), `records:\n  sign: ${key}\n`)
    allow(sato, key)
    await act('one')
    assert.deepEqual(signaturesOf(await verify()), [{ kind: 'good', signer: sato }])
  })

  it('is made by an agent, where git names a public key or its text', async () => {
    const key = makeKey('in-agent', 'long passphrase')
    const agent = execFileSync('ssh-agent', ['-s'], { encoding: 'utf8' })
    const [, socket = ''] = /SSH_AUTH_SOCK=([^;]+)/.exec(agent) ?? []
    const [, pid = ''] = /SSH_AGENT_PID=(\d+)/.exec(agent) ?? []
    try {
      process.env.SSH_AUTH_SOCK = socket
      const unlocked = join(folder(), 'unlocked')
      writeFileSync(unlocked, readFileSync(key), { mode: 0o600 })
      keygen('-q', '-p', '-P', 'long passphrase', '-N', '', '-f', unlocked)
      execFileSync('ssh-add', ['-q', unlocked], { stdio: 'pipe' })
      allow(sato, key)
      for (const named of [`${key}.pub`, key, readFileSync(`${key}.pub`, 'utf8').trim()]) {
        signWith(named)
        await act(named)
        assert.deepEqual(problems, [])
      }
      assert.deepEqual(signaturesOf(await verify()), Array(3).fill({ kind: 'good', signer: sato }))
    } finally {
      process.kill(Number(pid))
    }
  })

  it('is not made, with its reason, where the key needs a passphrase, is gone, or was never named', async () => {
    const locked = makeKey('locked', 'long passphrase')
    signWith(locked)
    await act('one')
    assert.deepEqual(problems, [{ code: 'key-locked', key: locked }])
    signWith(join(folder(), 'nowhere'))
    await act('two')
    assert.deepEqual(problems, [{ code: 'key-missing', key: join(folder(), 'nowhere') }])
    git('config', '--unset', 'user.signingkey')
    await act('three')
    assert.deepEqual(problems, [{ code: 'key-unset' }])
    git('config', 'user.signingkey', makeKey('key'))
    git('config', '--unset', 'user.email')
    await act('four')
    assert.deepEqual(problems, [{ code: 'email-unset' }])
    const report = await verify()
    assert.ok(allWhole(report))
    assert.deepEqual(signaturesOf(report), Array(4).fill({ kind: 'none' }))
  })

  it('is not made where nobody wants it', async () => {
    signWith(makeKey('key'))
    rmSync(join(root(), 'baton.yaml'))
    await act('one')
    assert.deepEqual([problems, signaturesOf(await verify())], [[], [{ kind: 'none' }]])
  })

  it('is of an unknown key where none is allowed, or not this one', async () => {
    signWith(makeKey('key'))
    await act('one')
    assert.deepEqual(signaturesOf(await verify()), [{ kind: 'unknown', reason: 'signers-missing' }])
    allow(tanaka, makeKey('other'))
    assert.deepEqual(signaturesOf(await verify()), [{ kind: 'unknown', reason: 'signer-unlisted' }])
    // Allowed for commits alone, or until a day before the record.
    allow(sato, keyOf('key'), 'namespaces="git"')
    assert.deepEqual(signaturesOf(await verify()), [{ kind: 'unknown', reason: 'signer-unlisted' }])
    allow(sato, keyOf('key'), 'valid-before="20200101"')
    assert.deepEqual(signaturesOf(await verify()), [{ kind: 'unknown', reason: 'signer-unlisted' }])
    allow('*@example.co.jp', keyOf('key'), 'namespaces="git,baton-record",valid-after="20200101"')
    assert.deepEqual(signaturesOf(await verify()), [{ kind: 'good', signer: sato }])
  })

  it('is wrong where somebody else signed, where it is of another record, and where it is none', async () => {
    const own = makeKey('own-key')
    const other = makeKey('other-key')
    signWith(other)
    allow(sato, own)
    allow(tanaka, other)
    const first = await act('one')
    signWith(own)
    const second = await act('two')
    const third = await act('three')
    const fourth = await act('four')
    writeFileSync(join(root(), `${third}.sig`), readFileSync(join(root(), `${second}.sig`)))
    writeFileSync(join(root(), `${fourth}.sig`), 'trust me\n')
    const report = await verify()
    assert.deepEqual(
      report.records.map(({ path }) => path),
      [first, second, third, fourth],
    )
    assert.deepEqual(signaturesOf(report), [
      { kind: 'wrong', reason: 'other-person', signer: tanaka },
      { kind: 'good', signer: sato },
      { kind: 'wrong', reason: 'other-content' },
      { kind: 'wrong', reason: 'no-signature' },
    ])
    assert.deepEqual(report.records.map(isWrong), [true, false, true, true])
  })

  it('holds on a clone with autocrlf, which changes its line ends too', async () => {
    remote()
    const key = makeKey('key')
    signWith(key)
    allow(sato, key)
    await act('one')
    commit()
    pushed()
    const windows = clone('windows', tanaka, '-c', 'core.autocrlf=true')
    assert.deepEqual(signaturesOf(await verify(windows)), [{ kind: 'good', signer: sato }])
  })

  it('is checked once, under however many names it stands', async () => {
    const key = makeKey('key')
    signWith(key)
    allow(sato, key)
    const path = await act('one')
    for (const ending of ['.jsonl', '.jsonl.sig']) {
      const file = join(root(), path.replace(/\.jsonl$/, ending))
      writeFileSync(file.replace(ending, `-copy${ending}`), readFileSync(file))
    }
    await act('two')
    const bin = join(folder(), 'bin')
    mkdirSync(bin)
    const real = execFileSync('which', ['ssh-keygen'], { encoding: 'utf8' }).trim()
    const calls = join(folder(), 'calls')
    writeFileSync(join(bin, 'ssh-keygen'), `#!/bin/sh\necho called >> '${calls}'\nexec '${real}' "$@"\n`, {
      mode: 0o755,
    })
    process.env.PATH = `${bin}:${process.env.PATH}`
    assert.deepEqual(signaturesOf(await verify()), Array(3).fill({ kind: 'good', signer: sato }))
    assert.equal(readFileSync(calls, 'utf8'), 'called\n'.repeat(2))
  })

  it('is said to be unchecked where there is no ssh-keygen', async () => {
    const key = makeKey('key')
    signWith(key)
    allow(sato, key)
    await act('one')
    const bin = join(folder(), 'bin')
    mkdirSync(bin)
    const path = process.env.PATH
    execFileSync('ln', ['-s', execFileSync('which', ['git'], { encoding: 'utf8' }).trim(), join(bin, 'git')])
    process.env.PATH = bin
    const report = await verify()
    await act('two')
    process.env.PATH = path
    assert.deepEqual(signaturesOf(report), [{ kind: 'unknown', reason: 'unchecked' }])
    assert.ok(report.obstacles.includes('ssh-keygen-unavailable'))
    assert.deepEqual(problems, [{ code: 'program-missing', program: 'ssh-keygen' }])
  })
})
