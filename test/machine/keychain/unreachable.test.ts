import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeychain, type Keychain } from '../../../src/machine/keychain/keychain.ts'
import { helperFile, helperPids, isHelper, keytarPath, until } from './helper.ts'

const { DBUS_SESSION_BUS_ADDRESS: _bus, DISPLAY: _display, XDG_RUNTIME_DIR: _runtime, ...bare } = process.env

async function codes(options: {
  env: NodeJS.ProcessEnv
  keytarPath?: string
  helperFile?: string
  timeoutMs?: number
}) {
  const keychain = createKeychain({ helperFile, keytarPath, ...options })
  try {
    return await everyCode(keychain)
  } finally {
    keychain.dispose()
  }
}

async function everyCode(keychain: Keychain) {
  const lookup = await keychain.get('A')
  const sight = await keychain.look(['A'])
  return [
    lookup.kind === 'failed' ? lookup.failure.code : lookup.kind,
    (await keychain.set('A', 'value'))?.code,
    (await keychain.delete('A'))?.code,
    (await keychain.probe())?.code,
    sight.kind === 'failed' ? sight.failure.code : sight.kind,
  ]
}

describe('the keychain that cannot be reached', function () {
  this.timeout(30_000)
  let home: string

  before(function () {
    if (process.platform !== 'linux') {
      console.log('    skipped: other systems have no session bus')
      this.skip()
    }
    home = mkdtempSync(join(tmpdir(), 'baton-keychain-'))
  })
  after(() => {
    if (home) rmSync(home, { recursive: true })
  })

  const unavailable = Array.from({ length: 5 }, () => 'unavailable')

  it('is unavailable without a session bus', async () => {
    assert.deepEqual(await codes({ env: bare }), unavailable)
  })

  it('is unavailable when the session bus is gone', async () => {
    const address = `unix:path=${join(home, 'gone')}`
    assert.deepEqual(await codes({ env: { ...bare, DBUS_SESSION_BUS_ADDRESS: address } }), unavailable)
  })

  it('is unavailable without a build of keytar for this computer', async () => {
    assert.deepEqual(await codes({ env: bare, keytarPath: home }), unavailable)
  })

  it('fails when its helper cannot start', async () => {
    const failed = Array.from({ length: 5 }, () => 'failed')
    assert.deepEqual(await codes({ env: bare, helperFile: join(home, 'none.cjs') }), failed)
  })

  describe('because the bus never answers', () => {
    let server: Server
    let env: NodeJS.ProcessEnv
    let path: string

    before(async () => {
      path = join(home, 'silent-bus')
      // It reads, so that it notices who is gone.
      server = createServer((socket) => socket.resume().on('error', () => undefined)).listen(path)
      await once(server, 'listening')
      env = { ...bare, DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` }
    })
    after(() => server?.close())

    it('gives up in time and leaves no helper, nor what that has started', async () => {
      const timeout = Array.from({ length: 5 }, () => 'timeout')
      assert.deepEqual(await codes({ env, timeoutMs: 400 }), timeout)
      assert.ok(await until(() => helperPids().length === 0))
      assert.ok(await until(() => programsOn(path).length === 0), programsOn(path).join())
    })

    it('leaves nothing that asks when the one that wants to know is disposed or killed', async () => {
      const keychain = createKeychain({ helperFile, keytarPath, env })
      const looked = keychain.look(['A'])
      assert.ok(await until(() => programsOn(path).some((program) => program.includes('dbus-send'))))
      keychain.dispose()
      assert.equal((await looked).kind, 'failed')
      assert.ok(await until(() => programsOn(path).length === 0), programsOn(path).join())

      const fixture = join(import.meta.dirname, 'fixtures/look-and-stay.ts')
      const program = spawn(process.execPath, [fixture], { env, stdio: 'ignore' })
      assert.ok(await until(() => programsOn(path).some((one) => one.includes('dbus-send'))))
      program.kill('SIGKILL')
      assert.ok(await until(() => programsOn(path).length === 0), programsOn(path).join())
    })

    it('answers what is asked when it is disposed', async () => {
      const keychain = createKeychain({ helperFile, keytarPath, env })
      const asked = [keychain.get('A'), keychain.get('B')]
      assert.ok(await until(() => helperPids().length === 1))
      keychain.dispose()
      for (const lookup of await Promise.all(asked)) assert.equal(lookup.kind, 'failed')
      assert.ok(await until(() => helperPids().length === 0))
    })

    it('leaves no helper when the program that waits for it is killed', async () => {
      const program = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/read-and-print.ts'), '--stay'], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [printed] = await once(program.stdout, 'data')
      const [pid] = JSON.parse(String(printed)).helpers
      assert.ok(isHelper(pid))
      program.kill('SIGKILL')
      assert.ok(await until(() => !isHelper(pid)))
    })
  })
})

/** The command lines of programs whose session bus is at a path. */
function programsOn(path: string): readonly string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const isOnIt = /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(path)
      return isOnIt ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')] : []
    } catch {
      return []
    }
  })
}

describe('requests to the keychain', () => {
  it('are served one at a time, in their order', async () => {
    const keychain = createKeychain({
      helperFile: join(import.meta.dirname, 'fixtures/overlap-helper.ts'),
      keytarPath,
      env: bare,
    })
    try {
      const order: string[] = []
      const lookups = await Promise.all(
        ['A', 'B', 'C', 'D', 'E'].map(async (name) => {
          const lookup = await keychain.get(name)
          order.push(name)
          return lookup
        }),
      )
      assert.deepEqual(
        lookups,
        Array.from({ length: 5 }, () => ({ kind: 'found', value: '1' })),
      )
      assert.deepEqual(order, ['A', 'B', 'C', 'D', 'E'])
    } finally {
      keychain.dispose()
    }
  })
})
