import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type * as vscode from 'vscode'
import { lensesOf } from '../../../src/editor/lenses-of-runbook.ts'
import type { ActiveRun, LastResult, LiveDrift, RunActivity } from '../../../src/editor/run-activity.ts'
import { sha256 } from '../../../src/execution/step-text.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { createTranslator } from '../../../src/wording/translate.ts'

const now = Date.UTC(2026, 10, 21, 12)
const language = { t: createTranslator({}), locale: 'en', now }
// The lenses hand the Uri on and never look into it.
const uri = { path: '/joining.md' } as vscode.Uri

const runbook = parseRunbook(`# Joining
## Account
\`\`\`bash {name=create}
true
\`\`\`
- [ ] Assign a licence

## Where
- [Office](#account)
- [Elsewhere](#where)
`)
const [create, licence, where] = runbook.steps.map(({ id }) => id)

interface Known {
  readonly active?: Partial<ActiveRun>
  readonly last?: Readonly<Record<string, Partial<LastResult>>>
  readonly trusted?: boolean
  readonly drift?: LiveDrift
}

function drawn({ active, last = {}, trusted = true, drift = { changed: [], gone: [] } }: Known = {}) {
  const progress = { startedAt: now - 80_000, done: 3, total: 8, background: [] }
  const none = { id: 'r', title: '', ...progress, outcomes: new Map(), failures: new Map() }
  const activity: RunActivity = {
    onDidChange: () => ({ dispose: () => undefined }),
    active: () => active && { ...none, ...active },
    last: (_, id) =>
      last[id] && {
        outcome: 'succeeded',
        time: now - 3 * 86_400_000,
        durationMs: 2100,
        operator: 'Sato',
        recordPath: `/${id}.jsonl`,
        ...last[id],
      },
    left: () => ({ run: false, batch: false }),
    drift: () => drift,
    lastRun: () => ({ outcome: 'succeeded', time: now, durationMs: 1, operator: 'Sato', recordPath: '/r.jsonl' }),
  }
  return lensesOf(uri, runbook, 0, activity, trusted, language)
}

const titles = (known?: Known, line?: number) =>
  drawn(known)
    .filter((lens) => line === undefined || lens.line === line)
    .map(({ command }) => command.title)

