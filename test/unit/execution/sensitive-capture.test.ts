import assert from 'node:assert/strict'
import type { Answer } from '../../../src/execution/event.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { type Behaviour, exits, step, trialRun } from './trial-run.ts'

const token = 'tok-Ä8f3-値'

/** A step that writes to both streams, apart where it is asked to. */
const prints =
  (stdout: string, stderr = '', exitCode = 0): Behaviour =>
  async ({ onOutput, state, apart }) => {
    assert.equal(apart, true)
    await onOutput(stdout.slice(0, 2))
    if (stderr !== '') await onOutput(stderr, { from: 'stderr' })
    await onOutput(stdout.slice(2))
    return { kind: 'exited', exitCode, state }
  }

const fetch = step('fetch', 'get', 'capture=TOKEN sensitive=true')

function trial(behaviour: Behaviour, more = step('use', 'use $TOKEN'), attributes = '') {
  const seen: (string | undefined)[] = []
  const use: Behaviour = async ({ state, onOutput }) => {
    seen.push(state.env.TOKEN)
    await onOutput(`it is ${state.env.TOKEN}\n`)
    return { kind: 'exited', exitCode: 0, state }
  }
  const book = step('fetch', 'get', `capture=TOKEN sensitive=true ${attributes}`) + more
  const run = trialRun(book, {
    behaviours: { get: behaviour, 'use $TOKEN': use },
    answer: () => ({ kind: 'cancel' }),
  })
  const output = (execution: number) =>
    run.events.flatMap((event) => (event.type === 'output' && event.execution === execution ? [event.text] : []))
  const problem = () =>
    run.events.flatMap((event) => (event.type === 'step-ended' && event.problem ? [event.problem] : []))[0]
  return { ...run, seen, output, problem, text: () => JSON.stringify(run.events) }
}

describe('a step that captures a secret', () => {
  it('shows a mask in place of its output, and later steps get the value and never show it', async () => {
    const run = trial(prints(`${token}\n`, `WARNING: ${token} is a secret\n`))
    await run.execute()
    assert.deepEqual(run.output(1), ['***\nWARNING: *** is a secret\n'])
    assert.deepEqual(run.seen, [token])
    assert.deepEqual(run.output(2), ['it is ***\n'])
    assert.ok(!run.text().includes(token))
  })

  it('shows nothing before it has ended', async () => {
    let before: readonly string[] = ['?']
    const run = trial(async (request) => {
      const exit = await prints(`${token}\n`, 'careful\n')(request)
      before = run.output(1)
      return exit
    })
    await run.execute()
    assert.deepEqual(before, [])
  })

  it('masks the lines of a value of several lines on their own, too', async () => {
    const run = trial(prints('first-line\nsecond-line\n{\n'), step('use', 'use $TOKEN') + step('part', 'echo second'))
    await run.execute()
    assert.deepEqual(run.seen, ['first-line\nsecond-line\n{'])
    const part = trial(prints('first-line\nsecond-line\n', 'about second-line\n'))
    await part.execute()
    assert.deepEqual(part.output(1), ['***\nabout ***\n'])
  })

  it('shows its messages when it fails, without what it had printed', async () => {
    const run = trial(prints(`${token}\n`, `no access with ${token}\n`, 3))
    await run.execute()
    assert.deepEqual(run.output(1), ['***\nno access with ***\n'])
    assert.deepEqual(run.outcomes(), ['fetch failed'])
    assert.ok(!run.text().includes(token))
  })

  it('shows nothing at all of a session, whose streams are one: the value is everything that it printed', async () => {
    const session =
      (exitCode: number): Behaviour =>
      async ({ onOutput, state }) => {
        await onOutput(`careful\n${token}\n`)
        return { kind: 'exited', exitCode, state }
      }
    const run = trial(session(0))
    await run.execute()
    assert.deepEqual([run.output(1), run.seen], [['***\n'], [`careful\n${token}`]])
    const failed = trial(session(1))
    await failed.execute()
    assert.deepEqual(failed.output(1), ['***\n'])
  })

  it('shows no message when it was cut off: its value may be in them and not be known', async () => {
    const run = trial(async ({ onOutput, signal, state }) => {
      await onOutput('+ TOKEN=tok-never-printed\n', { from: 'stderr' })
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return { kind: 'cancelled', state }
    })
    const executed = run.execute()
    setTimeout(() => run.run.cancel(), 10)
    await executed
    assert.deepEqual([run.output(1), run.outcomes()], [[], ['fetch cancelled']])
  })

  const unusable: readonly (readonly [string, string, string])[] = [
    ['nothing', '', 'captured-too-short'],
    ['a line end', '\n', 'captured-too-short'],
    ['three characters', 'a値c\n', 'captured-too-short'],
    ['a NUL', 'abcd\0efg', 'captured-has-nul'],
    ['too much', 'x'.repeat(32_001), 'captured-too-long'],
  ]
  for (const [what, printed, code] of unusable) {
    it(`fails when it prints ${what}, and the value is nowhere`, async () => {
      const run = trial(prints(printed, printed))
      await run.execute()
      assert.deepEqual([run.problem()?.code, run.problem()?.values.name], [code, 'TOKEN'])
      assert.deepEqual(run.outcomes(), ['fetch failed'])
      const shown = run.output(1).join('')
      assert.ok(printed.trim() === '' || !shown.includes(printed.trim()), shown)
    })
  }

  it('is held against what is expected without showing the difference', async () => {
    const expected = '```output\nsomething else\n```\n'
    const run = trialRun(fetch + expected, { behaviours: { get: prints(`${token}\n`) } })
    await run.execute()
    const ended = run.events.find((event) => event.type === 'step-ended')
    assert.ok(ended?.type === 'step-ended')
    assert.deepEqual([ended.outcome, ended.problem?.code, ended.difference], ['failed', 'output-differs', undefined])
    assert.ok(!JSON.stringify(run.events).includes(token))
  })

  it('leaves out the hash of bytes that were no text: they are part of the value', async () => {
    const run = trial(async (request) => {
      const exit = await prints(`${token}\n`)(request)
      return { ...exit, undecodable: { bytes: 1, sha256: 'f'.repeat(64) } }
    })
    await run.execute()
    assert.ok(!run.text().includes('undecodable'))
  })

  for (const [attributes, said] of [
    ['interactive=true', 'sensitive + interactive'],
    ['background=true', 'sensitive + background'],
  ] as const) {
    it(`is refused with ${attributes}`, async () => {
      const result = await trial(prints(token), '', attributes).execute()
      assert.equal(result.kind === 'refused' && result.problem.code, 'attribute-unsupported')
      assert.equal(result.kind === 'refused' && result.problem.values.attribute, said)
    })
  }
})

