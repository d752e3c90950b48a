import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { type Operator, operator } from './operator.ts'

const running = async (pattern: string) => (await execa('pgrep', ['-f', pattern], { reject: false })).stdout

const timed = async <T>(what: () => Promise<T>): Promise<readonly [T, number]> => {
  const start = performance.now()
  return [await what(), performance.now() - start]
}

describe('a step settles', function () {
  this.timeout(30_000)
  let tempDir: string
  let someone: Operator
  beforeEach(async () => {
    tempDir = await mkdtemp(join(tmpdir(), 'settling-test-'))
    someone = operator('/', { tempDir })
  })
  afterEach(async () => {
    await someone.run.close()
    assert.deepEqual(await readdir(tempDir), [])
    await rm(tempDir, { recursive: true })
  })

  for (const [what, text] of [
    ['a program that stays', 'sleep 61.5 & echo done'],
    ['a daemon that keeps all of its streams', 'setsid sleep 61.5 & echo done'],
    ['a program that keeps the way on which state goes', 'exec 3>&1; (sleep 61.5; echo late) & echo done'],
  ] as const) {
    it(`when its process has ended, although ${what} holds its output`, async () => {
      const [{ output, code }, ms] = await timed(() => someone.step('bash', `${text}; x=carried`))
      assert.deepEqual([output, code], ['done\n', 0])
      assert.ok(ms < 2000, `${ms} ms`)
      assert.equal((await someone.step('bash', 'echo $x')).output, 'carried\n')
      assert.notEqual(await running('sleep 61\\.5'), '')
      await someone.run.close()
      assert.equal(await running('sleep 61\\.5'), '')
    })
  }

  it('when its process has ended, although one that it left never stops to print', async () => {
    let length = 0
    const onOutput = (text: string) => {
      length += text.length
    }
    const [{ code }, ms] = await timed(() => someone.step('bash', 'yes 62.5 & sleep 0.1', { onOutput }))
    assert.equal(code, 0)
    assert.ok(ms < 4000, `${ms} ms`)
    assert.ok(length > 0)
    const after = length
    await sleep(100)
    assert.equal(length, after, 'nothing more is taken')
  })

  it('when it has closed its own output, and not before its process has ended', async () => {
    const [{ code, output }, ms] = await timed(() =>
      someone.step('bash', 'echo before; exec >&- 2>&-; sleep 0.7; x=later; exit 3'),
    )
    assert.deepEqual([output, code], ['before\n', 3])
    assert.ok(ms > 600, `${ms} ms`)
    assert.equal((await someone.step('bash', 'echo $x')).output, 'later\n')
  })

  it('when a signal has ended it, with the state that it handed on until then', async () => {
    const { exit } = await someone.step('bash', 'cd /usr; x=set; kill -TERM $$; sleep 5')
    assert.ok(exit.kind === 'exited')
    assert.deepEqual([exit.exitCode, exit.signal], [143, 'SIGTERM'])
    assert.equal((await someone.step('bash', 'echo $PWD $x')).output, '/usr set\n')
    const killed = (await someone.step('bash', 'cd /; kill -KILL $$')).exit
    assert.ok(killed.kind === 'exited')
    assert.deepEqual([killed.exitCode, killed.signal, killed.state.cwd], [137, 'SIGKILL', '/usr'])
  })

  it('when it prints bytes that are no text, and says so', async () => {
    const { exit, output, code } = await someone.step(
      'python',
      'import sys\nsys.stdout.buffer.write(bytes((i * 7919) & 0xff for i in range(256 * 300)))',
    )
    assert.equal(code, 0)
    assert.ok(output.includes('\ufffd'))
    assert.ok(exit.undecodable && exit.undecodable.bytes > 1000 && exit.undecodable.bytes < 256 * 300)
    assert.match(exit.undecodable.sha256, /^[0-9a-f]{64}$/)
    assert.equal((await someone.step('bash', 'echo 日本語')).exit.undecodable, undefined)
  })

  for (const [how, more] of [
    ['cancelled', () => ({ signal: AbortSignal.timeout(700) })],
    ['timed-out', () => ({ timeoutMs: 700 })],
  ] as const) {
    it(`when it is ${how} while it prints without end, and waits for whoever takes it`, async () => {
      let pieces = 0
      let atOnce = 0
      const before = process.memoryUsage().rss
      const [{ exit }, ms] = await timed(() =>
        someone.step('bash', 'trap : TERM; while :; do cat /dev/zero | tr "\\0" x; done', {
          ...more(),
          onOutput: async () => {
            assert.equal(++atOnce, 1)
            pieces++
            await sleep(5)
            atOnce--
          },
        }),
      )
      assert.equal(exit.kind, how)
      assert.ok(ms < 4000, `${ms} ms`)
      assert.ok(pieces > 10 && pieces < 600, `${pieces} pieces`)
      assert.ok(process.memoryUsage().rss - before < 60 * 1024 * 1024)
      assert.equal(await running('^cat /dev/zero'), '')
    })
  }

  it('as refused when its encoding is not known', async () => {
    const { exit } = await someone.step('bash', 'echo x', { encoding: 'klingon' })
    assert.deepEqual(exit, { kind: 'refused', problem: { code: 'encoding-unknown', values: { encoding: 'klingon' } } })
    assert.equal((await someone.step('python', 'print("髙①")', { encoding: 'UTF8' })).output, '髙①\n')
  })
})

