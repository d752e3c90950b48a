import assert from 'node:assert/strict'
import type { Approvals } from '../../../src/execution/run-api.ts'
import { exits, step, trialRun } from './trial-run.ts'

function memory(): Approvals & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>()
  const places = new Map<string, string>()
  return {
    kept,
    async find(place, sha256) {
      const previous = places.get(place)
      return { approved: kept.has(sha256), ...(previous === undefined ? {} : { previous }) }
    },
    async add(entries) {
      for (const { place, sha256, text } of entries) {
        kept.set(sha256, text)
        places.set(place, text)
      }
    },
  }
}

describe('approval of texts', () => {
  it('asks once for all that is new, and never again for the same content', async () => {
    const approvals = memory()
    const book = step('a', 'make a') + step('b', 'make b')
    const first = trialRun(book, { approvals })
    await first.execute()
    const [question] = first.asked
    assert.deepEqual(
      question?.kind === 'approve' && question.steps.map(({ stepId, line, text }) => [stepId, line, text]),
      [
        ['a', 2, 'make a'],
        ['b', 6, 'make b'],
      ],
    )
    const approval = ({ events }: typeof first) =>
      events.flatMap((event) => (event.type === 'step-started' ? [event.step.approval] : []))
    assert.deepEqual(approval(first), ['now', 'now'])
    const second = trialRun(book, { approvals })
    await second.execute()
    assert.deepEqual(second.asked, [])
    assert.deepEqual(approval(second), ['earlier', 'earlier'])
  })

  it('shows what was there before when the text changed', async () => {
    const approvals = memory()
    await trialRun(step('a', 'make a'), { approvals }).execute()
    const changed = trialRun(step('a', 'make a --force'), { approvals })
    await changed.execute()
    const [question] = changed.asked
    assert.equal(question?.kind === 'approve' && question.steps[0]?.previous, 'make a')
  })

  it('runs and records nothing when the operator does not want it', async () => {
    const trial = trialRun(step('a', 'make a'), { approvals: memory(), answer: () => ({ kind: 'cancel' }) })
    assert.deepEqual(await trial.execute(), { kind: 'refused', problem: { code: 'withdrawn', values: {} } })
    assert.deepEqual(trial.ran, [])
    assert.deepEqual(trial.events, [])
  })

  it('takes the same text in another shell or folder for another one', async () => {
    const approvals = memory()
    await trialRun(step('a', 'make a'), { approvals }).execute()
    const other = trialRun(step('a', 'make a', 'cwd=/tmp'), { approvals })
    await other.execute()
    assert.equal(other.asked.length, 1)
  })

  it('covers the steps that check and undo, and points out what deceives', async () => {
    const trial = trialRun(step('a', 'make a', 'check=c undo=u') + step('c', 'look \u202e') + step('u', 'unmake a'), {
      approvals: memory(),
    })
    await trial.execute()
    const [question] = trial.asked
    assert.ok(question?.kind === 'approve')
    assert.deepEqual(question.steps.map(({ stepId }) => stepId).toSorted(), ['a', 'c', 'u'])
    assert.deepEqual(
      question.steps.flatMap(({ deceptions }) => deceptions),
      [{ line: 6, column: 6, kind: 'bidirectional', character: 'U+202E' }],
    )
  })
})

