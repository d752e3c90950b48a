import assert from 'node:assert/strict'
import { compareRuns, verdictOf } from '../../../src/record/compare.ts'
import { compareOutputs } from '../../../src/record/compare-output.ts'
import { pairSteps } from '../../../src/record/pair-steps.ts'
import type { Transcript, TranscriptStep } from '../../../src/record/transcript.ts'
import { withoutWhatVaries } from '../../../src/record/varying-text.ts'
import {
  changedTextSentence,
  comparisonHeadline,
  comparisonSentence,
  durationsCompared,
} from '../../../src/wording/comparison.ts'
import { createTranslator } from '../../../src/wording/translate.ts'

let executions = 0

function step(id: string, text: string, output = '', other: Partial<TranscriptStep> = {}): TranscriptStep {
  executions += 1
  return {
    id,
    kind: 'command',
    title: id,
    line: 1,
    text,
    execution: executions,
    startedAt: 0,
    output,
    result: { outcome: 'succeeded', exitCode: 0, durationMs: 2100, time: 2100 },
    ...other,
  }
}

function transcript(steps: readonly TranscriptStep[], parameters: Readonly<Record<string, string>> = {}): Transcript {
  return {
    run: {
      id: 'a1b2c3d4e5f6',
      runbook: { path: 'joining.md', title: 'Joining', sha256: '' },
      operator: { name: '佐藤' },
      host: { name: 'pc', platform: 'linux', pid: 1 },
      parameters,
      secrets: [],
      origin: 'editor',
      version: '0.1.0',
    },
    startedAt: 0,
    end: { kind: 'none' },
    steps,
    notes: [],
    unknownLines: 0,
  }
}

const none = { before: {}, after: {} }
const outputs = (before: string, after: string, parameters: Parameters<typeof compareOutputs>[2] = none) =>
  compareOutputs({ output: before }, { output: after }, parameters)

describe('pairing the steps of two runs', () => {
  const ids = (before: readonly TranscriptStep[], after: readonly TranscriptStep[]) =>
    pairSteps(before, after).map((pair) => [pair.before?.id, pair.after?.id])

  it('follows a text whose id moved because a step was put in before it', () => {
    const before = [step('accounts-1', 'add user'), step('accounts-2', 'set password')]
    const after = [step('accounts-1', 'check disk'), step('accounts-2', 'add user'), step('accounts-3', 'set password')]
    assert.deepEqual(ids(before, after), [
      [undefined, 'accounts-1'],
      ['accounts-1', 'accounts-2'],
      ['accounts-2', 'accounts-3'],
    ])
  })

  it('pairs a changed text by id, then by title, then by place', () => {
    const before = [
      step('create', 'one'),
      step('old-name', 'two', '', { title: 'Tell them' }),
      step('x', 'ping server-1'),
    ]
    const after = [
      step('create', 'uno'),
      step('new-name', 'dos', '', { title: 'Tell them' }),
      step('y', 'ping server-2'),
    ]
    assert.deepEqual(ids(before, after), [
      ['create', 'create'],
      ['old-name', 'new-name'],
      ['x', 'y'],
    ])
  })

  it('does not take unlike steps in one place for the same, and keeps both where they stood', () => {
    const before = [step('a', 'a'), step('gone', 'Remove-ADUser -Identity $env:USER_ID'), step('c', 'c')]
    const after = [step('a', 'a'), step('new', 'echo ok'), step('c', 'c')]
    assert.deepEqual(ids(before, after), [
      ['a', 'a'],
      ['gone', undefined],
      [undefined, 'new'],
      ['c', 'c'],
    ])
  })

  it('takes the last execution of each step, and tells a check from the step itself', () => {
    const failed = step('a', 'a', 'first try')
    const again = step('a', 'a', 'second try')
    const check = step('a', 'a', 'as check', { serves: { as: 'check', stepId: 'b' } })
    const pairs = pairSteps([failed, again], [check, step('a', 'a')])
    assert.deepEqual(
      pairs.map(({ before, after }) => [before?.output, after?.output]),
      [
        [undefined, 'as check'],
        ['second try', ''],
      ],
    )
  })

  it('pairs steps of one text in their order', () => {
    const before = [step('m1', 'done?', '1'), step('m2', 'done?', '2')]
    const after = [step('n1', 'done?', '3'), step('n2', 'done?', '4')]
    assert.deepEqual(ids(before, after), [
      ['m1', 'n1'],
      ['m2', 'n2'],
    ])
  })
})

