import assert from 'node:assert/strict'
import { declareSecret, type TextEdit } from '../../../src/runbook/declare-secret.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

function applied(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((current, { start, end, text: added }) => current.slice(0, start) + added + current.slice(end), text)
}

/** The frontmatter after a secret was declared; checked to declare it, and to be without errors. */
function declared(text: string, name = 'NEW_ONE'): string {
  const declaration = declareSecret(text, parseRunbook(text), name)
  assert.equal(declaration.kind, 'declared', text)
  if (declaration.kind !== 'declared') return ''
  const after = applied(text, declaration.edits)
  const { frontmatter, problems } = parseRunbook(after)
  assert.ok(
    frontmatter.secrets.some((secret) => secret.name === name),
    after,
  )
  assert.deepEqual(problems, [], after)
  return after
}

describe('declaring a secret', () => {
  it('makes a frontmatter where there is none', () => {
    assert.equal(declared('# Title\n'), '---\nsecrets:\n  - { name: NEW_ONE }\n---\n\n# Title\n')
    assert.equal(declared('# Title\r\n'), '---\r\nsecrets:\r\n  - { name: NEW_ONE }\r\n---\r\n\r\n# Title\r\n')
  })

  it('adds to what is there, and leaves every comment and space as it is', () => {
    const kept =
      'title:   Users      # with spaces\nschedule: daily            # and a comment\n\nowner: "a@example.com"\n'
    assert.equal(declared(`---\n${kept}---\n# Title\n`), `---\n${kept}secrets:\n  - { name: NEW_ONE }\n---\n# Title\n`)
    assert.equal(
      declared(`---\nsecrets:\n  - { name: OLD,   label: 古い }   # first\n  - OTHER # second\n# end\n${kept}---\n`),
      `---\nsecrets:\n  - { name: OLD,   label: 古い }   # first\n  - OTHER # second\n  - { name: NEW_ONE }\n# end\n${kept}---\n`,
    )
  })

  it('follows the form that the list has', () => {
    assert.equal(
      declared('---\nsecrets:\n- OLD\ntitle: x\n---\n'),
      '---\nsecrets:\n- OLD\n- { name: NEW_ONE }\ntitle: x\n---\n',
    )
    assert.equal(declared('---\nsecrets: [OLD]\n---\n'), '---\nsecrets: [OLD, NEW_ONE]\n---\n')
    assert.equal(declared('---\nsecrets: []\n---\n'), '---\nsecrets: [NEW_ONE]\n---\n')
    assert.equal(
      declared('---\nsecrets: [{ name: OLD }]\n---\n'),
      '---\nsecrets: [{ name: OLD }, { name: NEW_ONE }]\n---\n',
    )
    assert.equal(declared('---\nsecrets: # none yet\n---\n'), '---\nsecrets: # none yet\n  - { name: NEW_ONE }\n---\n')
    assert.equal(
      declared('---\nsecrets:\n  - name: OLD\n    label: x\n\ntitle: y\n---\n'),
      '---\nsecrets:\n  - name: OLD\n    label: x\n  - { name: NEW_ONE }\n\ntitle: y\n---\n',
    )
    assert.equal(declared('---\n---\n# x\n'), '---\nsecrets:\n  - { name: NEW_ONE }\n---\n# x\n')
  })

  it('changes nothing where it is declared already', () => {
    const text = '---\nsecrets: [NEW_ONE]\n---\n'
    assert.equal(declared(text), text)
  })

  it('touches no frontmatter that it does not understand', () => {
    for (const text of [
      '---\ntitle: x\n# never closed\n',
      '---\ntitle: [x\n---\n',
      '---\n- a list\n---\n',
      '---\n{ title: x }\n---\n',
      '---\nsecrets: OLD\n---\n',
      '---\nsecrets: { OLD: x }\n---\n',
    ])
      assert.deepEqual(declareSecret(text, parseRunbook(text), 'NEW_ONE'), { kind: 'unclear' }, text)
  })
})
