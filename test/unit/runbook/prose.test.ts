import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { proseOf } from '../../../src/runbook/prose.ts'

const text = `---
title: Morning
---
# Morning

What it is about.

## Before you begin

Have coffee.

## Disks

Look at them.

### Inside

Run this:

\`\`\`sh {name=look}
df
\`\`\`

\`\`\`output
fine
\`\`\`

Anything above 90 % is bad.

## When it is bad

Call somebody.

## Lights

- [ ] Look at the tape drive
- [ ] Look at the switch

Good night.
`

describe('the prose of a runbook', () => {
  const prose = proseOf(text, parseRunbook(text))
  const [look, tape, light] = [...prose.steps.values()]

  it('has what stands before the first procedure as its introduction, without the title', () => {
    assert.equal(prose.intro, 'What it is about.\n\n## Before you begin\n\nHave coffee.')
  })

  it('leads to a step, without the headings of procedures', () => {
    assert.match(look?.before ?? '', /^Look at them\.\s+Run this:$/)
    assert.equal(tape?.before, '')
    assert.equal(light?.before, '')
  })

  it('gives a step what follows it up to the next procedure, without what it is expected to print', () => {
    assert.equal(look?.after, 'Anything above 90 % is bad.\n\n## When it is bad\n\nCall somebody.')
    assert.equal(tape?.after, '')
    assert.equal(light?.after, 'Good night.')
  })

  it('is all of the text where there are no headings', () => {
    const plain = 'First this:\n\n```sh\nls\n```\n\nthen that:\n\n```sh\npwd\n```\n'
    const { intro, steps } = proseOf(plain, parseRunbook(plain))
    assert.equal(intro, '')
    assert.deepEqual(
      [...steps.values()],
      [
        { before: 'First this:', after: '' },
        { before: 'then that:', after: '' },
      ],
    )
  })

  it('is found with every kind of line end', () => {
    const windows = text.replaceAll('\n', '\r\n')
    assert.equal(proseOf(windows, parseRunbook(windows)).steps.get('look')?.after, look?.after)
  })
})
