import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { readGuideMemory } from '../../../src/editor/guide-memory.ts'
import { createGuideRun } from '../../../src/editor/guide-run.ts'
import { goingOn, recalled } from '../../../src/editor/recalled-run.ts'
import type { RunDescription } from '../../../src/execution/event.ts'
import type { Transcript } from '../../../src/record/transcript.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { MASK } from '../../../src/secrets/mask.ts'
import { description } from '../record/memory-file.ts'

const { parameters } = parseRunbook(
  '---\nparameters: [{ name: USER_ID, label: ユーザーID }]\n---\n# T\n```sh\ntrue\n```\n',
).frontmatter
const step = { kind: 'command', line: 1, text: 'true', startedAt: 1 } as const
const transcript: Transcript = {
  run: description,
  startedAt: 0,
  end: { kind: 'none' },
  steps: [
    {
      ...step,
      id: 'one',
      title: 'one',
      execution: 1,
      output: 'head',
      omitted: { bytes: 9, tail: 'tail' },
      result: { outcome: 'failed', exitCode: 3, durationMs: 5, time: 6, problem: { code: 'of-tomorrow', values: {} } },
    },
    { ...step, id: 'two', title: 'two', execution: 2, output: 'half' },
  ],
  notes: [],
  unknownLines: 0,
}
const counts = { succeeded: 0, failed: 1, skipped: 0, cancelled: 0, 'timed-out': 0 }
const ended = { kind: 'ended', time: 9, outcome: 'failed', counts, durationMs: 9 } as const
const log = { warn: () => undefined }
const recall = (end: Transcript['end'], isOpen: boolean, run: RunDescription = description) =>
  recalled({ record: '/r.jsonl', isOpen }, async () => ({ ...transcript, end, run }), log)

describe('a run that a Guide showed before its window was loaded anew', () => {
  it('is told as its record tells it', async () => {
    assert.equal((await recall(ended, false))?.cutOff, undefined)
    assert.equal((await recall(ended, true))?.cutOff, 'ended')
    assert.equal((await recall({ kind: 'none' }, true))?.cutOff, 'open')
    const abandoned = { kind: 'abandoned', time: 9, by: 'baton', reason: 'process-gone' } as const
    assert.equal((await recall(abandoned, true))?.cutOff, 'abandoned')
    const gone = await recalled({ record: '/r.jsonl', isOpen: true }, () => Promise.reject(new Error('gone')), log)
    assert.equal(gone, undefined)
  })

  it('is gone on from with the values that its record has', async () => {
    const found = await recall(ended, true)
    const prerequisites: never[] = []
    assert.deepEqual(found && goingOn(found, parameters), {
      run: description.id,
      prerequisites,
      parameters: { USER_ID: 't.suzuki' },
    })
    const masked = await recall(ended, true, { ...description, parameters: { USER_ID: MASK } })
    assert.deepEqual(masked && goingOn(masked, parameters), { run: description.id, prerequisites })
    for (const other of [await recall({ kind: 'none' }, true), await recall(ended, false)])
      assert.equal(other && goingOn(other, parameters), undefined)
  })

  it('keeps how its steps went, also when another run goes on from it', () => {
    const kept = createGuideRun(
      () => parameters,
      (bytes) => `${bytes} left out`,
    )
    kept.recall({ ...transcript, end: ended })
    assert.deepEqual([kept.state().run?.state, kept.state().run?.outcome], ['ended', 'failed'])
    assert.equal(kept.state().standings.one?.problem?.code, 'of-tomorrow')
    assert.deepEqual(Object.keys(kept.state().standings), ['one'])
    assert.deepEqual(Object.fromEntries(kept.outputs()), { one: 'head\n⋯ 9 left out\ntail', two: 'half' })
    const next = { ...description, id: 'abcdefabcdef', resumes: { run: description.id, step: 'two' } }
    kept.handle({ type: 'run-started', time: 10, run: next })
    assert.deepEqual(Object.keys(kept.state().standings), ['one'])
    kept.takeOutput()
    kept.handle({ type: 'run-started', time: 11, run: { ...description, id: 'fedcbafedcba' } })
    assert.deepEqual(kept.state().standings, {})
    assert.deepEqual(kept.takeOutput(), [
      { stepId: 'one', text: '', reset: true },
      { stepId: 'two', text: '', reset: true },
    ])
  })
})

describe('what a page keeps for a Guide', () => {
  it('is read where it is what the Guide gave it', () => {
    const memory = {
      runbook: 'file:///a.md',
      followed: 'file:///a.jsonl',
      at: { kind: 'step', stepId: 'one' },
      run: { record: '/b.jsonl', isOpen: true },
    } as const
    assert.deepEqual(readGuideMemory(memory), memory)
    assert.deepEqual(readGuideMemory({ runbook: 'file:///a.md', at: 'there', run: { isOpen: 1 } }), {
      runbook: 'file:///a.md',
      at: { kind: 'start' },
    })
    assert.equal(readGuideMemory(undefined), undefined)
    assert.equal(readGuideMemory({ at: { kind: 'end' } }), undefined)
  })
})
