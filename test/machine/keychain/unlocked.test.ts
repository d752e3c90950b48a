import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { performance as nodePerformance } from 'node:perf_hooks'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { createKeychain, type Keychain } from '../../../src/machine/keychain/keychain.ts'
import { type Keyring, startKeyring, whyNoKeyring } from '../../support/keyring.ts'
import { needs } from '../../support/needs.ts'
import { helperFile, helperPids, isHelper, keytarPath, until } from './helper.ts'

const run = promisify(execFile)

describe('the keychain on an unlocked keyring', function () {
  this.timeout(30_000)
  let keyring: Keyring
  let keychain: Keychain

  before(async function () {
    needs(this, await whyNoKeyring())
    keyring = await startKeyring('unlocked')
  })
  after(() => keyring?.stop())
  beforeEach(() => {
    keychain = createKeychain({ helperFile, keytarPath, env: keyring.env })
  })
  afterEach(() => keychain?.dispose())

  for (const [what, value] of [
    ['ASCII', `p'a"s\\s $HOME %PATH% \`w\``],
    ['Japanese', 'パスワード髙﨑①㈱'],
    ['emoji', '🦊🔑👩‍💻'],
    ['several lines', '-----BEGIN-----\nAAAA\r\nBBBB\n-----END-----\n'],
    ['4 KB', 'x終'.repeat(1_024)],
  ] as const) {
    it(`keeps ${what} whole`, async () => {
      assert.equal(await keychain.set('KEPT', value), undefined)
      assert.deepEqual(await keychain.get('KEPT'), { kind: 'found', value })
      const other = await run('secret-tool', ['lookup', 'service', 'baton', 'account', 'KEPT'], { env: keyring.env })
      assert.equal(other.stdout, value)
    })
  }

  it('replaces and deletes an entry', async () => {
    await keychain.set('CHANGED', 'first')
    await keychain.set('CHANGED', 'second')
    assert.deepEqual(await keychain.get('CHANGED'), { kind: 'found', value: 'second' })
    assert.equal(await keychain.delete('CHANGED'), undefined)
    assert.deepEqual(await keychain.get('CHANGED'), { kind: 'missing' })
    assert.equal(await keychain.delete('CHANGED'), undefined)
  })

  it('says that it can be used', async () => {
    assert.equal(await keychain.probe(), undefined)
  })

  it('shows which entries there are', async () => {
    await keychain.set('SEEN', 'not shown')
    assert.deepEqual(await keychain.look(['SEEN', 'NEVER_SET']), {
      kind: 'seen',
      locked: false,
      presence: { SEEN: 'set', NEVER_SET: 'missing' },
    })
    for (const [name, schema] of [
      ['READABLE', ['xdg:schema', 'org.freedesktop.Secret.Generic']],
      ['OTHER_KIND', ['xdg:schema', 'org.example.Other']],
    ] as const) {
      const attributes = ['service', 'baton', 'account', name, ...schema]
      execFileSync('secret-tool', ['store', '--label', name, ...attributes], {
        env: keyring.env,
        input: 'of another program',
      })
      const found = await keychain.look([name])
      const readable = (await keychain.get(name)).kind === 'found'
      assert.deepEqual(found.kind === 'seen' && found.presence, { [name]: readable ? 'set' : 'missing' }, name)
    }
    await keychain.delete('SEEN')
    const sight = await keychain.look(['SEEN'])
    assert.deepEqual(sight.kind === 'seen' && sight.presence, { SEEN: 'missing' })
    assert.deepEqual(await keychain.look([]), { kind: 'seen', locked: false, presence: {} })
  })

  it('shows two hundred entries within 5 seconds, and does not keep this process busy', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `SECRET_${index}`)
    const begin = performance.now()
    const busy = nodePerformance.eventLoopUtilization()
    const sight = await keychain.look(names)
    assert.ok(performance.now() - begin < 5_000)
    assert.ok(nodePerformance.eventLoopUtilization(busy).utilization < 0.5)
    assert.equal(Object.keys(sight.kind === 'seen' ? sight.presence : {}).length, 200)
  })

  it('shows them while five calls wait for an answer that does not come', async () => {
    await keychain.set('SEEN', 'not shown')
    const [pid] = helperPids()
    assert.ok(pid)
    process.kill(pid, 'SIGSTOP')
    const waiting = Promise.all(Array.from({ length: 5 }, () => keychain.get('SEEN')))
    const begin = performance.now()
    const sight = await keychain.look(['SEEN'])
    assert.ok(performance.now() - begin < 2_000)
    assert.deepEqual(sight.kind === 'seen' && sight.presence, { SEEN: 'set' })
    process.kill(pid, 'SIGCONT')
    assert.deepEqual(new Set((await waiting).map(({ kind }) => kind)), new Set(['found']))
  })

  it('says within 5 seconds that a keyring does not answer', async () => {
    const { stdout } = await run(
      'dbus-send',
      [
        ...['--session', '--print-reply=literal', '--dest=org.freedesktop.DBus', '/'],
        ...['org.freedesktop.DBus.GetConnectionUnixProcessID', 'string:org.freedesktop.secrets'],
      ],
      { env: keyring.env },
    )
    const daemon = Number(stdout.trim().split(' ').at(-1))
    process.kill(daemon, 'SIGSTOP')
    try {
      const begin = performance.now()
      const sight = await keychain.look(['A', 'B', 'C', 'D', 'E', 'F'])
      assert.ok(performance.now() - begin < 5_000)
      assert.equal(sight.kind === 'failed' && sight.failure.code, 'timeout')
    } finally {
      process.kill(daemon, 'SIGCONT')
    }
  })

  it('shows no value to other processes', async () => {
    await keychain.set('HIDDEN', 'never-in-a-process-list')
    const shown = await run('ps', ['-eo', 'args', 'e'], { maxBuffer: 2 ** 24 })
    assert.ok(shown.stdout.includes('keychain-helper'))
    assert.ok(!shown.stdout.includes('never-in-a-process-list'))
  })

  it('starts its helper with the first request and one helper alone', async () => {
    // The one of the test before may still be on its way out.
    assert.ok(await until(() => helperPids().length === 0))
    const [first] = await Promise.all([keychain.get('A'), keychain.get('B'), keychain.delete('C')])
    assert.deepEqual(first, { kind: 'missing' })
    assert.equal(helperPids().length, 1)
  })

  it('answers the next request after its helper was killed in the middle of one', async () => {
    await keychain.set('SURVIVOR', 'still here')
    const [pid] = helperPids()
    assert.ok(pid)
    process.kill(pid, 'SIGSTOP')
    const broken = keychain.get('SURVIVOR')
    const next = keychain.get('SURVIVOR')
    await new Promise((resolve) => setTimeout(resolve, 50))
    process.kill(pid, 'SIGKILL')
    assert.deepEqual(await broken, {
      kind: 'failed',
      failure: { code: 'failed', detail: 'The keychain helper ended: SIGKILL' },
    })
    assert.deepEqual(await next, { kind: 'found', value: 'still here' })
  })

  it('answers the next request after its helper was killed between two', async () => {
    await keychain.set('SURVIVOR', 'still here')
    const [pid] = helperPids()
    assert.ok(pid)
    process.kill(pid, 'SIGKILL')
    // Until this process has taken notice, which is when it reaps the helper.
    assert.ok(await until(() => !existsSync(`/proc/${pid}`)))
    assert.deepEqual(await keychain.get('SURVIVOR'), { kind: 'found', value: 'still here' })
  })

  it('gives up on a helper that hangs, ends it and recovers', async () => {
    const impatient = createKeychain({ helperFile, keytarPath, env: keyring.env, timeoutMs: 1_000 })
    try {
      await impatient.set('PATIENCE', 'in the end')
      const [pid] = helperPids()
      assert.ok(pid)
      process.kill(pid, 'SIGSTOP')
      const lookup = await impatient.get('PATIENCE')
      assert.equal(lookup.kind === 'failed' && lookup.failure.code, 'timeout')
      assert.deepEqual(await impatient.get('PATIENCE'), { kind: 'found', value: 'in the end' })
      assert.ok(!helperPids().includes(pid))
    } finally {
      impatient.dispose()
    }
  })

  it('ends an idle helper and starts another when needed', async () => {
    const forgetful = createKeychain({ helperFile, keytarPath, env: keyring.env, idleMs: 50 })
    try {
      await forgetful.set('IDLE', 'kept')
      assert.ok(await until(() => helperPids().length === 0))
      assert.deepEqual(await forgetful.get('IDLE'), { kind: 'found', value: 'kept' })
    } finally {
      forgetful.dispose()
    }
  })

  it('leaves no helper behind when it is disposed', async () => {
    await keychain.get('A')
    keychain.dispose()
    assert.ok(await until(() => helperPids().length === 0))
    const lookup = await keychain.get('A')
    assert.equal(lookup.kind, 'failed')
    assert.deepEqual(helperPids(), [])
  })

  it('lets a program end that forgot to dispose it, and its helper with it', async () => {
    await keychain.set('A_SECRET', 'read by a program')
    const program = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/read-and-print.ts')], {
      env: keyring.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const printed = JSON.parse(await text(program.stdout))
    assert.deepEqual(printed.lookup, { kind: 'found', value: 'read by a program' })
    assert.equal(printed.helpers.length, 1)
    assert.ok(await until(() => !isHelper(printed.helpers[0])))
  })
})
