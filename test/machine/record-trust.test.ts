import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { recordAct } from '../../src/machine/record-act.ts'
import { createRecordMarks } from '../../src/machine/record-marks.ts'
import { createRecordSigner } from '../../src/machine/record-signer.ts'
import { createRecordStore } from '../../src/machine/record-store.ts'
import { trustOfRecord, verifyTrust } from '../../src/machine/record-trust.ts'
import type { SigningProblem } from '../../src/record/signature.ts'
import { isUnanchored, isWrong, type TrustReport } from '../../src/record/trust.ts'

const sato = 'k.sato@example.co.jp'
const tanaka = 'tanaka@example.co.jp'

describe('what stands behind a record', function () {
  this.timeout(60_000)
  let folder: string
  let root: string
  const kept = { ...process.env }

  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim()
  const keygen = (...args: string[]) => execFileSync('ssh-keygen', args, { encoding: 'utf8', stdio: 'pipe' })

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'baton-trust-')))
    for (const name of ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'SSH_AUTH_SOCK']) delete process.env[name]
    process.env.GIT_CONFIG_GLOBAL = join(folder, 'gitconfig')
    process.env.GIT_CONFIG_NOSYSTEM = '1'
    root = repository('own', sato)
  })

  afterEach(() => {
    process.env = { ...kept }
    rmSync(folder, { recursive: true })
  })

  function configure(repo: string, email: string): void {
    const settings = { 'user.name': email.split('@')[0] ?? '', 'user.email': email, 'init.defaultBranch': 'main' }
    for (const [name, value] of Object.entries(settings)) execFileSync('git', ['-C', repo, 'config', name, value])
  }

  function repository(name: string, email: string): string {
    const path = join(folder, name)
    mkdirSync(path)
    execFileSync('git', ['-C', path, 'init', '-q', '-b', 'main'])
    configure(path, email)
    return path
  }

  /** An empty bare repo that `root` pushes to. */
  function remote(): string {
    const path = join(folder, 'remote.git')
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', path])
    git('remote', 'add', 'origin', path)
    return path
  }

  function clone(name: string, email: string, ...options: string[]): string {
    const path = join(folder, name)
    execFileSync('git', ['clone', '-q', ...options, `file://${join(folder, 'remote.git')}`, path], { stdio: 'pipe' })
    configure(path, email)
    return path
  }

  function commit(...paths: string[]): void {
    git('add', '-A', ...paths)
    git('commit', '-qm', 'Records')
  }

  const pushed = () => git('push', '-q', 'origin', 'HEAD:main')

  const problems: SigningProblem[] = []

  /** Records an act; the path of its record. */
  async function act(text: string, at = root): Promise<string> {
    const written: string[] = []
    problems.length = 0
    const signer = createRecordSigner((problem) => problems.push(problem))
    const onWritten = (path: string) => {
      written.push(path)
      signer.sign(at, path)
    }
    const store = createRecordStore({ root: at, onWritten })
    const note = { act: 'run-noted', about: { run: 'r', head: '0'.repeat(64) }, text } as const
    assert.equal(await recordAct(store, at, note, { origin: 'editor', version: '0' }), undefined)
    await signer.settled()
    return written[0] ?? ''
  }

  const verify = (at = root) => verifyTrust(createRecordStore({ root: at }), at)
  const anchorsOf = ({ records }: TrustReport) => records.map(({ anchor }) => anchor.kind)
  const signaturesOf = ({ records }: TrustReport) => records.map(({ signature }) => signature)
  const allWhole = ({ records, missing, deleted }: TrustReport) =>
    missing.length + deleted.length === 0 && records.every((record) => record.verification.kind === 'ok')

  describe('git', () => {
    it('vouches for what was pushed, and for nothing else', async () => {
      remote()
      await act('one')
      commit()
      await act('two')
      let report = await verify()
      assert.deepEqual([anchorsOf(report), report.obstacles], [['not-pushed', 'not-pushed'], ['nothing-pushed']])
      pushed()
      report = await verify()
      assert.deepEqual([anchorsOf(report), report.obstacles], [['pushed', 'not-pushed'], []])
      commit()
      assert.deepEqual(anchorsOf(await verify()), ['pushed', 'not-pushed'])
      pushed()
      report = await verify()
      assert.deepEqual(anchorsOf(report), ['pushed', 'pushed'])
      assert.ok(!report.records.some(isUnanchored))
    })

    it('is not there, or there is no repo: that is said, and nothing else fails', async () => {
      await act('one')
      const path = process.env.PATH
      process.env.PATH = join(folder, 'empty')
      const without = await verify()
      process.env.PATH = path
      assert.deepEqual([anchorsOf(without), without.obstacles], [['not-pushed'], ['git-unavailable']])
      rmSync(join(root, '.git'), { recursive: true })
      const outside = await verify()
      assert.deepEqual([anchorsOf(outside), outside.obstacles], [['not-pushed'], ['git-unavailable']])
    })

    it('may change line ends: a clone with autocrlf verifies, and is anchored', async () => {
      remote()
      const first = await act('one')
      await act('二')
      commit()
      pushed()
      const windows = clone('windows', sato, '-c', 'core.autocrlf=true')
      assert.ok(readFileSync(join(windows, first), 'utf8').endsWith('\r\n'))
      const report = await verify(windows)
      assert.ok(allWhole(report))
      assert.deepEqual(anchorsOf(report), ['pushed', 'pushed'])
      // Also where git has to read the files again, and where it was told not to look.
      execFileSync('git', ['-C', windows, 'update-index', '--assume-unchanged', first])
      assert.deepEqual(anchorsOf(await verify(windows)), ['pushed', 'pushed'])
    })

    it('merges what two people wrote at once, on either side', async () => {
      remote()
      await act('one')
      commit()
      pushed()
      const other = clone('other', tanaka)
      await act('mine')
      commit()
      await act('theirs', other)
      execFileSync('git', ['-C', other, 'add', '-A'])
      execFileSync('git', ['-C', other, 'commit', '-qm', 'Records'])
      execFileSync('git', ['-C', other, 'push', '-q'])
      git('fetch', '-q')
      git('branch', '-q', '--set-upstream-to', 'origin/main')
      git('merge', '-q', '--no-edit', 'origin/main')
      await act('after')
      let report = await verify()
      assert.ok(allWhole(report))
      assert.deepEqual(anchorsOf(report).toSorted(), ['not-pushed', 'not-pushed', 'pushed', 'pushed'])
      commit()
      pushed()
      execFileSync('git', ['-C', other, 'pull', '-q', '--rebase'], { stdio: 'pipe' })
      report = await verify(other)
      assert.ok(allWhole(report))
      assert.deepEqual(anchorsOf(report), ['pushed', 'pushed', 'pushed', 'pushed'])
    })

    it('vouches in a shallow clone as well', async () => {
      remote()
      for (const text of ['one', 'two', 'three']) {
        await act(text)
        commit()
      }
      pushed()
      const report = await verify(clone('shallow', sato, '--depth', '1'))
      assert.ok(allWhole(report))
      assert.deepEqual(anchorsOf(report), ['pushed', 'pushed', 'pushed'])
    })

    it('knows a record that was written anew, although it was pushed again', async () => {
      remote()
      const path = await act('what was said')
      await act('more')
      commit()
      pushed()
      const before = git('rev-parse', 'HEAD')
      rmSync(join(root, path))
      const anew = await act('something else')
      writeFileSync(join(root, path), readFileSync(join(root, anew)))
      rmSync(join(root, anew))
      commit()
      pushed()
      const { records } = await verify()
      const found = records.find((record) => record.path === path)
      assert.equal(found?.verification.kind, 'ok')
      assert.deepEqual(found?.anchor, { kind: 'rewritten', commit: before })
      assert.ok(found && isWrong(found))
      assert.equal(records.filter(isWrong).length, 1)
    })

    it('has no complaint about a record that grew after it was pushed', async () => {
      remote()
      const store = createRecordStore({ root })
      const created = await store.create({ id: 'a', operator: 's', time: 0 })
      assert.ok(created.kind === 'created')
      const { createRecorder } = await import('../../src/record/recorder.ts')
      const recorder = createRecorder(created.file, { parents: [] })
      const runbook = { path: 'a.md', title: 'A', sha256: '' }
      const host = { name: 'h', platform: 'p', pid: 1 }
      const rest = { parameters: {}, secrets: [], origin: 'editor', version: '0' } as const
      await recorder.handle({
        type: 'run-started',
        time: 0,
        run: { id: 'a', runbook, operator: { name: 's' }, host, ...rest },
      })
      commit()
      pushed()
      const counts = { succeeded: 0, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 }
      await recorder.handle({ type: 'run-ended', time: 1, outcome: 'succeeded', counts })
      assert.deepEqual(anchorsOf(await verify()), ['not-pushed'])
      commit()
      pushed()
      assert.deepEqual(anchorsOf(await verify()), ['pushed'])
    })

    it('misses a record that was committed and is gone, also the newest', async () => {
      remote()
      await act('one')
      const newest = await act('two')
      commit()
      rmSync(join(root, newest))
      assert.deepEqual((await verify()).deleted, [newest])
    })
  })

  describe('a mark', () => {
    it('is on records that were changed, and is looked for again when the file is another one', async () => {
      const path = await act('one')
      const file = join(root, path)
      const marks = createRecordMarks((at) => createRecordStore({ root: at }))
      assert.equal(await marks.of(file), undefined)
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.replace('"one"', '"two"'))
      const marked = await marks.of(file)
      assert.deepEqual(marked?.verification, { kind: 'tampered', line: 1, what: 'altered' })
      writeFileSync(file, text)
      assert.equal(await marks.of(file), undefined)
      writeFileSync(`${file}.sig`, 'trust me\n')
      assert.deepEqual((await marks.of(file))?.signature, { kind: 'wrong', reason: 'no-signature' })
      assert.equal((await Promise.all(Array.from({ length: 50 }, () => marks.of(file)))).filter(Boolean).length, 50)
    })
  })

  it('is told of a single record as of all, wherever it is named from', async () => {
    remote()
    const path = await act('one')
    commit()
    pushed()
    const later = await act('two')
    const [first, second] = await Promise.all(
      [path, later].map((name) => trustOfRecord(join(root, name), (root) => createRecordStore({ root }))),
    )
    assert.deepEqual([first?.anchor, second?.anchor], [{ kind: 'pushed' }, { kind: 'not-pushed' }])
    const named = await verifyTrust(createRecordStore({ root }), root, [join(root, path)])
    assert.deepEqual(anchorsOf(named), ['pushed'])
  })

  describe('a signature', () => {
    const keyOf = (name: string) => join(folder, name)

    function makeKey(name: string, passphrase = '', type = 'ed25519'): string {
      keygen('-q', '-t', type, '-N', passphrase, '-C', name, '-f', keyOf(name))
      return keyOf(name)
    }

    function allow(email: string, key: string, options = ''): void {
      const file = join(root, '.baton', 'allowed_signers')
      mkdirSync(dirname(file), { recursive: true })
      appendFileSync(file, `${email} ${options} ${readFileSync(`${key}.pub`, 'utf8')}`)
    }

    function signWith(key: string): void {
      writeFileSync(join(root, 'baton.yaml'), 'records:\n  sign: true\n')
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
        const words = ['-Y', 'verify', '-f', join(root, '.baton/allowed_signers'), '-I', sato, '-n', 'baton-record']
        execFileSync('ssh-keygen', [...words, '-s', join(root, `${path}.sig`)], { input: `baton-record 1 ${head}\n` })
      })
    }

    it('is made with the key that baton.yaml names', async () => {
      const key = makeKey('named')
      writeFileSync(join(root, 'baton.yaml'), `records:\n  sign: ${key}\n`)
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
        const unlocked = join(folder, 'unlocked')
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
      signWith(join(folder, 'nowhere'))
      await act('two')
      assert.deepEqual(problems, [{ code: 'key-missing', key: join(folder, 'nowhere') }])
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
      rmSync(join(root, 'baton.yaml'))
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
      writeFileSync(join(root, `${third}.sig`), readFileSync(join(root, `${second}.sig`)))
      writeFileSync(join(root, `${fourth}.sig`), 'trust me\n')
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
        const file = join(root, path.replace(/\.jsonl$/, ending))
        writeFileSync(file.replace(ending, `-copy${ending}`), readFileSync(file))
      }
      await act('two')
      const bin = join(folder, 'bin')
      mkdirSync(bin)
      const real = execFileSync('which', ['ssh-keygen'], { encoding: 'utf8' }).trim()
      const calls = join(folder, 'calls')
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
      const bin = join(folder, 'bin')
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
})
