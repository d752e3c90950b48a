import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { stepAfter, wayThrough } from '../../../src/execution/walk.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const runbook = parseRunbook(`# Printer

## Look

- [ ] Look at it {name=look}

\`\`\`sh {name=ping on-failure=#call}
ping
\`\`\`

What does it say?

- [Paper](#paper)
- [Again](#look)

## Paper

\`\`\`sh {name=fill}
fill
\`\`\`

## End

\`\`\`sh {name=bye}
bye
\`\`\`

## Call

\`\`\`sh {name=phone}
phone
\`\`\`
`)
const [look = '', ping = '', question = ''] = runbook.steps.map(({ id }) => id)

describe('a walk through a runbook', () => {
  it('passes by what nobody chose', () => {
    assert.deepEqual(wayThrough(runbook, new Map()), [look, ping, question, 'bye'])
  })

  it('goes where decisions led', () => {
    assert.deepEqual(wayThrough(runbook, new Map([[question, 'paper']])), [look, ping, question, 'fill', 'bye'])
  })

  it('goes round once where a decision leads back', () => {
    assert.deepEqual(wayThrough(runbook, new Map([[question, 'look']])), [look, ping, question, 'bye'])
  })

  it('goes on from a step by what came of it', () => {
    assert.equal(stepAfter(runbook, look), ping)
    assert.equal(stepAfter(runbook, ping), question)
    assert.equal(stepAfter(runbook, ping, { isFailure: true }), 'phone')
    assert.equal(stepAfter(runbook, question, { choice: 'paper' }), 'fill')
    assert.equal(stepAfter(runbook, question, { choice: 'look' }), look)
    assert.equal(stepAfter(runbook, 'fill'), 'bye')
    assert.equal(stepAfter(runbook, 'bye'), undefined)
    assert.equal(stepAfter(runbook, 'gone'), undefined)
  })
})