describe('steps that run beside each other', function () {
  this.timeout(30_000)

  it('have their own output, state and end', async () => {
    const someone = operator('/')
    const server = someone.step(
      'bash',
      'echo up; x=lost; cd /usr; trap "echo bye; exit 5" USR1; while :; do sleep 0.05; done',
      {
        background: true,
        timeoutMs: 20_000,
      },
    )
    const others = await Promise.all(
      Array.from({ length: 40 }, (_, n) => someone.step('bash', `sleep 0.0${n % 7}; echo ${n}; exit ${n}`)),
    )
    assert.deepEqual(
      others.map(({ output, code }) => [output, code]),
      Array.from({ length: 40 }, (_, n) => [`${n}\n`, n]),
    )
    await someone.step('bash', 'y=kept')
    await execa('pkill', ['-USR1', '-f', 'echo bye; exit 5'])
    const { output, code, exit } = await server
    assert.deepEqual([output, code], ['up\nbye\n', 5])
    assert.ok(exit.kind === 'exited')
    assert.deepEqual([exit.state.cwd, exit.state.local.bash?.includes('lost') ?? false], ['/', false])
    await someone.run.close()
  })

  it('end alone when they are cancelled', async () => {
    const someone = operator('/')
    const stop = new AbortController()
    const one = someone.step('bash', 'setsid sleep 63.5 & sleep 63.5', { background: true, signal: stop.signal })
    const two = someone.step('bash', 'sleep 64.5', { background: true })
    await sleep(400)
    stop.abort()
    assert.equal((await one).exit.kind, 'cancelled')
    assert.equal(await running('sleep 63\\.5'), '')
    assert.notEqual(await running('sleep 64\\.5'), '')
    await someone.run.close()
    assert.equal((await two).exit.kind, 'cancelled')
    assert.equal(await running('sleep 64\\.5'), '')
  })

  it('end with their run, and leave nothing', async () => {
    const tempDir = await mkdtemp(join(tmpdir(), 'settling-test-'))
    const someone = operator('/', { tempDir })
    let settled = false
    const stubborn = someone
      .step(
        'bash',
        'trap : TERM; setsid sh -c "trap : TERM; while :; do sleep 65.5; done" & while :; do sleep 65.5; done',
      )
      .then(({ exit }) => {
        settled = true
        return exit
      })
    await sleep(400)
    const [, ms] = await timed(() => someone.run.close())
    assert.ok(settled)
    assert.ok(ms < 4000, `${ms} ms`)
    assert.equal((await stubborn).kind, 'cancelled')
    assert.equal(await running('sleep 65\\.5'), '')
    assert.equal((await someone.step('bash', 'echo x')).exit.kind, 'cancelled')
    assert.deepEqual(await readdir(tempDir), [])
    await rm(tempDir, { recursive: true })
  })
})

describe('a full disk', function () {
  this.timeout(30_000)

  it('takes the pipe from a step that needs nothing else, and is said of one that does', async function () {
    const disk = await mkdtemp(join(tmpdir(), 'settling-test-'))
    const mounted = await execa('mount', ['-t', 'tmpfs', '-o', 'size=64k,nr_inodes=12', 'tmpfs', disk], {
      reject: false,
    })
    if (mounted.failed) {
      console.log('no file system of a size of its own can be mounted here')
      await rm(disk, { recursive: true })
      this.skip()
    }
    try {
      for (let n = 0; n < 20; n++) await mkdir(join(disk, `${n}`)).catch(() => {})
      const someone = operator('/', { tempDir: disk })
      const { output, code } = await someone.step('bash', 'echo out; echo err >&2; exit 4')
      assert.deepEqual([output, code], ['out\nerr\n', 4])
      const { exit } = await someone.step('zsh', 'echo x')
      const problem = { code: 'temp-unwritable', values: { path: disk, reason: 'ENOSPC' } }
      assert.deepEqual(exit, { kind: 'refused', problem })
      await someone.run.close()
    } finally {
      await execa('umount', [disk])
      await rm(disk, { recursive: true })
    }
  })
})