describe('comparing outputs', () => {
  it('calls equal what differs in the line ends behind it only', () => {
    assert.deepEqual(outputs('ok\n', 'ok\n\n'), { kind: 'identical' })
  })

  it('are the same by their hashes where one was pruned, and else nothing is said of them', () => {
    const printed = (outputSha256?: string) => ({
      outcome: 'succeeded' as const,
      ...{ durationMs: 1, time: 1 },
      ...(outputSha256 && { outputSha256 }),
    })
    const pruned = (outputSha256?: string) => ({ output: '', prunedBytes: 3, result: printed(outputSha256) })
    const kept = (outputSha256?: string) => ({ output: 'ok\n', result: printed(outputSha256) })
    const kindOf = (before: Parameters<typeof compareOutputs>[0], after: Parameters<typeof compareOutputs>[1]) =>
      compareOutputs(before, after, none).kind
    assert.equal(kindOf(pruned('ab'), kept('ab')), 'identical')
    assert.equal(kindOf(kept('ab'), pruned('ab')), 'identical')
    assert.equal(kindOf(pruned('ab'), kept('cd')), 'pruned')
    assert.equal(kindOf(pruned(), kept()), 'pruned')
    assert.equal(kindOf({ output: 'a' }, { output: '', prunedBytes: 3 }), 'pruned')
  })

  const varying: readonly (readonly [string, string, string])[] = [
    ['time', 'done at 2026-09-01T09:30:00.123Z', 'done at 2026-11-19T18:02:44Z'],
    ['time', 'Tue Sep  1 09:30:12 UTC 2026', 'Thu Nov 19 18:02:44 UTC 2026'],
    ['time', '開始 9時30分', '開始 18時2分'],
    ['date', 'created 2026-09-01', 'created 2026-11-19'],
    ['date', '作成日: 2026年9月1日(火)', '作成日: 2026年11月19日(木)'],
    ['date', '2026/09/01 backup', '2026/11/19 backup'],
    ['duration', 'finished in 2.1 s', 'finished in 13 s'],
    ['duration', '完了 (120ミリ秒)', '完了 (98ミリ秒)'],
    ['id', 'ObjectId 2f1c9a4e-1b2c-4d3e-8f90-0123456789ab', 'ObjectId aa1c9a4e-1b2c-4d3e-8f90-0123456789ac'],
    ['process', 'started, pid 1234', 'started, pid 98'],
    ['temporary-name', 'wrote /tmp/tmp.Xa81kQpw2z', 'wrote /tmp/tmp.0kLmN2pqRs'],
    ['spacing', 'Name     Size\n----     ----', 'Name  Size\n------ -------'],
  ]
  for (const [kind, before, after] of varying) {
    it(`sets aside what differs each time: ${before}`, () => {
      assert.deepEqual(outputs(before, after), { kind: 'equivalent', apartFrom: [kind] })
    })
  }

  const meant: readonly (readonly [string, string])[] = [
    ['3 accounts', '4 accounts'],
    ['version 1.2.3', 'version 1.2.4'],
    ['192.168.1.10', '192.168.1.11'],
    ['sha256 9f86d081884c7d659a2feaa0c55ad015', 'sha256 60303ae22b998861bce3b28f33eec1be'],
    ['port 8080', 'port 8081'],
    ['10:80:33', '10:80:34'],
    ['PC-2026-09-01-3', 'PC-2026-09-01-4'],
  ]
  for (const [before, after] of meant) {
    it(`takes a difference for one: ${before} and ${after}`, () => {
      assert.match(outputs(before, after).kind, /^(similar|different)$/)
    })
  }

  it('knows the values of parameters as what they are, as words of their own', () => {
    const parameters = { before: { USER_ID: 't.suzuki', DEPT: '営業' }, after: { USER_ID: 'h.tanaka', DEPT: '総務' } }
    assert.deepEqual(outputs('t.suzuki@example.co.jp を営業部へ', 'h.tanaka@example.co.jp を総務部へ', parameters), {
      kind: 'equivalent',
      apartFrom: ['parameter'],
    })
    // The other's value is no parameter of this run: the account of before was made again.
    assert.notEqual(outputs('made t.suzuki', 'made t.suzuki', parameters).kind, 'different')
    assert.match(outputs('made t.suzuki', 'made t.suzuki2', parameters).kind, /different|similar/)
  })

  it('reads values as text and never as a pattern', () => {
    const parameters = { before: { P: 'a.*(b' }, after: { P: '[c]$|x' } }
    assert.equal(outputs('is a.*(b!', 'is [c]$|x!', parameters).kind, 'equivalent')
    assert.equal(withoutWhatVaries('axxb', parameters.before).text, 'axxb')
  })

  it('shows lines that differ only in what varies as unchanged, as they came the second time', () => {
    const common = 'checked the directory and its replicas, all of them answer\nlisted 12 groups and 48 members\n'
    const comparison = outputs(`9:30 begin\n${common}free: 10 GB`, `18:02 begin\n${common}free: 9 GB`)
    assert.ok(comparison.kind === 'similar')
    assert.ok(comparison.ratio > 0.8 && comparison.ratio < 1)
    assert.deepEqual(comparison.lines, [
      { kind: 'gap', text: '' },
      { kind: 'same', text: 'checked the directory and its replicas, all of them answer' },
      { kind: 'same', text: 'listed 12 groups and 48 members' },
      { kind: 'removed', text: 'free: 10 GB' },
      { kind: 'added', text: 'free: 9 GB' },
    ])
  })

  it('calls texts of one alphabet without a common word different', () => {
    const comparison = outputs('the account was created for the new person', 'disk quota exceeded while writing logs')
    assert.ok(comparison.kind === 'different')
    assert.equal(comparison.ratio, 0)
  })

  it('says that it compared a part where the records hold no more', () => {
    const before = { output: 'head', omitted: { bytes: 5000, tail: 'tail' } }
    assert.deepEqual(compareOutputs(before, { ...before, omitted: { bytes: 6000, tail: 'tail' } }, none), {
      kind: 'identical',
      isPart: true,
    })
    assert.equal(compareOutputs(before, { output: 'head' }, none).kind, 'different')
  })

  it('takes bounded time and shows a bounded part of large outputs that have nothing in common', () => {
    const lines = (word: string) => Array.from({ length: 20_000 }, (_, index) => `${word} ${index * 7919}`).join('\n')
    const began = performance.now()
    const comparison = outputs(lines('alpha'), lines('omega'))
    assert.ok(performance.now() - began < 5000, `${performance.now() - began} ms`)
    assert.ok(comparison.kind === 'different')
    assert.ok(comparison.lines.length <= 202)
    assert.deepEqual(new Set(comparison.lines.map(({ kind }) => kind)), new Set(['removed', 'added', 'gap']))
  })

  it('takes bounded time over one long line, also of blanks, digits or colons', () => {
    const began = performance.now()
    for (const unit of [' ', '1', '1:', 'a-', '2026-', '"x",']) {
      const long = unit.repeat((128 * 1024) / unit.length)
      outputs(long, `${long}!`, { before: { A: '11' }, after: { A: '22' } })
    }
    assert.ok(performance.now() - began < 10_000, `${performance.now() - began} ms`)
  })
})

