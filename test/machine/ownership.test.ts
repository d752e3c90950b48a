import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { createOwner, readOwner } from '../../src/machine/ownership/owner.ts'
import { privateFolder } from '../../src/machine/ownership/private-folder.ts'
import { sweep } from '../../src/machine/ownership/sweep.ts'
import { operator } from './shells/operator.ts'

const watchdogFile = join(import.meta.dirname, '../../src/machine/ownership/watchdog.ts')

const running = async (pattern: string): Promise<readonly number[]> => {
  const { stdout } = await execa('pgrep', ['-f', pattern], { reject: false })
  return stdout.split('\n').filter(Boolean).map(Number)
}

const soon = async (what: () => Promise<boolean>, ms = 10_000): Promise<number> => {
  const start = performance.now()
  while (!(await what())) {
    assert.ok(performance.now() - start < ms, `not within ${ms} ms`)
    await sleep(30)
  }
  return performance.now() - start
}

/** Another process that runs steps as this text says, and prints `ready` when it may be killed. */
const startOwner = async (tempDir: string, steps: string, more = ''): Promise<number> => {
  const program = `
    import { operator } from ${JSON.stringify(join(import.meta.dirname, 'shells/operator.ts'))}
    const someone = operator('/', { tempDir: ${JSON.stringify(tempDir)}, ${more} })
    const ready = { onOutput: (text) => { if (text.includes('up')) process.stdout.write('ready') } }
    ${steps}
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  assert.ok(child.pid)
  return child.pid
}

const watched = `watchdogFile: ${JSON.stringify(watchdogFile)}`

describe('when the process that runs the steps is killed', function () {
  this.timeout(30_000)
  let tempDir: string
  beforeEach(async () => {
    tempDir = await mkdtemp(join(tmpdir(), 'ownership-test-'))
  })
  afterEach(() => rm(tempDir, { recursive: true, force: true }))

  it('its steps end, whatever they do, and its folder goes', async () => {
    const owner = await startOwner(
      tempDir,
      `await someone.step('bash', 'nohup setsid sleep 81.5 >/dev/null 2>&1 &')
       someone.step('bash', 'trap : TERM; setsid sh -c "trap : TERM; while :; do sleep 81.5; done" & echo up; sleep 81.5; sleep 81.5', ready)`,
      watched,
    )
    assert.ok((await running('^sleep 81\\.5')).length >= 2)
    assert.equal((await readdir(tempDir)).length, 1)
    process.kill(owner, 'SIGKILL')
    await soon(async () => (await running('sleep 81\\.5')).length === 0)
    await soon(async () => (await readdir(tempDir)).length === 0)
    await soon(async () => (await running(`${watchdogFile} .*${tempDir}`)).length === 0)
  })

  it('by its own step, that ends too', async () => {
    const program = `
      import { operator } from ${JSON.stringify(join(import.meta.dirname, 'shells/operator.ts'))}
      const someone = operator('/', { tempDir: ${JSON.stringify(tempDir)}, ${watched} })
      await someone.step('bash', 'setsid sleep 82.5 & sleep 0.3; kill -9 $PPID; sleep 82.5')
    `
    const result = await execa(process.execPath, ['--input-type=module', '-e', program], { reject: false })
    assert.equal(result.signal, 'SIGKILL')
    await soon(async () => (await running('sleep 82\\.5')).length === 0)
    await soon(async () => (await readdir(tempDir)).length === 0)
  })

  it('together with whoever watched over it, the next one ends its steps and tidies up', async () => {
    const owner = await startOwner(
      tempDir,
      `someone.step('bash', 'setsid sleep 83.5 & echo up; sleep 83.5', ready)`,
      watched,
    )
    const [watchdog = 0] = await running(`${watchdogFile} .*${tempDir}`)
    process.kill(watchdog, 'SIGKILL')
    process.kill(owner, 'SIGKILL')
    await sleep(300)
    assert.equal((await running('^sleep 83\\.5')).length, 2)
    const [left = ''] = await readdir(tempDir)
    assert.equal(await readOwner(left)?.isGone(), true)

    const next = operator('/', { tempDir })
    assert.equal((await next.step('bash', 'echo here')).output, 'here\n')
    await soon(async () => (await running('sleep 83\\.5')).length === 0)
    await soon(async () => !(await readdir(tempDir)).includes(left))
    await next.run.close()
    assert.deepEqual(await readdir(tempDir), [])
  })

  it('nobody else suffers: owners that live keep their steps and folders', async () => {
    const living = operator('/', { tempDir })
    const stop = new AbortController()
    const step = living.step('bash', 'sleep 84.5', { signal: stop.signal })
    await soon(async () => (await running('^sleep 84\\.5')).length === 1)
    const [kept] = await readdir(tempDir)
    await execa(process.execPath, [
      '--input-type=module',
      '-e',
      `import { sweep } from ${JSON.stringify(join(import.meta.dirname, '../../src/machine/ownership/sweep.ts'))}
       await sweep(${JSON.stringify(tempDir)}, 0)`,
    ])
    await sweep(tempDir, 0)
    assert.deepEqual(await readdir(tempDir), [kept])
    assert.equal((await running('^sleep 84\\.5')).length, 1)
    stop.abort()
    assert.equal((await step).exit.kind, 'cancelled')
    await living.run.close()
  })

  it('there is no watchdog any more once nothing is to be watched', async () => {
    const program = `
      import { operator } from ${JSON.stringify(join(import.meta.dirname, 'shells/operator.ts'))}
      const someone = operator('/', { tempDir: ${JSON.stringify(tempDir)}, ${watched} })
      await someone.step('bash', ':')
      await someone.run.close()
    `
    const { exitCode } = await execa(process.execPath, ['--input-type=module', '-e', program])
    assert.equal(exitCode, 0)
    await soon(async () => (await running(`${watchdogFile} .*${tempDir}`)).length === 0)
    assert.deepEqual(await readdir(tempDir), [])
  })

  it('runs work where no watchdog can be started', async () => {
    const someone = operator('/', { tempDir, watchdogFile: join(tempDir, 'none.cjs') })
    assert.equal((await someone.step('bash', 'echo a')).output, 'a\n')
    await sleep(200)
    assert.equal((await someone.step('bash', 'echo b')).output, 'b\n')
    await someone.run.close()
  })
})

describe('the folder of a process', () => {
  let tempDir: string
  beforeEach(async () => {
    tempDir = await mkdtemp(join(tmpdir(), 'ownership-test-'))
  })
  afterEach(() => rm(tempDir, { recursive: true, force: true }))

  it('is there while something lies in it, and for its user alone', async () => {
    const { folderName } = createOwner()
    const folders = privateFolder(join(tempDir, folderName))
    assert.deepEqual(await readdir(tempDir), [])
    const [one, two] = await Promise.all([folders.fresh(), folders.fresh()])
    await writeFile(join(one, 'x'), 'x')
    const { stdout } = await execa('stat', ['-c', '%a', folders.path, one, two])
    assert.equal(stdout, '700\n700\n700')
    await folders.discard(one)
    assert.deepEqual(await readdir(folders.path), ['1'])
    await folders.discard(two)
    assert.deepEqual(await readdir(tempDir), [])
    const again = await folders.fresh()
    // As systemd-tmpfiles does after days.
    await rm(folders.path, { recursive: true })
    await folders.discard(again)
    await folders.discard(await folders.fresh())
    assert.deepEqual(await readdir(tempDir), [])
  })

  it('is made and removed by many at once', async () => {
    const folders = privateFolder(join(tempDir, createOwner().folderName))
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        for (let i = 0; i < 5; i++) await folders.discard(await folders.fresh())
      }),
    )
    assert.deepEqual(await readdir(tempDir), [])
  })

  it('tells its owner', async () => {
    const { folderName, mark } = createOwner()
    const found = readOwner(folderName)
    assert.equal(found?.mark, mark)
    assert.equal(found.here, true)
    assert.equal(await found.isGone(), false)
    const fields = folderName.split('-')
    const of = (change: Record<number, string>) => readOwner(fields.map((field, i) => change[i] ?? field).join('-'))
    assert.equal(await of({ 2: '1' })?.isGone(), true, 'the process with that id began at another time')
    assert.equal(await of({ 2: '4194999' })?.isGone(), true)
    assert.equal(of({ 1: 'ffff' })?.here, false)
    assert.equal(readOwner('baton-xyz'), undefined)
    assert.equal(readOwner('other'), undefined)
  })

  it('is left alone by the sweep where it belongs to nobody that is known, or is none', async () => {
    const gone = createOwner().folderName.replace(/^(baton-[^-]+-)\d+/, '$14194999')
    const elsewhere = gone.replace(/^baton-[^-]+/, 'baton-ffff')
    await mkdir(join(tempDir, elsewhere))
    await mkdir(join(tempDir, 'baton-something'))
    await writeFile(join(tempDir, 'precious'), 'kept')
    await symlink(tempDir, join(tempDir, gone))
    await sweep(tempDir, 0)
    assert.deepEqual((await readdir(tempDir)).sort(), [elsewhere, gone, 'baton-something', 'precious'].sort())
    await rm(join(tempDir, gone))
    await mkdir(join(tempDir, gone, 'deep'), { recursive: true })
    await sweep(tempDir, 0)
    assert.deepEqual((await readdir(tempDir)).sort(), [elsewhere, 'baton-something', 'precious'].sort())
    await sweep(join(tempDir, 'none'), 0)
  })
})

describe('without FIFOs', function () {
  this.timeout(20_000)

  it('steps have a pipe for stdout and one for stderr', async () => {
    const tempDir = await mkdtemp(join(tmpdir(), 'ownership-test-'))
    const bin = join(tempDir, 'bin')
    await mkdir(bin)
    for (const name of ['bash', 'sh', 'cat']) await symlink((await execa('which', [name])).stdout, join(bin, name))
    const out = join(tempDir, 'out')
    const program = `
      import { writeFileSync } from 'node:fs'
      import { operator } from ${JSON.stringify(join(import.meta.dirname, 'shells/operator.ts'))}
      const someone = operator('/', { tempDir: ${JSON.stringify(tempDir)} })
      const first = await someone.step('bash', 'echo out; echo err >&2; x=1')
      const second = await someone.step('sh', 'echo $x; exit 3')
      writeFileSync(${JSON.stringify(out)}, JSON.stringify([first.output, first.code, second.output, second.code]))
      await someone.run.close()
    `
    await execa(process.execPath, ['--input-type=module', '-e', program], { env: { PATH: bin }, extendEnv: false })
    assert.deepEqual(JSON.parse(await readFile(out, 'utf8')), ['out\nerr\n', 0, '\n', 3])
    assert.deepEqual((await readdir(tempDir)).sort(), ['bin', 'out'])
    await rm(tempDir, { recursive: true })
  })
})
