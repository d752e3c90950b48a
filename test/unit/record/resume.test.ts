import assert from 'node:assert/strict'
import { continuationOf } from '../../../src/record/resume.ts'
import type { Transcript, TranscriptStep } from '../../../src/record/transcript.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const command = (name: string) => ['', `\`\`\`sh {name=${name}}`, 'true', '```', '']
const runbook = parseRunbook(
  [
    '---',
    'parameters: [{ name: USER_ID }, { name: PIN, sensitive: true }, { name: NEW }]',
    '---',
    ...command('one'),
    ...command('two'),
    '## Choose',
    '- [Left](#left)',
    '- [Right](#right)',
    '## Left',
    ...command('left'),
    '## Right',
    ...command('right'),
    '## End',
    ...command('three'),
  ].join('\n'),
)

type Result = NonNullable<TranscriptStep['result']>
const source = { path: 'people/joining.md', sha256: 'abc' }

function step(id: string, outcome?: Result['outcome'], more: Partial<TranscriptStep> & { choice?: string } = {}) {
  const { choice, ...rest } = more
  const result: Result | undefined = outcome && { time: 0, durationMs: 0, outcome, ...(choice ? { choice } : {}) }
  const found: TranscriptStep = {
    id,
    kind: 'command',
    title: id,
    line: 1,
    text: '',
    execution: 1,
    startedAt: 0,
    output: '',
    ...(result ? { result } : {}),
    ...rest,
  }
  return found
}

function transcript(steps: readonly TranscriptStep[], end: Transcript['end'] = { kind: 'none' }): Transcript {
  return {
    run: {
      id: 'run1',
      runbook: { path: source.path, title: 'x', sha256: 'abc' },
      operator: { name: 'Sato' },
      host: { name: 'pc', platform: 'linux', pid: 1 },
      parameters: { USER_ID: 'tanaka', PIN: '***', GONE: 'x' },
      secrets: [],
      origin: 'editor',
      version: '0',
    },
    startedAt: 0,
    end,
    steps,
    notes: [],
    unknownLines: 0,
  }
}

const at = (...steps: readonly TranscriptStep[]) => {
  const found = continuationOf(transcript(steps), runbook, source, false)
  return found.kind === 'possible' ? found.step.id : found.reason
}

describe('a run that did not come to its end', () => {
  it('goes on at the first step that did not succeed, with its parameters; masked ones are asked again', () => {
    const found = continuationOf(transcript([step('one', 'succeeded'), step('two', 'failed')]), runbook, source, false)
    assert.deepEqual(found, {
      kind: 'possible',
      run: 'run1',
      step: { id: 'two', title: 'two' },
      parameters: { USER_ID: 'tanaka' },
      askAgain: ['PIN'],
      changed: false,
    })
  })
  it('goes on at a step that was running when it was cut off, else behind the last one', () => {
    assert.equal(at(step('one', 'succeeded'), step('two')), 'two')
    assert.equal(at(step('one', 'succeeded'), step('two', 'skipped')), 'choose-1')
    assert.equal(at(step('choose-1', 'succeeded', { choice: 'right' })), 'right')
    assert.equal(at(step('right', 'succeeded')), 'three')
    assert.equal(at(), 'one')
    assert.equal(at(step('three', 'succeeded')), 'complete')
  })
  it('counts the last try of a step', () => {
    assert.equal(at(step('one', 'failed'), step('one', 'succeeded', { attempt: 2 })), 'two')
    assert.equal(at(step('one', 'succeeded'), step('two', 'failed'), step('one', 'failed')), 'one')
  })
  it('goes on at what was undone, and does not take a check or an undoing for a step of its own', () => {
    const undo = step('drop', 'succeeded', { serves: { as: 'undo', stepId: 'one' } })
    assert.equal(at(step('one', 'succeeded'), step('two', 'failed'), undo), 'one')
    const check = (outcome: Result['outcome']) => step('probe', outcome, { serves: { as: 'check', stepId: 'two' } })
    assert.equal(at(step('one', 'succeeded'), check('timed-out')), 'two')
    assert.equal(at(step('one', 'succeeded'), check('succeeded'), step('two', 'succeeded')), 'choose-1')
    assert.equal(at(step('one', 'succeeded'), check('succeeded')), 'two')
  })
  it('says when its runbook changed', () => {
    const found = continuationOf(transcript([step('one', 'failed')]), runbook, { ...source, sha256: 'new' }, false)
    assert.equal(found.kind === 'possible' && found.changed, true)
  })
})

describe('a run that cannot be gone on with', () => {
  it('says why', () => {
    const failed = transcript([step('one', 'failed')])
    const counts = { succeeded: 1, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 }
    const ended = { kind: 'ended', time: 0, outcome: 'succeeded', counts, durationMs: 0 } as const
    const { run: _, ...noRecord } = failed
    const reason = (...given: Parameters<typeof continuationOf>) => {
      const found = continuationOf(...given)
      return found.kind === 'impossible' ? found.reason : found.kind
    }
    assert.equal(reason(noRecord, runbook, source, false), 'not-a-record')
    assert.equal(reason(failed, runbook, source, true), 'running')
    assert.equal(reason(failed, runbook, { ...source, path: 'b.md' }, false), 'other-runbook')
    assert.equal(reason(transcript([step('one', 'succeeded')], ended), runbook, source, false), 'complete')
    assert.equal(reason(transcript([step('gone', 'failed')]), runbook, source, false), 'step-gone')
    assert.equal(reason(transcript([step('gone', 'succeeded')]), runbook, source, false), 'step-gone')
  })
})
