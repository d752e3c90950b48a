import assert from 'node:assert/strict'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { runSecretCommand, type SecretCommandContext } from '../../../src/machine/shells/secret-command.ts'
import { createShells } from '../../../src/machine/shells/shells.ts'
import { assets } from './operator.ts'

const running = async (pattern: string) => (await execa('pgrep', ['-f', pattern], { reject: false })).stdout

describe('a command that prints a secret', function () {
  this.timeout(30_000)
  let folder: string
  let marks = 0

  before(async function () {
    if (process.platform === 'win32') {
      console.log('    skipped: test/windows has the commands of cmd')
      this.skip()
    }
    folder = await realpath(await mkdtemp(join(tmpdir(), 'secret command ')))
  })
  after(() => folder && rm(folder, { recursive: true }))

  const run = (command: string, more: Partial<SecretCommandContext> = {}, signal = new AbortController().signal) =>
    runSecretCommand(
      { name: 'DB', command, folder, signal },
      {
        platform: process.platform,
        env: { PATH: process.env.PATH ?? '', GREETING: 'hello there' },
        graceMs: 300,
        nextMarker: () => ({ name: 'BATON_RUN', value: `secret-command-test.${process.pid}.${++marks}.` }),
        started: () => () => {},
        ...more,
      },
    )
  const exited = (stdout: string, stderr = '', exitCode = 0) => ({ kind: 'exited', exitCode, stdout, stderr })

  it('runs by the shell, in the folder of its runbook and in the environment of its operator', async () => {
    assert.deepEqual(await run('pwd; echo "$GREETING" | tr a-z A-Z'), exited(`${folder}\nHELLO THERE\n`))
    assert.deepEqual(await run("printf 'パスワード\\n'"), exited('パスワード\n'))
    assert.deepEqual(await run("printf '\\203p\\203X\\n'"), exited('パス\n'))
  })

  it('has no stdin to wait at', async () => {
    assert.deepEqual(await run('read -r line; echo "got $line"'), exited('got \n'))
  })

  it('keeps what it prints to either stream apart', async () => {
    assert.deepEqual(await run('echo value; echo careful >&2; exit 3'), exited('value\n', 'careful\n', 3))
    assert.deepEqual(await run('echo only here >&2'), exited('', 'only here\n'))
  })

  it('says with 127 that its program is missing', async () => {
    const exit = await run('no-such-program-here read x')
    assert.equal(exit.kind === 'exited' && exit.exitCode, 127)
  })

  it('is ended with everything that it started when its time is over', async () => {
    const exit = await run('trap : TERM; setsid sleep 71.5 & setsid sleep 71.5 & sleep 71.5; sleep 71.5', {
      timeoutMs: 300,
    })
    assert.deepEqual(exit, { kind: 'timed-out' })
    assert.equal(await running('sleep 71\\.5'), '')
  })

  it('is ended with everything that it started when its run is cancelled', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 300)
    const exit = await run('setsid sh -c "trap : TERM; sleep 72.5; sleep 72.5" & sleep 72.5', {}, stop.signal)
    assert.deepEqual(exit, { kind: 'cancelled' })
    assert.equal(await running('sleep 72\\.5'), '')
    assert.deepEqual(await run('echo never', {}, stop.signal), { kind: 'cancelled' })
  })

  it('is not waited for by what it leaves running, which lives on: it may be the agent of a password manager', async () => {
    const begin = performance.now()
    assert.deepEqual(await run('setsid sleep 73.5 & echo value'), exited('value\n'))
    assert.ok(performance.now() - begin < 10_000)
    const left = await running('sleep 73\\.5')
    assert.notEqual(left, '')
    for (const pid of left.split('\n')) process.kill(Number(pid))
  })

  it('is ended when it prints more than a secret can be', async () => {
    const { length } = await fullOutput("head -c 65536 /dev/zero | tr '\\0' x")
    assert.equal(length, 65_536)
    assert.deepEqual(await run("head -c 65537 /dev/zero | tr '\\0' x; sleep 74.5"), { kind: 'too-long' })
    assert.deepEqual(await run("head -c 10000000 /dev/zero | tr '\\0' x"), { kind: 'too-long' })
    assert.deepEqual(await run('yes'), { kind: 'too-long' })
    assert.equal(await running('sleep 74\\.5'), '')
    // Of errors the beginning is enough.
    const noisy = await run("echo value; head -c 10000000 /dev/zero | tr '\\0' x >&2")
    assert.ok(noisy.kind === 'exited' && noisy.stdout === 'value\n' && noisy.stderr.length === 4096)
  })

  const fullOutput = async (command: string) => {
    const exit = await run(command)
    return exit.kind === 'exited' ? exit.stdout : ''
  }

  it('leaves nothing running when the editor exits in the middle of it', async () => {
    const program = `
      import { createShells } from ${JSON.stringify(join(assets, 'shells.ts'))}
      const shells = createShells({ assets: ${JSON.stringify(assets)} })
      const command = 'trap : TERM; setsid sleep 75.5 & sleep 75.5'
      void shells.secretCommand({ name: 'A', command, folder: '/', signal: new AbortController().signal })
      setTimeout(() => process.exit(0), 500)
    `
    const { exitCode } = await execa(process.execPath, ['--input-type=module', '-e', program], { reject: false })
    assert.equal(exitCode, 0)
    for (let n = 0; n < 50 && (await running('sleep 75\\.5')) !== ''; n++) await new Promise((r) => setTimeout(r, 50))
    assert.equal(await running('sleep 75\\.5'), '')
  })

  it('sees nothing of the editor nor of Baton in its environment but its mark', async () => {
    const shells = createShells({
      assets,
      env: { PATH: process.env.PATH, VSCODE_PID: '1', BATON_SECRET_OTHER: 'x', MINE: '1' },
    })
    const signal = new AbortController().signal
    const exit = await shells.secretCommand({ name: 'A', command: 'env | cut -d= -f1 | sort', folder, signal })
    assert.ok(exit.kind === 'exited')
    assert.deepEqual(
      exit.stdout.split('\n').filter((name) => !['', '_', 'SHLVL', 'OLDPWD', 'PWD'].includes(name)),
      ['BATON_RUN', 'MINE', 'PATH'],
    )
  })
})
