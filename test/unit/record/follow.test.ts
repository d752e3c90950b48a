import assert from 'node:assert/strict'
import { annotationsOf, notesByRun } from '../../../src/record/annotations.ts'
import { earlierValues, followingOf } from '../../../src/record/follow.ts'
import { followableRuns } from '../../../src/record/followable.ts'
import { signOffOf } from '../../../src/record/sign-off.ts'
import type { ActSummary, ReadableRun } from '../../../src/record/summary.ts'
import { readTranscript, type Transcript } from '../../../src/record/transcript.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { actSentence, actSubject } from '../../../src/wording/acts.ts'
import { followsSentence, signOffProblem } from '../../../src/wording/follow.ts'
import { createTranslator } from '../../../src/wording/translate.ts'
import { description, record, runEnded, runStarted, start, stepEnded, stepStarted } from './memory-file.ts'

const t = createTranslator({})
const sato = { name: '佐藤 健', email: 'k.sato@example.co.jp' }
const suzuki = { name: '鈴木 花子', email: 'h.suzuki@example.co.jp' }

function run(id: string, more: Partial<ReadableRun> = {}): ReadableRun {
  return {
    path: `.baton/runs/${id}.jsonl`,
    id,
    head: `head-of-${id}`,
    runbook: { path: 'joining.md', title: 'Joining', sha256: '' },
    operator: sato,
    origin: 'editor',
    startedAt: start,
    outcome: 'succeeded',
    counts: { succeeded: 2, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 },
    tally: { all: 2, succeeded: 2, undone: 0 },
    started: 2,
    steps: [],
    results: {},
    ...more,
  }
}

const runbookText = (first: string) =>
  [
    '---',
    'parameters:',
    "  - { name: USER_ID, pattern: '[a-z.]+' }",
    '  - { name: PIN, sensitive: true, required: false }',
    '  - { name: DEPT, type: choice, choices: [a, b], required: false }',
    '---',
    '# Joining',
    '```sh {name=step-1}',
    first,
    '```',
    '```sh {name=new-one}',
    'df --human-readable /var /home',
    '```',
  ].join('\n')

async function transcriptOf(): Promise<Transcript> {
  const first = stepStarted(1)
  const again = { ...stepStarted(2), step: first.step }
  const gone = stepStarted(3)
  const note = { type: 'note', time: start, text: 'call them first' } as const
  const events = [
    {
      ...runStarted,
      run: { ...description, operator: sato, parameters: { USER_ID: 't.suzuki', PIN: '***', DEPT: 'c' } },
    },
    { ...note, text: 'before all' },
    first,
    { ...stepEnded(1), outcome: 'failed' as const, exitCode: 1, note: 'it was locked' },
    again,
    { ...stepEnded(2), stepId: first.step.id },
    note,
    gone,
    stepEnded(3),
    runEnded,
  ]
  return readTranscript(await record(events))
}

const noted = (execution: number | undefined, text: string, head = 'h'): ActSummary => ({
  path: `.baton/runs/${text}.jsonl`,
  outcome: 'act',
  id: text,
  act: 'run-noted',
  about: { run: description.id, head },
  ...(execution !== undefined && { execution }),
  text,
  operator: sato,
  origin: 'editor',
  startedAt: start,
})

describe('following a run', () => {
  const source = { path: description.runbook.path, sha256: 'other' }

  it('sets the predecessor’s steps beside those of the runbook as it is, with all that was noted', async () => {
    const transcript = await transcriptOf()
    const firstText = transcript.steps[0]?.text ?? ''
    const acts = [noted(2, 'this warning is normal'), noted(undefined, 'of all'), noted(1, 'outdated', 'another')]
    const annotations = annotationsOf({ id: description.id, head: 'h' }, await notesByRun(acts))
    const found = followingOf(transcript, parseRunbook(runbookText(`${firstText}\necho more`)), source, annotations)
    assert.ok(found.kind === 'possible')
    assert.equal(found.isChanged, true)
    assert.deepEqual(
      found.notes.map(({ text, isLater = false }) => [text, isLater]),
      [
        ['before all', false],
        ['of all', true],
      ],
    )
    const [same, gone, added] = found.steps
    assert.equal(found.steps.length, 3)
    assert.equal(same?.step?.id, 'step-1')
    assert.equal(same.before?.execution, 2, 'the last execution counts')
    assert.deepEqual(same.changedText?.at(-1), { kind: 'added', text: 'echo more' })
    assert.deepEqual(
      same.notes.map(({ text }) => text),
      ['it was locked', 'call them first', 'outdated', 'this warning is normal'],
    )
    assert.equal(same.notes[2]?.isOutdated, true)
    assert.deepEqual([gone?.step, gone?.before?.execution], [undefined, 3])
    assert.deepEqual([added?.step?.id, added?.before], ['new-one', undefined])
  })

  it('is not possible for what goes on, for another runbook and for what is no run', async () => {
    const transcript = await transcriptOf()
    const runbook = parseRunbook(runbookText('true'))
    const none = annotationsOf({ id: '', head: '' }, new Map())
    const reason = (of: Transcript, path: string = source.path) => {
      const found = followingOf(of, runbook, { ...source, path }, none)
      return found.kind === 'impossible' && found.reason
    }
    assert.equal(reason({ ...transcript, end: { kind: 'none' } }), 'running')
    assert.equal(reason(transcript, 'other.md'), 'other-runbook')
    assert.equal(reason(readTranscript(new TextEncoder().encode('{}\n'))), 'not-a-record')
  })

  it('offers earlier values that may be shown and still keep the rules', async () => {
    const { run: described } = await transcriptOf()
    assert.ok(described)
    assert.deepEqual(earlierValues(described, parseRunbook(runbookText('true'))), { USER_ID: 't.suzuki' })
  })
})

