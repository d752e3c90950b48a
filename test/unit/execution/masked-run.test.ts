import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { RunEvent } from '../../../src/execution/event.ts'
import { type Behaviour, step, trialRun } from './trial-run.ts'

const withSecret = '---\nsecrets: [KEY]\n---\n'
/** What a trial run gives for `KEY`. */
const key = 'value-of-KEY'

const outputOf = (events: readonly RunEvent[]) =>
  events.map((event) => (event.type === 'output' ? event.text : '')).join('|')

describe('what a run lets out', () => {
  it('is masked in what a problem quotes', async () => {
    const fails: Behaviour = ({ state }) => ({
      kind: 'exited',
      exitCode: 2,
      state,
      problem: { code: 'syntax-error', values: { place: 'book.md:6', detail: `unexpected ${key}` } },
    })
    const trial = trialRun(withSecret + step('use', 'use $KEY'), { behaviours: { 'use $KEY': fails } })
    await trial.execute()
    const ended = trial.events.find(({ type }) => type === 'step-ended')
    assert.ok(ended?.type === 'step-ended')
    assert.deepEqual(ended.problem?.values, { place: 'book.md:6', detail: 'unexpected ***' })
    assert.ok(!JSON.stringify(trial.events).includes(key))
  })

  it('holds a prompt back no longer than a moment, although it ends as a secret begins', async () => {
    let silences = 0
    const asks: Behaviour = async ({ state, onOutput }) => {
      await onOutput('Which one? v')
      // What was begun in the meantime goes first.
      await wait()
      await onOutput(key.slice(1))
      return { kind: 'exited', exitCode: 0, state }
    }
    const trial = trialRun(withSecret + step('ask', 'ask $KEY'), {
      behaviours: { 'ask $KEY': asks },
      ports: {
        sleep: async () => {
          silences += 1
        },
      },
    })
    await trial.execute()
    assert.equal(outputOf(trial.events).replace(/^\|+|\|+$/g, ''), 'Which one? |v|***')
    assert.ok(silences > 0)
  })

  it('waits for the rest of a secret that is written in two pieces', async () => {
    const writes: Behaviour = async ({ state, onOutput }) => {
      await onOutput(`-${key.slice(0, 6)}`)
      await wait()
      await onOutput(`${key.slice(6)}-`)
      return { kind: 'exited', exitCode: 0, state }
    }
    const trial = trialRun(withSecret + step('write', 'write $KEY'), { behaviours: { 'write $KEY': writes } })
    await trial.execute()
    assert.equal(outputOf(trial.events).replaceAll('|', ''), '-***-')
  })
})
