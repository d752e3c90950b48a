import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { releaseLock, takeLock } from '../../src/machine/lock.ts'

const source = join(import.meta.dirname, '../../src/machine/lock.ts')

describe('a lock that other processes see', () => {
  let folder: string
  let lock: string
  const children: ChildProcess[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'baton-lock-'))
    lock = join(folder, '.closing')
  })

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })

  /** A process that says what became of its try, and lives until it is killed. */
  async function other(program = 'process.stdout.write(await takeLock(lock, Date.now()))') {
    const text = `
      import { takeLock } from ${JSON.stringify(source)}
      const lock = ${JSON.stringify(lock)}
      ${program}
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    const [said] = await once(child.stdout, 'data')
    return { child, said: String(said) }
  }

  it('is had by one, until that gives it back', async () => {
    const { said } = await other()
    assert.equal(said, 'taken')
    assert.equal(await takeLock(lock, Date.now()), 'busy')
    await releaseLock(lock)
    assert.equal(await takeLock(lock, Date.now()), 'taken')
    await releaseLock(lock)
    assert.deepEqual(readdirSync(folder), [])
  })

  it('is kept by a process that lives for as long as it needs', async () => {
    await other()
    utimesSync(lock, 0, 0)
    assert.equal(await takeLock(lock, Date.now()), 'busy')
  })

  it('is taken over at once from a process that was killed', async () => {
    const { child } = await other()
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.equal(await takeLock(lock, Date.now()), 'taken')
    assert.equal(await takeLock(lock, Date.now()), 'busy')
    assert.deepEqual(readdirSync(folder), ['.closing'])
  })

  it('is taken over by one of many', async () => {
    const { child } = await other()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const tries = await Promise.all(Array.from({ length: 20 }, () => takeLock(lock, Date.now())))
    assert.ok(tries.filter((found) => found === 'taken').length <= 1)
    // Those that met while one was taking over found it busy.
    if (!tries.includes('taken')) assert.equal(await takeLock(lock, Date.now()), 'taken')
    assert.equal(await takeLock(lock, Date.now()), 'busy')
  })

  it('is taken over although the one that was taking it over was killed as well', async () => {
    const { child } = await other(`process.stdout.write(await takeLock(lock + '.next', Date.now()))`)
    const { child: second } = await other()
    for (const one of [child, second]) one.kill('SIGKILL')
    await Promise.all([child, second].map((one) => one.exitCode ?? one.signalCode ?? once(one, 'exit')))
    assert.equal(await takeLock(lock, Date.now()), 'busy')
    assert.equal(await takeLock(lock, Date.now()), 'taken')
    assert.deepEqual(readdirSync(folder), ['.closing'])
  })

  for (const [whose, text] of Object.entries({
    'nobody that is named': '',
    'a process of another computer': 'baton-0000-1-abc-0123456789ab',
    'what is no lock': '\0'.repeat(100),
  })) {
    it(`of ${whose} is held for a minute`, async () => {
      writeFileSync(lock, text)
      assert.equal(await takeLock(lock, Date.now()), 'busy')
      assert.equal(readFileSync(lock, 'utf8'), text)
      assert.equal(await takeLock(lock, Date.now() + 120_000), 'taken')
    })
  }

  it('says why it cannot be made', async () => {
    assert.deepEqual(await takeLock(join(folder, 'missing', 'lock'), Date.now()), { reason: 'ENOENT' })
  })
})