describe('the runs that one can follow', () => {
  it('are those of others first, and of them the newest whole one', () => {
    const runs = [
      run('own', { operator: { ...suzuki, name: 'Hanako' }, startedAt: 50 }),
      run('short', { startedAt: 40, tally: { all: 1, succeeded: 1, undone: 0 } }),
      run('failed', { startedAt: 30, outcome: 'failed' }),
      run('whole', { startedAt: 20 }),
      run('older', { startedAt: 10 }),
      run('running', { outcome: 'running', startedAt: 60 }),
      run('elsewhere', { runbook: { path: 'x.md', title: '', sha256: '' } }),
      run('empty', { started: 0 }),
    ]
    assert.deepEqual(
      followableRuns(runs, 'joining.md', suzuki).map(({ id }) => id),
      ['whole', 'short', 'failed', 'older', 'own'],
    )
    assert.deepEqual(followableRuns([], 'joining.md', suzuki), [])
  })
})

describe('signing off', () => {
  const followed = run('followed')
  const own = run('own', { operator: suzuki, follows: 'followed' })
  const all = [own, followed]

  it('names both runs with their heads', () => {
    assert.deepEqual(signOffOf({ run: own, mastery: 'practised', with: '佐藤', text: 'ok' }, all, suzuki), {
      act: 'run-signed-off',
      about: { run: 'followed', head: 'head-of-followed' },
      own: { run: 'own', head: 'head-of-own' },
      mastery: 'practised',
      with: '佐藤',
      text: 'ok',
    })
  })

  it('names only the other run where somebody watched', () => {
    const expected = { act: 'run-signed-off', about: { run: 'followed', head: 'head-of-followed' }, mastery: 'watched' }
    assert.deepEqual(signOffOf({ run: followed, mastery: 'watched' }, all, suzuki), expected)
    assert.deepEqual(signOffOf({ run: own, mastery: 'watched' }, all, suzuki), expected)
  })

  it('says why not', () => {
    const refusals = [
      signOffOf({ run: { ...own, outcome: 'running' }, mastery: 'performed' }, all, suzuki),
      signOffOf({ run: own, mastery: 'performed' }, [own], suzuki),
      signOffOf({ run: followed, mastery: 'performed' }, all, suzuki),
      signOffOf({ run: own, mastery: 'performed' }, all, sato),
    ]
    const codes = refusals.map((refusal) => 'code' in refusal && refusal.code)
    assert.deepEqual(codes, ['still-running', 'followed-missing', 'nothing-of-their-own', 'not-theirs'])
    for (const refusal of refusals) assert.ok('code' in refusal && !/\{\d\}/.test(signOffProblem(refusal, t)))
  })

  it('is told in a line, with the run that it is about where that is here', () => {
    const act = {
      act: 'run-signed-off',
      mastery: 'practised',
      with: '佐藤',
      about: { run: 'followed', head: '' },
    } as const
    assert.equal(actSentence(act, t), 'Followed: Done together (with 佐藤)')
    const language = { t, now: start, locale: 'en' }
    assert.equal(
      actSubject(act, () => followed, language),
      'Joining (run of 佐藤 健, Tue, Sep 1)',
    )
    assert.equal(
      actSubject(act, () => undefined, language),
      '',
    )
    assert.equal(followsSentence(followed, 'followed', language), 'follows the run of 佐藤 健, Tue, Sep 1')
    assert.equal(followsSentence(undefined, 'followed', language), 'follows run followed')
  })
})
