import assert from 'node:assert/strict'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const body = '\n- [ ] do it\n\n1. First\n\n   ```sh\n   echo hi\n   ```\n\n> - [ ] quoted\n'

describe('a file that begins with a line', () => {
  for (const [what, beginning] of [
    ['that opens a frontmatter which is never closed', '---\ntitle: x\n'],
    ['that is a rule', '---\n\nWords.\n'],
    ['with nothing but spaces behind it', '--- \t\r\n'],
  ] as const) {
    it(`${what} keeps every step below it`, () => {
      const { steps } = parseRunbook(beginning + body)
      assert.deepEqual(
        steps.map((step) => (step.kind === 'decision' ? '' : step.text)),
        ['do it', 'echo hi', 'quoted'],
      )
    })
  }

  for (const frontmatter of ['---\ntitle: x\n---', '---\r\ntitle: x\r\n--- \t', '---\t\ntitle: x\n---\t']) {
    it(`that opens a frontmatter has one when it is closed: ${JSON.stringify(frontmatter)}`, () => {
      assert.equal(parseRunbook(frontmatter).title, 'x')
      assert.equal(parseRunbook(`${frontmatter}\n${body}`).steps.length, 3)
      assert.equal(parseRunbook(`${frontmatter}-\n${body}`).title, '')
    })
  }

  it('that opens an empty frontmatter', () => {
    assert.deepEqual(parseRunbook(`---\n---\n${body}`).problems, [])
    assert.equal(parseRunbook(`---\n---\n${body}`).steps.length, 3)
  })
})
