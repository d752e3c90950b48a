import assert from 'node:assert/strict'
import type { Selection } from '../../../src/execution/event.ts'
import { createFlow, reachableSteps } from '../../../src/execution/flow.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import type { Runbook, Step } from '../../../src/runbook/runbook.ts'

const fence = (name: string, more = '') => `\n\`\`\`sh {name=${name}${more}}\ntrue\n\`\`\`\n`

/** The ids that a flow passes; at each decision the next of `choices` is taken. */
function walk(runbook: Runbook, selection: Selection, choices: readonly (string | undefined)[] = []): string[] {
  const flow = createFlow(runbook, selection)
  const rest = [...choices]
  const passed: string[] = []
  for (let step = flow.current(); step !== undefined && passed.length < 50; step = flow.current()) {
    passed.push(step.kind === 'decision' ? '?' : step.id)
    flow.advance(step.kind === 'decision' ? rest.shift() : undefined)
  }
  return passed
}

describe('the flow through a runbook', () => {
  const plain = parseRunbook(`# T\n## A\n${fence('a1')}${fence('a2')}\n### A sub\n${fence('s1')}\n## B\n${fence('b1')}`)

  it('passes a whole runbook in document order', () =>
    assert.deepEqual(walk(plain, { kind: 'runbook' }), ['a1', 'a2', 's1', 'b1']))
  it('takes a procedure with what is below it', () =>
    assert.deepEqual(walk(plain, { kind: 'procedure', procedureId: 'a' }), ['a1', 'a2', 's1']))
  it('takes one step', () => assert.deepEqual(walk(plain, { kind: 'step', stepId: 'a2' }), ['a2']))
  it('takes the rest of a runbook', () => assert.deepEqual(walk(plain, { kind: 'from', stepId: 's1' }), ['s1', 'b1']))
  it('is empty for what does not exist', () => {
    assert.deepEqual(walk(plain, { kind: 'step', stepId: 'nope' }), [])
    assert.deepEqual(walk(plain, { kind: 'procedure', procedureId: 'nope' }), [])
  })

  const forked = parseRunbook(
    `# VPN\n## Ask\n${fence('first')}\n- [yes](#left)\n- [no](#right)\n\n## Left\n${fence('l1')}\n- [deep](#deep)\n- [again](#ask)\n\n### Deep\n${fence('d1')}\n## Right\n${fence('r1')}\n## After\n${fence('after')}`,
  )

  it('enters only the branch that was chosen and goes on behind both', () => {
    assert.deepEqual(walk(forked, { kind: 'runbook' }, ['right']), ['first', '?', 'r1', 'after'])
    assert.deepEqual(walk(forked, { kind: 'runbook' }, ['left', 'deep']), ['first', '?', 'l1', '?', 'd1', 'after'])
  })
  it('passes over all branches when nothing was chosen', () =>
    assert.deepEqual(walk(forked, { kind: 'runbook' }), ['first', '?', 'after']))
  it('repeats from a heading that lies behind', () =>
    assert.deepEqual(walk(forked, { kind: 'runbook' }, ['left', 'ask', 'right']), [
      'first',
      '?',
      'l1',
      '?',
      'first',
      '?',
      'r1',
      'after',
    ]))
  it('leaves a branch in which it was started', () =>
    assert.deepEqual(walk(forked, { kind: 'from', stepId: 'r1' }), ['r1', 'after']))
  it('stays inside a procedure that is a branch itself', () =>
    assert.deepEqual(walk(forked, { kind: 'procedure', procedureId: 'right' }), ['r1']))
  it('comes back into the procedure from a branch outside of it', () =>
    assert.deepEqual(walk(forked, { kind: 'procedure', procedureId: 'ask' }, ['right']), ['first', '?', 'r1']))

  const served = parseRunbook(
    `# T\n## A\n${fence('make', ' check=there undo=unmake')}${fence('there')}${fence('unmake')}${fence('extra', ' excludeFromRunAll=true')}${fence('end')}`,
  )

  it('passes over steps that only serve others', () => {
    assert.deepEqual(walk(served, { kind: 'runbook' }), ['make', 'end'])
    assert.deepEqual(walk(served, { kind: 'step', stepId: 'unmake' }), ['unmake'])
    assert.deepEqual(walk(served, { kind: 'step', stepId: 'extra' }), ['extra'])
  })

  it('knows what may be reached: checks, undoing and branches included', () => {
    const ids = (runbook: Runbook, selection: Selection) => reachableSteps(runbook, selection).map((step) => step.id)
    assert.deepEqual(ids(served, { kind: 'runbook' }), ['make', 'there', 'unmake', 'end'])
    assert.deepEqual(
      ids(forked, { kind: 'runbook' }).filter(
        (id) => /^[a-z]+\d?$/.test(id) && forked.steps.some((s: Step) => s.id === id && s.kind === 'command'),
      ),
      ['first', 'l1', 'd1', 'r1', 'after'],
    )
    assert.deepEqual(ids(plain, { kind: 'from', stepId: 'b1' }), ['b1'])
  })
})
