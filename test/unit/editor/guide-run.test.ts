import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { createEventsSoFar } from '../../../src/editor/events-so-far.ts'
import { isThrough, placeAfter, wayOf } from '../../../src/editor/guide-place.ts'
import { createGuideRun } from '../../../src/editor/guide-run.ts'
import type { Ending, RunEvent, StepDescription } from '../../../src/execution/event.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { description } from '../record/memory-file.ts'

const runbook = parseRunbook(
  [
    '---',
    'parameters: [{ name: USER_ID, label: ユーザーID }]',
    '---',
    '# T',
    '```sh {name=one on-failure=#help}',
    'true',
    '```',
    '',
    'How?',
    '',
    '- [Well](#end)',
    '- [Badly](#help)',
    '',
    '## Help',
    '```sh {name=call}',
    'true',
    '```',
    '## End',
    '```sh {name=bye}',
    'true',
    '```',
  ].join('\n'),
)
const decision = runbook.steps.find(({ kind }) => kind === 'decision')?.id ?? ''
const started = (execution: number, id: string, more: Partial<StepDescription> = {}): RunEvent => ({
  type: 'step-started',
  time: 1,
  execution,
  step: { id, kind: 'command', title: id, line: 1, text: '', ...more },
})
const ended = (execution: number, stepId: string, ending: Ending): RunEvent => ({
  type: 'step-ended',
  time: 2,
  execution,
  stepId,
  durationMs: 1,
  ...ending,
})
const output = (execution: number, text: string): RunEvent => ({ type: 'output', time: 1, execution, text })

function keeper(...events: readonly RunEvent[]) {
  const kept = createGuideRun(
    () => runbook.frontmatter.parameters,
    (bytes) => `${bytes} left out`,
  )
  kept.handle({ type: 'run-started', time: 0, run: description })
  for (const event of events) kept.handle(event)
  return kept
}

describe('the run in the Guide', () => {
  it('says who runs it with which values, and how it ended', () => {
    const kept = keeper()
    assert.deepEqual(kept.state().run, {
      id: description.id,
      state: 'open',
      startedAt: 0,
      operator: '佐藤 健',
      parameters: [{ label: 'ユーザーID', value: 't.suzuki' }],
    })
    const counts = { succeeded: 0, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 }
    kept.handle({ type: 'run-ended', time: 9, outcome: 'skipped', counts })
    assert.equal(kept.state().run?.state, 'ended')
    assert.equal(kept.state().run?.endedAt, 9)
  })

  it('has the output of the last time that a step ran, with the retries of that time', () => {
    const kept = keeper(started(1, 'one'), output(1, 'first'), ended(1, 'one', { outcome: 'failed' }))
    assert.deepEqual(kept.takeOutput(), [{ stepId: 'one', text: 'first', reset: true }])
    kept.handle(started(2, 'one'))
    kept.handle(output(2, 'second'))
    kept.handle(started(3, 'one', { attempt: 2 }))
    kept.handle(output(3, ' third'))
    assert.deepEqual(kept.takeOutput(), [{ stepId: 'one', text: 'second third', reset: true }])
    kept.handle(output(3, ' more'))
    assert.deepEqual(kept.takeOutput(), [{ stepId: 'one', text: ' more', reset: false }])
    assert.equal(kept.outputs().get('one'), 'second third more')
    assert.deepEqual(kept.takeOutput(), [])
  })

  it('keeps the end of long output, from a whole line on', () => {
    const kept = keeper(started(1, 'one'), output(1, `${'x'.repeat(99)}\n`.repeat(5000)))
    const [{ text = '', reset = false } = {}] = kept.takeOutput()
    assert.ok(reset && text.length <= 128 * 1024 && text.startsWith('xxx') && text.length % 100 === 0)
  })

  it('has what was printed before it was opened', () => {
    const soFar = createEventsSoFar()
    const long = `${'x'.repeat(99)}\n`.repeat(5000)
    for (const event of [
      { type: 'run-started', time: 0, run: description } as const,
      started(1, 'one'),
      output(1, 'of the time before'),
      ended(1, 'one', { outcome: 'failed' }),
      started(2, 'one'),
      output(2, 'second'),
      started(3, 'one', { attempt: 2 }),
      output(3, ' third'),
      started(4, 'bye'),
      output(4, long.slice(0, 70)),
      output(4, long.slice(70)),
    ])
      soFar.take(event)
    const kept = createGuideRun(() => [], String)
    for (const event of soFar.all()) kept.handle(event)
    assert.equal(kept.outputs().get('one'), 'second third')
    const end = kept.outputs().get('bye') ?? ''
    assert.ok(end.length > 100_000 && end.length <= 128 * 1024 && long.endsWith(end))
    kept.handle(output(4, 'and on'))
    assert.ok(kept.outputs().get('bye')?.endsWith('x\nand on'))
  })

  it('forgets how a step ended whose work was taken back', () => {
    const kept = keeper(
      started(1, 'one'),
      ended(1, 'one', { outcome: 'succeeded' }),
      started(2, 'bye', { serves: { as: 'undo', stepId: 'one' } }),
      ended(2, 'bye', { outcome: 'succeeded' }),
    )
    assert.deepEqual(Object.keys(kept.state().standings), ['bye'])
  })
})

describe('the place in the Guide', () => {
  const fine = { outcome: 'succeeded', durationMs: 1 } as const

  it('is before the first step, at each on the way, and behind the last one', () => {
    assert.deepEqual(placeAfter({ kind: 'start' }, runbook, {}), { kind: 'step', stepId: 'one' })
    assert.deepEqual(placeAfter({ kind: 'step', stepId: 'bye' }, runbook, {}), { kind: 'end' })
    assert.equal(placeAfter({ kind: 'end' }, runbook, {}), undefined)
  })

  it('goes where a decision led, and where a failure leads', () => {
    const chosen = { [decision]: { ...fine, choice: 'help' } }
    assert.deepEqual(placeAfter({ kind: 'step', stepId: decision }, runbook, chosen), { kind: 'step', stepId: 'call' })
    assert.deepEqual(wayOf(runbook, chosen), ['one', decision, 'call'])
    const failed = { one: { outcome: 'failed', durationMs: 1 } as const }
    assert.deepEqual(placeAfter({ kind: 'step', stepId: 'one' }, runbook, failed), { kind: 'step', stepId: 'call' })
  })

  it('is through when all on the way is done or left out on purpose', () => {
    const all = { one: fine, [decision]: { ...fine, choice: 'end' }, bye: { ...fine, outcome: 'skipped' } as const }
    assert.equal(isThrough(runbook, all), true)
    assert.equal(isThrough(runbook, { ...all, bye: { ...fine, outcome: 'failed' } }), false)
    assert.equal(isThrough(runbook, { one: fine }), false)
  })
})