describe('the lenses of a runbook', () => {
  it('offer to run it, its procedures and its steps', () => {
    assert.deepEqual(
      drawn().map(({ line, command }) => `${line} ${command.title}`),
      [
        '0 $(play) Run runbook',
        '0 Replay last run',
        '1 $(play) Run procedure',
        '7 $(play) Run procedure',
        '2 $(play) Run step',
        '2 Run from here',
        '5 $(play) Run step',
        '5 Run from here',
        '8 $(play) Run step',
        '8 Run from here',
      ],
    )
  })

  it('hand over what was on the screen', () => {
    const [step] = drawn().filter(({ command }) => command.command === 'baton.runStep')
    assert.deepEqual(step?.command.arguments, [uri, create, sha256('true')])
  })

  it('say how it went last, and lead to the record', () => {
    const [result] = drawn({ last: { create: {} } }).filter(({ command }) => command.command === 'baton.openRecord')
    assert.equal(result?.command.title, '✓ 3 days ago · 2.1 s')
    assert.deepEqual(result?.command.arguments, ['/create.jsonl'])
  })

  it('say of a step that was undone that it is to do again', () => {
    const [run, , undone] = titles({ last: { create: { undone: true } } }, 2)
    assert.equal(run, '$(play) Run step')
    assert.match(undone ?? '', /^↩ undone · /)
  })

  it('say when the text is another than the one that ran', () => {
    assert.deepEqual(titles({ last: { create: { textSha256: sha256('false') } } }, 2).slice(-1), ['△ changed'])
    assert.ok(!titles({ last: { create: { textSha256: sha256('true') } } }, 2).includes('△ changed'))
  })

  it('put a failure first', () => {
    const last = { create: { outcome: 'failed', exitCode: 3 } } as const
    const failure = ['$(error) Failed: exit code 3', 'Output', 'Run again']
    assert.deepEqual(titles({ last }, 2), [...failure, '$(debug-continue) Resume', 'Run from here'])
    assert.deepEqual(titles({ last, active: {} }, 2), [...failure, 'Run from here'], 'an open run goes on by itself')
  })

  it('lead to what is not as expected', () => {
    const last = { create: { outcome: 'failed', exitCode: 0, problemCode: 'output-differs' } } as const
    const [title, , difference] = drawn({ last }).filter(({ line }) => line === 2)
    assert.equal(title?.command.title, '$(error) Failed: other output than expected')
    assert.deepEqual(difference?.command.arguments, [uri, create])
    assert.equal(difference?.command.command, 'baton.step.showDifference')
  })

  it('offer to approve every text that is new, with one answer for all', () => {
    const step = { title: '', line: 4, shell: 'bash', text: 'true', deceptions: [] }
    const steps = [
      { ...step, stepId: create ?? '', previous: 'false' },
      { ...step, stepId: where ?? '' },
    ]
    const question = { kind: 'approve', stepId: create ?? '', title: '', steps } as const
    const active = { current: { stepId: create ?? '', startedAt: now, question } }
    const stop = '$(debug-stop) Stop'
    assert.deepEqual(titles({ active }, 2), ['$(check) Approve all 2 and run', '$(diff) Changes', stop])
    assert.deepEqual(titles({ active }, 8), ['$(check) Approve all 2 and run', stop])
    assert.deepEqual(titles({ active }, 5), ['○ never run'])
  })

  it('undo what was done, or leave it', () => {
    const undo = { stepId: 'u', title: '', text: '' }
    const question = {
      kind: 'undo',
      stepId: create ?? '',
      title: '',
      steps: [{ stepId: 's', title: '', undo }],
    } as const
    const lenses = drawn({ active: { current: { stepId: create ?? '', startedAt: now, question } } })
    const answers = lenses.filter(({ command }) => command.command === 'baton.answer')
    assert.deepEqual(
      answers.map(({ command }) => [command.title, command.arguments?.[1]]),
      [
        ['$(discard) Undo 1 step', { kind: 'done' }],
        ['Leave as it is', { kind: 'skip' }],
      ],
    )
  })

  it('tell a step that is typed at, and one that runs beside the others', () => {
    const current = { stepId: create ?? '', startedAt: now - 12_000, interactive: true }
    assert.deepEqual(titles({ active: { current } }, 2), [
      '$(keyboard) Type in the terminal 0:12',
      '$(debug-stop) Stop',
    ])
    const background = [{ stepId: create ?? '', title: 'create', startedAt: now - 12_000 }]
    assert.deepEqual(titles({ active: { background } }, 2), [
      '$(loading~spin) Running in the background 0:12',
      '$(debug-stop) Stop',
    ])
    const stop = drawn({ active: { background } }).find(({ command }) => command.command === 'baton.stopBackground')
    assert.deepEqual(
      [stop?.line, stop?.command.arguments],
      [2, [uri, create]],
      'stops that step, and not what runs now',
    )
    assert.ok(titles({ active: { background } }, 5).includes('$(play) Run step'), 'others can run meanwhile')
  })

  it('show the clock of the step that runs, and offer nothing else to run meanwhile', () => {
    const active = { current: { stepId: create ?? '', startedAt: now - 12_000 } }
    assert.deepEqual(titles({ active, last: { [licence ?? '']: {} } }), [
      '$(loading~spin) Running 3/8 · 1:20',
      '$(debug-stop) Stop',
      '$(pass) Finish run',
      '0/2',
      '0/1',
      '$(loading~spin) Running 0:12',
      '$(debug-stop) Stop',
      '✓ 3 days ago · 2.1 s',
      '○ never run',
    ])
    const lines = (known?: Known) => new Set(drawn(known).map(({ line }) => line))
    assert.deepEqual(lines({ active }), lines(), 'no line of text moves')
  })

  it('take the answer of a manual step', () => {
    const question = { kind: 'manual', stepId: licence ?? '', title: '', text: '' } as const
    const lenses = drawn({ active: { current: { stepId: licence ?? '', startedAt: now, question } } })
    const answers = lenses
      .filter(({ command }) => command.command === 'baton.answer')
      .map(({ command }) => command.arguments)
    assert.deepEqual(answers, [
      [uri, { kind: 'done' }, false],
      [uri, { kind: 'done' }, true],
      [uri, { kind: 'skip' }, false],
      [uri, { kind: 'fail' }, true],
    ])
  })

  it('are one for each way of a decision', () => {
    const choices = [
      { label: 'Office', target: 'account' },
      { label: 'Elsewhere', target: 'where' },
    ]
    const question = { kind: 'decision', stepId: where ?? '', title: '', choices } as const
    const active = { current: { stepId: where ?? '', startedAt: now, question } }
    assert.deepEqual(titles({ active }, 8), ['$(arrow-right) Office', '$(arrow-right) Elsewhere', '$(debug-stop) Stop'])
  })

  it('only tell in an untrusted workspace', () => {
    assert.deepEqual(titles({ trusted: false, last: { create: {} } }), [
      '$(shield) Not trusted: read only',
      '✓ 3 days ago · 2.1 s',
    ])
  })

  it('say that a runbook is not what was last run, or overdue, but not while it runs', () => {
    const step = { stepId: 'x', title: 'x', time: now, record: '/r.jsonl' }
    const overdue = { schedule: 'weekly' }
    const before = titles({}, 0)
    for (const drift of [
      { changed: [step], gone: [], overdue },
      { changed: [], gone: [step], overdue },
    ]) {
      assert.deepEqual(titles({ drift }, 0), [...before, '△ changed · not run since', '$(clock) overdue'])
    }
    const current = { stepId: create ?? '', startedAt: now }
    const drift = { changed: [step], gone: [], overdue }
    assert.deepEqual(titles({ drift, active: { current } }, 0), titles({ active: { current } }, 0))
  })

  it('are none in a file that is no runbook', () => {
    const document = parseRunbook('# Notes\n')
    const activity: RunActivity = {
      onDidChange: () => ({ dispose: () => undefined }),
      active: () => undefined,
      last: () => undefined,
      left: () => ({ run: false, batch: false }),
      drift: () => ({ changed: [], gone: [] }),
      lastRun: () => undefined,
    }
    assert.deepEqual(lensesOf(uri, document, 0, activity, true, language), [])
  })
})