describe('comparing two runs', () => {
  const en = createTranslator({})
  const before = transcript(
    [
      step('a', 'echo $USER_ID', 't.suzuki'),
      step('b', 'df', 'free 10'),
      step('c', 'exit 0'),
      step('d', 'old step that is gone', '', { kind: 'manual' }),
    ],
    { USER_ID: 't.suzuki', DEPARTMENT: '総務', OLD: '1' },
  )
  const after = transcript(
    [
      step('a', 'echo $USER_ID', 'h.tanaka'),
      step('b', 'df -h', 'free 12'),
      step('c', 'exit 0', '', { result: { outcome: 'failed', exitCode: 3, durationMs: 40, time: 40 } }),
      step('e', 'x', '', { kind: 'decision' }),
    ],
    { USER_ID: 'h.tanaka', DEPARTMENT: '総務' },
  )
  const comparison = compareRuns(before, after)

  it('names parameters that differ', () => {
    assert.deepEqual(comparison.parameters, [
      { name: 'USER_ID', before: 't.suzuki', after: 'h.tanaka' },
      { name: 'OLD', before: '1' },
    ])
  })

  it('gives each step its verdict, and says it', () => {
    assert.deepEqual(comparison.steps.map(verdictOf), ['same', 'different', 'different', 'only-before', 'only-after'])
    assert.deepEqual(
      comparison.steps.map((each) => comparisonSentence(each, en, 'en')),
      [
        'Same result, apart from the values of input fields',
        'Same outcome, but other output (50% of it the same)',
        'Ended differently: succeeded → failed (exit code 3)',
        'Only in the earlier run',
        'Only in the later run',
      ],
    )
    assert.equal(comparisonHeadline(comparison, en), 'Same result: 1 of 5 steps')
  })

  it('shows what changed in a text, and both durations', () => {
    const [same, changed, failed] = comparison.steps
    assert.ok(same?.kind === 'both' && changed?.kind === 'both' && failed)
    assert.equal(same.changedText, undefined)
    assert.deepEqual(changed.changedText, [
      { kind: 'removed', text: 'df' },
      { kind: 'added', text: 'df -h' },
    ])
    assert.equal(changedTextSentence(changed, en), 'The text of this step has changed')
    assert.equal(durationsCompared(failed, en, 'en'), '2.1 s → 0.0 s')
  })

  it('compares a run that is no run with nothing', () => {
    const { run: _, ...rest } = transcript([])
    assert.deepEqual(compareRuns(rest, rest), { parameters: [], steps: [] })
  })
})