describe('sensitive without capture', () => {
  it('is an error, since nothing would be hidden', () => {
    const { problems } = parseRunbook(step('a', 'true', 'sensitive=true'))
    assert.deepEqual(
      problems.map(({ code, severity }) => [code, severity]),
      [['attribute-lonely', 'error']],
    )
    assert.deepEqual(parseRunbook(step('a', 'true', 'sensitive=false')).problems, [])
    assert.deepEqual(parseRunbook(fetch).problems, [])
  })
})

describe('a secret that another run captured', () => {
  const book = fetch + step('use', 'use $TOKEN') + step('again', 'again %TOKEN%')
  const from = { kind: 'from', stepId: 'use' } as const

  function trialOf(answer: Answer) {
    const got: (string | undefined)[] = []
    const use: Behaviour = ({ state }) => {
      got.push(state.env.TOKEN)
      return { kind: 'exited', exitCode: 0, state }
    }
    const run = trialRun(book, {
      behaviours: { get: prints(token), 'use $TOKEN': use, 'again %TOKEN%': use },
      answer: () => answer,
    })
    return { ...run, got }
  }

  it('is asked for once, unseen, before the first step', async () => {
    const run = trialOf({ kind: 'text', value: token })
    await run.execute(from)
    assert.deepEqual(
      run.asked.map((question) => question.kind === 'input' && [question.name, question.hidden, question.capturedBy]),
      [['TOKEN', true, 'fetch']],
    )
    assert.deepEqual(run.got, [token, token])
    assert.ok(!JSON.stringify(run.events).includes(token))
  })

  it('keeps the run from starting where nobody gives it', async () => {
    const run = trialOf({ kind: 'cancel' })
    const result = await run.execute(from)
    assert.deepEqual(result.kind === 'refused' && result.problem, {
      code: 'captured-missing',
      values: { name: 'TOKEN', step: 'fetch', stepId: 'fetch' },
    })
    assert.deepEqual([run.ran, run.events], [[], []])
  })

  it('is not asked for where the same run has it, or will have it', async () => {
    const run = trialOf({ kind: 'cancel' })
    await run.execute({ kind: 'step', stepId: 'fetch' })
    await run.execute(from)
    await run.execute()
    assert.deepEqual(run.asked, [])
    assert.deepEqual(run.got, [token, token, token, token])
  })
})

describe('an answer to promptEnv', () => {
  it('is typed unseen and masked where its name is that of a password', async () => {
    const text = 'export DB_PASSWORD="[Enter it]"\nexport DB_USER="me"\nconnect'
    const run = trialRun(step('a', text, 'promptEnv=yes'), {
      behaviours: { '\n\nconnect': exits(0, 'hello admin, hunter2! is right\n') },
      answer: (question) => ({
        kind: 'text',
        value: question.kind === 'input' && question.hidden ? 'hunter2!' : 'admin',
      }),
    })
    await run.execute()
    assert.deepEqual(
      run.asked.map((question) => question.kind === 'input' && [question.name, question.hidden]),
      [
        ['DB_PASSWORD', true],
        ['DB_USER', false],
      ],
    )
    const started = run.events.find((event) => event.type === 'step-started')
    assert.deepEqual(started?.type === 'step-started' && started.step.answers, { DB_PASSWORD: '***', DB_USER: 'admin' })
    assert.ok(JSON.stringify(run.events).includes('hello admin, *** is right'))
  })
})
