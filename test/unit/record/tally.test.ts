import assert from 'node:assert/strict'
import { type EndedStep, tallySteps } from '../../../src/record/tally.ts'

const ended = (id: string, outcome: EndedStep['outcome'], undoes?: string): EndedStep => ({
  id,
  outcome,
  ...(undoes === undefined ? {} : { serves: { as: 'undo', stepId: undoes } }),
})

describe('the tally of a run', () => {
  it('counts a step by how it ended last', () => {
    const steps = [ended('a', 'failed'), ended('a', 'succeeded'), ended('b', 'skipped')]
    assert.deepEqual(tallySteps(steps), { all: 2, succeeded: 1, undone: 0 })
  })

  it('does not count what was taken back as done, nor what took it back', () => {
    const steps = [ended('a', 'succeeded'), ended('b', 'failed'), ended('undo-a', 'succeeded', 'a')]
    assert.deepEqual(tallySteps(steps), { all: 2, succeeded: 0, undone: 1 })
    assert.deepEqual(tallySteps([...steps, ended('a', 'succeeded')]), { all: 2, succeeded: 1, undone: 0 })
  })

  it('counts what could not be taken back as it is', () => {
    const steps = [ended('a', 'succeeded'), ended('b', 'failed'), ended('undo-a', 'failed', 'a')]
    assert.deepEqual(tallySteps(steps), { all: 2, succeeded: 1, undone: 0 })
  })
})
