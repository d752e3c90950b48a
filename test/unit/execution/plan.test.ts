import assert from 'node:assert/strict'
import type { Selection } from '../../../src/execution/event.ts'
import { type PlannedStep, type PlanValues, planRun } from '../../../src/execution/plan.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const fence = (info: string, ...lines: string[]) => [`\`\`\`${info}`, ...lines, '```', ''].join('\n')
const none: PlanValues = { parameters: {}, sensitive: [] }

function plan(lines: readonly string[], selection: Selection = { kind: 'runbook' }, given = none) {
  return planRun(parseRunbook(lines.join('\n')), selection, given)
}

function outline(steps: readonly PlannedStep[]): readonly string[] {
  return steps.map(({ id, branches }) =>
    [...branches.map((branch) => (branch.kind === 'choice' ? branch.label : `✗${branch.step.stepId}`)), id].join(' / '),
  )
}

describe('a plan', () => {
  it('says everything of a step that changes how it runs', () => {
    const [step, ...others] = plan(
      [
        '---',
        'cwd: ops',
        'errors: continue',
        'parameters: [{ name: USER_ID }, { name: PIN, sensitive: true }]',
        'secrets: [{ name: TOKEN }]',
        '---',
        '# A',
        '## Make it',
        fence(
          'bash {name=make cwd=sub timeout=2m confirm=true check=is-there undo=remove retries=3 on-failure=continue capture=NEW}',
          'make "$USER_ID" "$PIN" "$TOKEN" "$NEW"',
        ),
        fence('output', 'made'),
        fence('sh {name=is-there}', 'true'),
        fence('sh {name=remove}', 'true'),
      ],
      { kind: 'runbook' },
      { parameters: { USER_ID: 'tanaka', PIN: '1' }, sensitive: ['PIN'] },
    )
    assert.deepEqual(others, [])
    assert.deepEqual(step, {
      id: 'make',
      kind: 'command',
      title: 'make',
      procedure: 'Make it',
      line: 9,
      branches: [],
      text: 'make "$USER_ID" "$PIN" "$TOKEN" "$NEW"',
      shell: 'bash',
      cwd: 'ops/sub',
      timeoutMs: 120_000,
      errors: 'continue',
      confirm: true,
      check: { stepId: 'is-there', title: 'is-there' },
      undo: { stepId: 'remove', title: 'remove' },
      retries: 3,
      onFailure: 'continue',
      capture: 'NEW',
      expectedOutput: { text: 'made', match: 'exact' },
      variables: [
        { name: 'USER_ID', value: 'tanaka' },
        { name: 'PIN', value: '***' },
        { name: 'TOKEN', value: '***' },
        { name: 'NEW', value: undefined },
      ],
    })
  })

  const forked = [
    fence('sh {name=first}', 'true'),
    '## Choose',
    '- [Works](#works)',
    '- [Fails](#fails)',
    '- [Again](#choose)',
    '',
    '## Works',
    fence('sh {name=works}', 'true'),
    '## Fails',
    fence('sh {name=fails}', 'true'),
    '### Which',
    '- [One](#one)',
    '- [Two](#two)',
    '',
    '### One',
    '- [ ] By hand',
    '',
    '### Two',
    fence('sh {name=two}', 'true'),
    '## End',
    fence('sh {name=last}', 'true'),
  ]

  it('has the ways of a decision behind it, each with its name, and then what follows all of them', () => {
    assert.deepEqual(outline(plan(forked)), [
      'first',
      'choose-1',
      'Works / works',
      'Fails / fails',
      'Fails / which-1',
      'Fails / One / one-1',
      'Fails / Two / two',
      'last',
    ])
  })
  it('of a part begins and ends where the part does', () => {
    assert.deepEqual(outline(plan(forked, { kind: 'from', stepId: 'two' })), ['two', 'last'])
    assert.deepEqual(outline(plan(forked, { kind: 'step', stepId: 'choose-1' })), ['choose-1'])
    assert.deepEqual(outline(plan(forked, { kind: 'procedure', procedureId: 'end' })), ['last'])
    assert.deepEqual(plan(forked, { kind: 'step', stepId: 'nowhere' }), [])
  })
  it('ends when a decision leads back', () => {
    const loop = ['## A', fence('sh {name=a}', 'true'), '## B', '- [Again](#a)', '- [On](#c)', '', '## C', '- [ ] c']
    assert.deepEqual(outline(plan(loop)), ['a', 'b-1', 'On / c-1'])
  })
  it('has the section that a failure leads to at its end', () => {
    const jump = [
      fence('sh {name=a on-failure=#rescue}', 'true'),
      fence('sh {name=b}', 'true'),
      '## Rescue',
      fence('sh {name=rescue-it}', 'true'),
    ]
    assert.deepEqual(outline(plan(jump)), ['a', 'b', '✗a / rescue-it'])
  })
  it('names folders as they are written, absolute ones for themselves', () => {
    const folder = (cwd: string) =>
      plan(['---', 'cwd: ../ops/', '---', fence(`sh {name=a cwd="${cwd}"}`, 'true')])[0]?.cwd
    assert.deepEqual(['sub', '/srv', 'C:/x', '~/x'].map(folder), ['../ops/sub', '/srv', 'C:/x', '~/x'])
  })
})
