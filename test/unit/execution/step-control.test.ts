import assert from 'node:assert/strict'
import { exits, lives, step, trialRun } from './trial-run.ts'

describe('retries', () => {
  it('tries again, waiting twice as long each time, and counts the last try', async () => {
    const { execute, outcomes, waits, events, run } = trialRun(step('ping', 'ping', 'retries=3'), {
      behaviours: { ping: [exits(1), exits(2), exits(0)] },
    })
    assert.deepEqual(await execute(), { kind: 'finished', outcome: 'succeeded' })
    assert.deepEqual(outcomes(), ['ping failed', 'ping failed', 'ping succeeded'])
    assert.deepEqual(waits, [1000, 2000])
    const tries = events.flatMap((event) => (event.type === 'step-started' ? [event.step.attempt] : []))
    assert.deepEqual(tries, [undefined, 2, 3])
    assert.equal(await run.finish(), 'succeeded')
  })

  it('gives up after the last one', async () => {
    const { execute, outcomes } = trialRun(step('ping', 'ping', 'retries=2') + step('next', 'next'), {
      behaviours: { ping: exits(1) },
    })
    assert.deepEqual(await execute(), { kind: 'finished', outcome: 'failed' })
    assert.deepEqual(outcomes(), ['ping failed', 'ping failed', 'ping failed'])
  })

  it('does not try what cannot succeed: a text that does not parse, a step that never started', async () => {
    const { execute, outcomes } = trialRun(step('bad', 'bad', 'retries=2'), {
      behaviours: {
        bad: ({ state }) => ({
          kind: 'exited',
          exitCode: 2,
          state,
          problem: { code: 'syntax-error', values: { place: 'book.md:2', detail: '' } },
        }),
      },
    })
    await execute()
    assert.deepEqual(outcomes(), ['bad failed'])
  })

  it('asks for a confirmation once', async () => {
    const { execute, asked } = trialRun(step('ping', 'ping', 'retries=1 confirm=true'), {
      behaviours: { ping: [exits(1), exits(0)] },
    })
    await execute()
    assert.deepEqual(
      asked.map(({ kind }) => kind),
      ['confirm'],
    )
  })

  it('ends while it waits when it is cancelled', async () => {
    const trial = trialRun(step('ping', 'ping', 'retries=5'), {
      behaviours: { ping: exits(1) },
      ports: { sleep: async () => trial.run.cancel() },
    })
    assert.deepEqual(await trial.execute(), { kind: 'finished', outcome: 'cancelled' })
    assert.deepEqual(trial.outcomes(), ['ping failed'])
  })
})

describe('on-failure', () => {
  it('stops by default, and goes on with `continue`: the run has failed all the same', async () => {
    const stopping = trialRun(step('a', 'a') + step('b', 'b'), { behaviours: { a: exits(1) } })
    await stopping.execute()
    assert.deepEqual(stopping.outcomes(), ['a failed'])
    const going = trialRun(step('a', 'a', 'on-failure=continue') + step('b', 'b'), { behaviours: { a: exits(1) } })
    assert.deepEqual(await going.execute(), { kind: 'finished', outcome: 'failed' })
    assert.deepEqual(going.outcomes(), ['a failed', 'b succeeded'])
  })

  const book = [
    '# Job\n\n## Work\n',
    step('a', 'a', 'on-failure=#clean-up'),
    step('b', 'b'),
    '## Clean up\n',
    step('c', 'c'),
    '## Report\n',
    step('d', 'd'),
  ].join('\n')

  it('jumps to a heading and ends behind that section', async () => {
    const { execute, outcomes } = trialRun(book, { behaviours: { a: exits(1) } })
    assert.deepEqual(await execute(), { kind: 'finished', outcome: 'failed' })
    assert.deepEqual(outcomes(), ['a failed', 'c succeeded'])
  })

  it('passes that section over when nothing fails', async () => {
    const { execute, outcomes } = trialRun(book)
    assert.deepEqual(await execute(), { kind: 'finished', outcome: 'succeeded' })
    assert.deepEqual(outcomes(), ['a succeeded', 'b succeeded', 'd succeeded'])
  })

  it('leads back, but not for ever', async () => {
    const back = `# Job\n\n## Try\n\n${step('a', 'a')}${step('b', 'b', 'on-failure=#try')}`
    const mended = trialRun(back, { behaviours: { b: [exits(1), exits(0)] } })
    assert.deepEqual(await mended.execute(), { kind: 'finished', outcome: 'failed' })
    assert.deepEqual(mended.outcomes(), ['a succeeded', 'b failed', 'a succeeded', 'b succeeded'])
    assert.equal(await mended.run.finish(), 'succeeded')
    const hopeless = trialRun(back, { behaviours: { b: exits(1) } })
    await hopeless.execute()
    assert.equal(hopeless.outcomes().filter((outcome) => outcome === 'b failed').length, 11)
  })

  it('refuses a heading that is not there, before anything runs', async () => {
    const { execute, ran } = trialRun(step('a', 'a', 'on-failure=#nowhere'))
    assert.deepEqual(await execute(), {
      kind: 'refused',
      problem: { code: 'procedure-unknown', values: { procedure: 'nowhere' } },
    })
    assert.deepEqual(ran, [])
  })
})

