import assert from 'node:assert/strict'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { needShell, type Operator, operator } from './operator.ts'

/** The same deeds in the words of one shell. `fails` is a command that ends with 5. */
export interface Dialect {
  readonly shell: string
  /** How many lines above the reported one the failing command of `failsOnThirdLine` may be: 0 where it is exact. */
  readonly say: (text: string) => string
  readonly sayOnStderr: (text: string) => string
  readonly sayUnfinished: (text: string) => string
  readonly sayVariable: (name: string) => string
  readonly set: (name: string, value: string) => string
  readonly unset: (name: string) => string
  readonly go: (folder: string) => string
  readonly sayFolder: string
  readonly exit: (code: number) => string
  /** A command that fails and so ends its step, unless `errors=continue`. */
  readonly fail: string
  /** False where a shell goes on after `fail` and its last command decides. */
  readonly stops?: false
  /** Goes on after `fail` under `errors=continue`. */
  readonly continues: boolean
  readonly brokenSyntax: string
  /** What an error on the step's third line says of the place. */
  readonly place: RegExp
  readonly nativeCommand: (command: string) => string
  readonly join: string
}

const alive = (pattern: string) =>
  import('execa').then(({ execa }) => execa('pgrep', ['-f', pattern], { reject: false }))

/** What every shell does alike. */
export const behavesLikeAShell = (dialect: Dialect): void => {
  const { shell } = dialect
  let folder: string
  let someone: Operator
  const lines = (...texts: readonly string[]) => texts.join(dialect.join)

  before(async function () {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'shells-test-')))
    someone = operator(folder)
    await needShell(this, someone, shell)
  })
  beforeEach(() => {
    someone = operator(folder)
  })
  afterEach(() => someone.run.close())
  after(() => rm(folder, { recursive: true, force: true }))

  it('shows what it prints and succeeds', async () => {
    const { output, code } = await someone.step(shell, dialect.say('日本語①㈱髙﨑🍣'))
    assert.equal(output.replaceAll('\r', ''), '日本語①㈱髙﨑🍣\n')
    assert.equal(code, 0)
  })

  it('ends with the code that the step exits with, and hands on what it did before', async () => {
    const { code } = await someone.step(shell, lines(dialect.set('KEPT', 'yes'), dialect.exit(7), dialect.say('never')))
    assert.equal(code, 7)
    assert.equal(someone.state.env.KEPT, 'yes')
  })

  it('stops at the first failing command, and hands on what it did before', async function () {
    if (dialect.stops === false) {
      console.log(`      skipped: ${shell} has no way to stop at a failing command`)
      this.skip()
    }
    const { code, output } = await someone.step(
      shell,
      lines(dialect.set('KEPT', 'yes'), dialect.fail, dialect.say('never')),
    )
    assert.ok(code !== undefined && code > 0, `code ${code}`)
    assert.doesNotMatch(output, /^never/m)
    assert.equal(someone.state.env.KEPT, 'yes')
  })

  if (dialect.continues) {
    it('goes on with errors=continue', async () => {
      const { code, output } = await someone.step(shell, lines(dialect.fail, dialect.say('after')), {
        errors: 'continue',
      })
      assert.match(output, /^after\r?$/m)
      assert.equal(code, 0)
    })
  }

  it('names the place of an error in the runbook', async () => {
    const { output } = await someone.step(shell, lines(dialect.say('1'), dialect.say('2'), dialect.fail))
    assert.match(output, dialect.place)
  })

  it('finds a syntax error before anything runs', async () => {
    const { exit, output } = await someone.step(shell, lines(dialect.say('ran'), dialect.brokenSyntax))
    assert.doesNotMatch(output, /^ran/m)
    assert.ok(exit.kind === 'exited')
    assert.notEqual(exit.exitCode, 0)
    assert.equal(exit.problem?.code, 'syntax-error')
    assert.match(exit.problem?.values.place ?? '', /^joining\.md:4[3-6]$/)
  })

  for (const [what, value] of [
    ['plain', 'simple'],
    ['with quotes and shell characters', `it's "$HOME" \`x\` \\ & | ; * !`],
    ['of several lines', 'first\nsecond\n\tthird'],
    ['in Japanese', '営業部①㈱髙﨑'],
    ['that is empty', ''],
  ] as const) {
    it(`hands on and takes a variable ${what}`, async () => {
      await someone.step(shell, dialect.set('CARRIED', value))
      assert.equal(someone.state.env.CARRIED, value)
      const own = await someone.step(shell, dialect.sayVariable('CARRIED'))
      assert.equal(own.output.replaceAll('\r', ''), `[${value}]\n`)
      const other = await someone.step('bash', 'printf "[%s]" "$CARRIED"')
      assert.equal(other.output, `[${value}]`)
      await someone.step('bash', `CARRIED="<$CARRIED>"`)
      await someone.step('bash', `CARRIED="<$CARRIED>"`)
      const back = await someone.step(shell, dialect.sayVariable('CARRIED'))
      assert.equal(back.output.replaceAll('\r', ''), `[<<${value}>>]\n`)
    })
  }

  it('hands on that a variable is gone', async () => {
    someone.state = { ...someone.state, env: { ...someone.state.env, GONE: 'x' } }
    await someone.step(shell, dialect.unset('GONE'))
    assert.equal(someone.state.env.GONE, undefined)
  })

  it('changes nothing else in the environment', async () => {
    const before = someone.state.env
    await someone.step(shell, dialect.say('x'))
    const changed = [...new Set([...Object.keys(before), ...Object.keys(someone.state.env)])]
      .filter((name) => before[name] !== someone.state.env[name])
      .filter((name) => !['PWD', 'OLDPWD'].includes(name))
    assert.deepEqual(changed, [])
  })

  it('hands on the folder', async () => {
    await someone.step(shell, dialect.go('/usr'))
    assert.equal(someone.state.cwd, '/usr')
    const { output } = await someone.step(shell, dialect.sayFolder)
    assert.equal(output.trim(), '/usr')
    const once = await someone.step(shell, dialect.sayFolder, { cwd: folder })
    assert.equal(once.output.trim(), folder)
  })

  it('refuses a folder that does not exist', async () => {
    const { exit } = await someone.step(shell, dialect.say('x'), { cwd: join(folder, 'none') })
    assert.deepEqual(exit, {
      kind: 'refused',
      problem: { code: 'cwd-missing', values: { path: join(folder, 'none') } },
    })
  })

  it('gives a grant to the one step and to no other', async () => {
    someone.state = { ...someone.state, env: { ...someone.state.env, SHADOWED: 'mine' } }
    const grants = { PASSWORD: 'pa$$ "word"\nシークレット', SHADOWED: 'granted' }
    const granted = await someone.step(shell, lines(dialect.sayVariable('PASSWORD'), dialect.set('SHADOWED', 'x')), {
      grants,
    })
    assert.equal(granted.output.replaceAll('\r', ''), `[${grants.PASSWORD}]\n`)
    assert.equal(someone.state.env.PASSWORD, undefined)
    assert.equal(someone.state.env.SHADOWED, 'mine')
    assert.doesNotMatch(JSON.stringify(someone.state), /シークレット/)
    const next = await someone.step(shell, dialect.sayVariable('PASSWORD'))
    assert.equal(next.output.replaceAll('\r', ''), '[]\n')
    assert.equal((await someone.step('bash', 'echo "$SHADOWED$PASSWORD"')).output, 'mine\n')
  })

  it('shows stdout and stderr in the order of the writes', async () => {
    const texts = Array.from({ length: 100 }, (_, n) => [dialect.say(`o${n}`), dialect.sayOnStderr(`e${n}`)]).flat()
    const { output } = await someone.step(shell, lines(...texts))
    const expected = Array.from({ length: 100 }, (_, n) => [`o${n}`, `e${n}`]).flat()
    assert.deepEqual(output.trimEnd().split(/\r?\n/), expected)
  })

  it('shows a last line that has no end', async () => {
    const { output } = await someone.step(shell, dialect.sayUnfinished('終わり'))
    assert.equal(output, '終わり')
  })

  it('puts a character together that arrives in two pieces', async () => {
    const { output } = await someone.step(
      shell,
      dialect.nativeCommand("printf '\\346\\227'; sleep 0.1; printf '\\245\\n'"),
    )
    assert.equal(output, '日\n')
  })

  it('gives a program that reads its input none', async () => {
    const { output, code } = await someone.step(shell, dialect.nativeCommand('cat; echo end'))
    assert.equal(output, 'end\n')
    assert.equal(code, 0)
  })

  it('waits while its output is being taken, and loses none of it', async () => {
    let length = 0
    const { code } = await someone.step(shell, dialect.nativeCommand('head -c 600000 /dev/zero | tr "\\\\0" x'), {
      onOutput: async (text) => {
        length += text.length
        await sleep(5)
      },
    })
    assert.equal(code, 0)
    assert.equal(length, 600_000)
  })

  it('does not wait for a program that stays behind with the output', async () => {
    const start = performance.now()
    const { output, code } = await someone.step(shell, dialect.nativeCommand('sleep 71.5 & echo started'))
    assert.equal(output, 'started\n')
    assert.equal(code, 0)
    assert.ok(performance.now() - start < 3000)
    await someone.run.close()
    assert.equal((await alive('sleep 71.5')).stdout, '')
  })

  it('is cancelled with everything it started, whatever that did', async () => {
    const stop = new AbortController()
    const stubborn =
      'sh -c "trap : TERM; while :; do sleep 72.5; done" & setsid sh -c "echo up; exec sleep 73.5" & wait'
    let output = ''
    const start = performance.now()
    const { exit } = await someone.step(shell, dialect.nativeCommand(stubborn), {
      signal: stop.signal,
      onOutput: (text) => {
        output += text
        if (output.includes('up')) stop.abort()
      },
    })
    assert.equal(exit.kind, 'cancelled')
    assert.ok(performance.now() - start < 5000, `${performance.now() - start} ms`)
    assert.equal((await alive('sleep 7[23]\\.5')).stdout, '')
    const next = await someone.step(shell, dialect.say('still here'))
    assert.equal(next.output.trim(), 'still here')
  })

  it('ends when its time is over', async () => {
    const start = performance.now()
    const { exit } = await someone.step(shell, dialect.nativeCommand('sleep 74.5'), { timeoutMs: 1000 })
    assert.equal(exit.kind, 'timed-out')
    assert.ok(performance.now() - start < 4000)
    assert.equal((await alive('sleep 74\\.5')).stdout, '')
  })

  it('does not start when it was cancelled before', async () => {
    const { exit, output } = await someone.step(shell, dialect.say('x'), { signal: AbortSignal.abort() })
    assert.equal(exit.kind, 'cancelled')
    assert.equal(output, '')
  })
}