describe('what is asked on the way', () => {
  it('shows the values of the variables of a step that wants a confirmation', async () => {
    const trial = trialRun(
      `---\nsecrets: [{ name: TOKEN }]\n---\n${step('say', 'say $NAME $TOKEN $SAID $HOME', 'confirm=true')}`,
      { parameters: { NAME: '佐藤', OTHER: 'x' } },
    )
    await trial.execute()
    const [question] = trial.asked
    assert.deepEqual(question?.kind === 'confirm' && question.variables, [
      { name: 'NAME', value: '佐藤' },
      { name: 'TOKEN', value: '***' },
    ])
  })

  it('asks for exports with `promptEnv`, and hands them to this step and the next ones', async () => {
    const seen: string[] = []
    const text = 'export WHO="somebody"\nexport AT=$(hostname)\nexport PATH="/opt/bin"\ngreet'
    const trial = trialRun(step('a', text, 'promptEnv=yes') + step('b', 'b'), {
      answer: (question) => (question.kind === 'input' ? { kind: 'text', value: "O'Brien $x" } : { kind: 'done' }),
      behaviours: {
        '\nexport AT=$(hostname)\nexport PATH="/opt/bin"\ngreet': (request) => {
          seen.push(request.state.env.WHO ?? '')
          return exits(0)(request)
        },
        b: (request) => {
          seen.push(request.state.env.WHO ?? '')
          return exits(0)(request)
        },
      },
    })
    await trial.execute()
    assert.deepEqual(
      trial.asked.map((question) => question.kind === 'input' && [question.name, question.preset]),
      [['WHO', 'somebody']],
    )
    assert.deepEqual(seen, ["O'Brien $x", "O'Brien $x"])
    const started = trial.events.find((event) => event.type === 'step-started')
    assert.deepEqual(started?.type === 'step-started' && started.step.answers, { WHO: "O'Brien $x" })
  })

  it('masks what was typed for a program from then on', async () => {
    const trial = trialRun(step('a', 'a'), {
      answer: () => ({ kind: 'text', value: 'hunter22' }),
      behaviours: {
        a: async (request) => {
          const password = await request.askPassword?.('Password:')
          await request.onOutput(`you said ${password}\n`)
          return { kind: 'exited', exitCode: 0, state: request.state }
        },
      },
    })
    await trial.execute()
    assert.deepEqual(
      trial.events.flatMap((event) => (event.type === 'output' ? [event.text] : [])).join(''),
      'you said ***\n',
    )
    assert.equal(JSON.stringify(trial.events).includes('hunter22'), false)
  })

  it('lets an interactive step hear the keys, and masks the lines that were typed', async () => {
    const trial = trialRun(step('a', 'a', 'interactive=true'), {
      behaviours: {
        a: (request) =>
          new Promise((resolve) => {
            request.keyboard?.onKeys((keys) => {
              void (async () => {
                request.keyboard?.onLine(keys.trimEnd())
                await request.keyboard?.onEcho(keys)
                await request.onOutput(`hello ${keys}`)
                resolve({ kind: 'exited', exitCode: 0, state: request.state })
              })()
            })
            trial.run.type('t.suzuki\n')
          }),
      },
    })
    await trial.execute()
    const told = trial.events.flatMap((event) =>
      event.type === 'output' || event.type === 'echo' ? [[event.type, event.text]] : [],
    )
    assert.deepEqual(told, [
      ['echo', 't.suzuki\n'],
      ['output', 'hello ***\n'],
    ])
  })
})

describe('expected output', () => {
  const book = `${step('a', 'a')}\`\`\`output\nall is well\n\`\`\`\n`

  it('fails a step that printed something else, and says what differs', async () => {
    const trial = trialRun(book, { behaviours: { a: exits(0, 'all is lost\n') } })
    assert.deepEqual(await trial.execute(), { kind: 'finished', outcome: 'failed' })
    const ended = trial.events.find((event) => event.type === 'step-ended')
    assert.ok(ended?.type === 'step-ended')
    assert.equal(ended.problem?.code, 'output-differs')
    assert.match(ended.difference ?? '', /-all is well\n\+all is lost/)
  })

  it('is content with what was expected, and with a failure of its own', async () => {
    const fine = trialRun(book, { behaviours: { a: exits(0, 'all is well\n') } })
    assert.deepEqual(await fine.execute(), { kind: 'finished', outcome: 'succeeded' })
    const failed = trialRun(book, { behaviours: { a: exits(3, 'no\n') } })
    await failed.execute()
    const ended = failed.events.find((event) => event.type === 'step-ended')
    assert.equal(ended?.type === 'step-ended' && ended.problem, undefined)
  })
})