describe('undo', () => {
  const book = [
    step('one', 'one', 'undo=undo-one'),
    step('two', 'two', 'undo=undo-two'),
    step('three', 'three'),
    step('undo-one', 'no one'),
    step('undo-two', 'no two'),
  ].join('')

  it('is offered after a failure for the steps that ran, newest first', async () => {
    const { execute, asked, outcomes, events } = trialRun(book, { behaviours: { three: exits(1) } })
    assert.deepEqual(await execute(), { kind: 'finished', outcome: 'failed' })
    const [question] = asked
    assert.deepEqual(question?.kind === 'undo' && question.steps.map(({ stepId, undo }) => [stepId, undo.text]), [
      ['two', 'no two'],
      ['one', 'no one'],
    ])
    assert.deepEqual(outcomes(), [
      'one succeeded',
      'two succeeded',
      'three failed',
      'undo-two succeeded',
      'undo-one succeeded',
    ])
    const serving = events.flatMap((event) => (event.type === 'step-started' ? [event.step.serves?.as] : []))
    assert.deepEqual(serving, [undefined, undefined, undefined, 'undo', 'undo'])
  })

  it('leaves everything as it is when the operator says so', async () => {
    const { execute, outcomes } = trialRun(book, { behaviours: { three: exits(1) }, answer: () => ({ kind: 'skip' }) })
    await execute()
    assert.deepEqual(outcomes(), ['one succeeded', 'two succeeded', 'three failed'])
  })

  it('stops at an undoing that fails, and counts the step that failed halfway', async () => {
    const { execute, outcomes } = trialRun(book, { behaviours: { two: exits(1), 'no two': exits(1) } })
    await execute()
    assert.deepEqual(outcomes(), ['one succeeded', 'two failed', 'undo-two failed'])
  })

  it('is not offered when nothing failed or the operator cancelled', async () => {
    const fine = trialRun(book)
    await fine.execute()
    assert.deepEqual(fine.asked, [])
    const cancelled = trialRun(book, { behaviours: { three: ({ state }) => ({ kind: 'cancelled', state }) } })
    await cancelled.execute()
    assert.deepEqual(cancelled.asked, [])
  })
})

describe('a step in the background', () => {
  const book = step('serve', 'serve', 'background=true') + step('use', 'use')

  it('lives beside the others until the run ends, and has then done its work', async () => {
    const { execute, outcomes, run, events } = trialRun(book, { behaviours: { serve: lives } })
    assert.deepEqual(await execute(), { kind: 'finished', outcome: 'succeeded' })
    assert.deepEqual(outcomes(), ['use succeeded'])
    assert.equal(await run.finish(), 'succeeded')
    assert.deepEqual(outcomes(), ['use succeeded', 'serve succeeded'])
    const ended = events.find((event) => event.type === 'step-ended' && event.stepId === 'serve')
    assert.equal(ended?.type === 'step-ended' && ended.endedWithRun, true)
    assert.equal(events.at(-1)?.type, 'run-ended')
  })

  it('fails the run when it ends badly by itself', async () => {
    const { execute, run } = trialRun(book, { behaviours: { serve: exits(7) } })
    await execute()
    assert.equal(await run.finish(), 'failed')
  })

  it('is ended by its operator alone, and says so', async () => {
    const trial = trialRun(step('other', 'other', 'background=true') + book, {
      behaviours: {
        serve: lives,
        other: lives,
        use: ({ state, signal }) => {
          trial.run.endBackground('serve')
          assert.equal(signal.aborted, false)
          return { kind: 'exited', exitCode: 0, state }
        },
      },
    })
    assert.deepEqual(await trial.execute(), { kind: 'finished', outcome: 'succeeded' })
    trial.run.endBackground('nothing that runs')
    assert.deepEqual([...trial.outcomes()].sort(), ['serve cancelled', 'use succeeded'])
    assert.equal(await trial.run.finish(), 'cancelled')
    const ended = trial.events.filter((event) => event.type === 'step-ended')
    assert.deepEqual(ended.map(({ stepId, outcome, endedWithRun }) => [stepId, outcome, endedWithRun]).sort(), [
      ['other', 'succeeded', true],
      ['serve', 'cancelled', undefined],
      ['use', 'succeeded', undefined],
    ])
    assert.equal(trial.events.at(-1)?.type, 'run-ended')
  })

  it('can be started again after its operator ended it, and the run has succeeded then', async () => {
    const trial = trialRun(step('serve', 'serve', 'background=true'), { behaviours: { serve: lives } })
    await trial.execute()
    trial.run.endBackground('serve')
    await trial.execute()
    assert.equal(await trial.run.finish(), 'succeeded')
    assert.deepEqual(trial.outcomes(), ['serve cancelled', 'serve succeeded'])
  })

  it('hands nothing on, and is not cancelled with the step beside it', async () => {
    const trial = trialRun(book, {
      behaviours: {
        serve: lives,
        use: ({ state, signal }) => {
          trial.run.cancel()
          assert.equal(signal.aborted, true)
          return { kind: 'cancelled', state }
        },
      },
    })
    await trial.execute()
    assert.deepEqual(trial.outcomes(), ['use cancelled'])
    await trial.run.finish()
    assert.deepEqual(trial.outcomes(), ['use cancelled', 'serve succeeded'])
  })
})

describe('a live session', () => {
  it('starts while the operator reads what is to run', async () => {
    const order: string[] = []
    const trial = trialRun(
      step('a', 'a', '', 'pwsh') + step('b', 'b', 'interactive=true', 'powershell') + step('c', 'c', 'skip=true'),
      {
        onWarmUp: (shell) => order.push(shell),
        approvals: { find: async () => ({ approved: false }), add: async () => {} },
        answer: ({ kind }) => {
          order.push(kind)
          return { kind: 'done' }
        },
      },
    )
    await trial.execute()
    assert.deepEqual(order, ['pwsh', 'approve'])
  })
})
