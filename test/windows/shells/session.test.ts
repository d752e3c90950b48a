import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CarriedState, StepRequest } from '../../../src/execution/shells.ts'
import { privateFolder } from '../../../src/machine/ownership/private-folder.ts'
import { type Session, startSession } from '../../../src/machine/shells/session.ts'

describe('a session on Windows', function () {
  this.timeout(60_000)
  let session: Session
  let state: CarriedState
  let markers = 0
  beforeEach(() => {
    const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']))
    state = { env, cwd: tmpdir(), local: {} }
    session = startSession({
      shell: {
        kind: 'session',
        name: 'fixture',
        host: 'host.mjs',
        interpreters: () => [],
        args: (host, name) => [host, name],
      },
      interpreter: process.execPath,
      assets: join(import.meta.dirname, '../../machine/shells/fixtures'),
      state,
      run: {
        platform: 'win32',
        folders: privateFolder(join(tmpdir(), `session-test-${process.pid}`)),
        pipes: undefined,
        nextMarker: () => ({ name: 'BATON_RUN', value: `session-test.${++markers}.` }),
        graceMs: 300,
        started: () => () => {},
      },
    })
  })
  afterEach(() => session.close())

  const step = async (text: string, more: Partial<StepRequest> = {}) => {
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

  it('takes steps over a named pipe and gives each its own output, of both streams', async () => {
    const outputs: string[] = []
    for (let n = 0; n < 20; n++) outputs.push((await step(`say('${n}日'); console.error('e')`)).output)
    for (const [n, output] of outputs.entries()) assert.ok([`${n}日e\n`, `e\n${n}日`].includes(output), output)
  })

  it('hands the environment on, whatever the case of its names', async () => {
    await step("process.env.SYSTEMDRIVE = 'X:'; process.env.Grant = 'changed'", { grants: { GRANT: 'secret' } })
    const drives = Object.entries(state.env).filter(([name]) => name.toUpperCase() === 'SYSTEMDRIVE')
    assert.deepEqual(
      drives.map(([, value]) => value),
      ['X:'],
    )
    assert.equal(Object.keys(state.env).filter((name) => name.toUpperCase() === 'GRANT').length, 0)
  })

  it('stays when a step is cancelled, but nothing that the step started does', async () => {
    await step('globalThis.x = 7')
    const stop = new AbortController()
    const text =
      "const c = await import('node:child_process'); c.spawn('ping', ['-n', '77', '127.0.0.1'], { stdio: 'ignore' }); say('up'); await new Promise(() => {})"
    const { exit } = await step(text, { signal: stop.signal, onOutput: () => stop.abort() })
    assert.equal(exit.kind, 'cancelled')
    const list = spawnSync('wmic', ['process', 'get', 'Name']).stdout.toString('utf16le')
    assert.doesNotMatch(list, /ping\.exe/i)
    assert.equal((await step('say(String(x))')).output, '7')
  })
})
