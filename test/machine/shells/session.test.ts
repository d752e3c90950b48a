import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { CarriedState, StepExit, StepRequest, TerminalSize } from '../../../src/execution/shells.ts'
import { privateFolder } from '../../../src/machine/ownership/private-folder.ts'
import { fifoPipes } from '../../../src/machine/shells/output-pipe.ts'
import type { RunContext } from '../../../src/machine/shells/process-step.ts'
import { type Session, startSession } from '../../../src/machine/shells/session.ts'
import type { SessionShell } from '../../../src/machine/shells/shell.ts'
import { typist } from './typist.ts'

const shell: SessionShell = {
  kind: 'session',
  name: 'fixture',
  host: 'host.mjs',
  interpreters: () => [],
  args: (host, name) => [host, name],
}

describe('a session', function () {
  this.timeout(20_000)
  const folders = privateFolder(join(tmpdir(), `session-test-${process.pid}`))
  const pipes = fifoPipes(folders)
  let markers = 0
  const context: RunContext = {
    platform: process.platform,
    folders,
    pipes,
    nextMarker: () => ({ name: 'BATON_RUN', value: `session-test.${++markers}.` }),
    graceMs: 300,
    started: () => () => {},
  }
  let session: Session
  let state: CarriedState
  const start = (env: Record<string, string> = {}, terminal?: TerminalSize) => {
    state = { env: { PATH: process.env.PATH ?? '', ...env }, cwd: tmpdir(), local: {} }
    session = startSession({
      shell,
      interpreter: process.execPath,
      assets: join(import.meta.dirname, 'fixtures'),
      state,
      ...(terminal && { terminal }),
      run: context,
    })
  }
  const step = async (text: string, more: Partial<StepRequest> = {}): Promise<{ exit: StepExit; output: string }> => {
    let output = ''
    const exit = await session.run({
      shell: 'fixture',
      text,
      place: { file: 'joining.md', line: 42 },
      errors: 'stop',
      state,
      grants: {},
      signal: new AbortController().signal,
      onOutput: (piece) => {
        output += piece
      },
      ...more,
    })
    if (exit.kind !== 'refused') state = exit.state
    return { exit, output }
  }

  beforeEach(() => start())
  afterEach(() => session.close())
  after(() => pipes.close())

  it('keeps what a step left behind', async () => {
    await step('globalThis.x = 1')
    assert.equal((await step('say(String(x))')).output, '1')
  })

  it('hands the environment and the folder on, and no grant', async () => {
    await step("process.env.A = '日本\\n'; delete process.env.NONE; process.chdir('/usr'); say(process.env.G)", {
      grants: { G: 'secret' },
    })
    assert.equal(state.env.A, '日本\n')
    assert.equal(state.env.G, undefined)
    assert.equal(state.cwd, '/usr')
    assert.equal(Object.keys(state.env).filter((name) => name.startsWith('BATON')).length, 0)
  })

  it('takes what other shells changed since', async () => {
    await step("process.env.A = '1'; process.env.B = '2'")
    const { A: _gone, ...env } = state.env
    state = { ...state, env: { ...env, B: '3' }, cwd: '/usr' }
    const { output } = await step('say(process.env.A + process.env.B + process.cwd())')
    assert.equal(output, 'undefined3/usr')
  })

  it('gives each step its own output, with or without a last line end', async () => {
    const outputs: string[] = []
    for (let n = 0; n < 50; n++) outputs.push((await step(`say('${n}日'); console.error('e')`)).output)
    assert.deepEqual(
      outputs,
      Array.from({ length: 50 }, (_, n) => `${n}日e\n`),
    )
  })

  it('gives a large output whole', async () => {
    const { output } = await step("for (let n = 0; n < 3000; n++) say('日'.repeat(100) + '\\n')")
    assert.equal(output, `${'日'.repeat(100)}\n`.repeat(3000))
  })

  it('tells a syntax error', async () => {
    const { exit } = await step('if (')
    assert.ok(exit.kind === 'exited')
    assert.deepEqual(exit.problem, { code: 'syntax-error', values: { place: 'joining.md:42', detail: 'detail' } })
  })

  it('stays when a step is cancelled, but nothing that the step started does', async () => {
    await step('globalThis.x = 7')
    const stop = new AbortController()
    const text =
      "const c = await import('node:child_process'); c.spawn('sleep', ['81.5'], { stdio: 'inherit' }); say('up'); await new Promise(() => {})"
    const { exit } = await step(text, { signal: stop.signal, onOutput: () => stop.abort() })
    assert.equal(exit.kind, 'cancelled')
    assert.equal((await execa('pgrep', ['-f', 'sleep 81\\.5'], { reject: false })).stdout, '')
    assert.equal((await step('say(String(x))')).output, '7')
  })

  it('ends when a step does not let itself be stopped, and says so', async () => {
    const { exit } = await step('for (;;) {}', { timeoutMs: 200 })
    assert.equal(exit.kind, 'timed-out')
    assert.equal('problem' in exit && exit.problem?.code, 'session-ended')
    assert.equal(session.alive(), false)
  })

  it('says that it ended when a step ends it', async () => {
    const { exit, output } = await step("say('bye'); process.exit(9)")
    assert.equal(output, 'bye')
    assert.ok(exit.kind === 'exited')
    assert.deepEqual([exit.exitCode, exit.problem?.code], [9, 'session-ended'])
    assert.equal(session.alive(), false)
  })

  it('refuses a folder that does not exist, and lives on', async () => {
    const { exit } = await step('1', { cwd: '/none' })
    assert.deepEqual(exit, { kind: 'refused', problem: { code: 'cwd-missing', values: { path: '/none' } } })
    assert.equal((await step("say('x')")).output, 'x')
  })

  for (const [variable, code, detail] of [
    ['HOST_FAILS', 'session-not-started', 'running scripts is disabled on this system'],
    ['HOST_IS_EMPTY', 'interpreter-unusable', undefined],
  ] as const) {
    it(`says why it does not start: ${code}`, async () => {
      await session.close()
      start({ [variable]: '1' })
      const { exit } = await step('1')
      assert.ok(exit.kind === 'refused')
      assert.equal(exit.problem.code, code)
      assert.equal(exit.problem.values.detail, detail)
    })
  }

  it('says what only its shell can tell from what it printed', async () => {
    await session.close()
    const problem = { code: 'execution-policy', values: { shell: 'fixture' } } as const
    start({ HOST_FAILS: '1' })
    await session.close()
    session = startSession({
      shell: { ...shell, notStarted: (printed) => (/is disabled/.test(printed) ? problem : undefined) },
      interpreter: process.execPath,
      assets: join(import.meta.dirname, 'fixtures'),
      state,
      run: context,
    })
    assert.deepEqual((await step('1')).exit, { kind: 'refused', problem })
  })

  it('is gone at once when it is closed while it starts', async () => {
    await session.close()
    start({ HOST_SLEEPS: '1' })
    const begun = performance.now()
    await session.close()
    assert.ok(performance.now() - begun < 4000, `${performance.now() - begun} ms`)
  })

  describe('at a terminal', () => {
    before(function () {
      if (process.platform === 'win32') {
        console.log('      skipped: terminals of Unix')
        this.skip()
      }
    })
    beforeEach(async () => {
      await session.close()
      start({}, { columns: 100, rows: 30 })
    })

    const ask =
      "say('Name: '); const name = await new Promise((resolve) => { process.stdin.once('data', (text) => { process.stdin.pause(); resolve(String(text).trim()) }) }); say('Hello ' + name.length + '\\n')"

    it('takes what is typed, and keeps it out of the output', async () => {
      const one = typist()
      const done = step(ask, { keyboard: one.keyboard, onOutput: one.onOutput })
      await one.sees('Name: ')
      one.press('taro\r')
      assert.equal((await done).exit.kind, 'exited')
      assert.equal(one.output(), 'Name: \nHello 4\n')
      assert.deepEqual([one.echo(), one.lines], ['taro', ['taro']])
    })

    it('keeps what a step left behind, has the size of what shows it, and hands no TERM on', async () => {
      const first = typist({ columns: 90, rows: 20 })
      await step("globalThis.x = 1; process.env.A = 'a'", { keyboard: first.keyboard, onOutput: first.onOutput })
      const second = typist({ columns: 70, rows: 25 })
      const text =
        'say([x, process.env.A, process.env.TERM, process.stdout.isTTY, process.stdout.getWindowSize()].join())'
      await step(text, { keyboard: second.keyboard, onOutput: second.onOutput })
      assert.equal(second.output(), '1,a,xterm-256color,true,70,25')
      assert.equal(state.env.TERM, undefined)
    })

    it('stops its step at Ctrl+C, and lives on', async () => {
      const one = typist()
      const done = step("globalThis.x = 5; say('up'); await new Promise(() => {})", {
        keyboard: one.keyboard,
        onOutput: one.onOutput,
      })
      await one.sees('up')
      one.press('\x03')
      assert.equal((await done).exit.kind, 'cancelled')
      const two = typist()
      await step('say(String(x))', { keyboard: two.keyboard, onOutput: two.onOutput })
      assert.equal(two.output(), '5')
    })

    it('gives each step its own output, time after time', async () => {
      for (let n = 0; n < 30; n++) {
        const one = typist()
        await step(`for (let n = 0; n < 200; n++) say(n + '\\n'); say('END${n}')`, {
          keyboard: one.keyboard,
          onOutput: one.onOutput,
        })
        assert.equal(one.output(), `${Array.from({ length: 200 }, (_, line) => `${line}\n`).join('')}END${n}`)
      }
    })
  })
})
