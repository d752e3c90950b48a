import assert from 'node:assert/strict'
import { createIncrementalParser } from '../../../src/runbook/incremental.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { createRandom } from './random.ts'

/** Pieces that open, close, join and cut blocks: an edit with one of them reaches as far as Markdown lets it. */
const pieces = [
  '\n',
  '\n\n',
  '\r\n',
  '\r',
  '# A\n',
  '## B b\n',
  '  ### C\n',
  '#',
  'Title\n=====\n',
  'Sub\n---\n',
  '---\n',
  '---\nshell: zsh\n---\n',
  'title: x\n',
  '```sh {name=a}\n',
  '```\n',
  '```output\n',
  '~~~py\nprint(1)\n~~~\n',
  '- [ ] do it\n',
  '- [go](#b-b)\n',
  '- [go][x]\n',
  '[x]: #a\n',
  '[x]: #sub\n',
  '> ',
  '> # quoted\n',
  '1. one\n\n   ```sh\n   true\n   ```\n',
  '- item\n',
  '  ',
  '    ',
  '<div>\n',
  '</div>\n',
  '<!-- ',
  '-->\n',
  '<!-- expected_similarity=0.5 -->\n',
  '## Prerequisites\n',
  '- [other](./other.md)\n',
  '- see [x]\n',
  'some words\n',
  '入社 **手順** `code`\n',
  'x',
  '`',
  '\t',
  '\uFEFF',
  '😀',
]

describe('a text that is being edited', () => {
  for (let seed = 1; seed <= 15; seed++) {
    it(`is read as a whole text is, edit for edit (${seed})`, () => {
      const random = createRandom(seed)
      const parser = createIncrementalParser()
      let text = Array.from({ length: 5 + random.below(60) }, () => random.pick(pieces)).join('')
      for (let edit = 0; edit < 40; edit++) {
        assert.deepEqual(parser.parse(text), parseRunbook(text), JSON.stringify(text))
        const at = random.below(text.length + 1)
        const removed = random.below(3) === 0 ? random.below(12) : random.below(2)
        const added = random.below(4) === 0 ? '' : random.pick(pieces)
        text = text.slice(0, at) + added + text.slice(at + removed)
      }
    })
  }

  it('gives the same for the same text', () => {
    const parser = createIncrementalParser()
    const text = '# A\n\n```sh\ntrue\n```\n\n## B\n'
    assert.deepEqual(parser.parse(text), parser.parse(text))
    assert.deepEqual(parser.parse(''), parseRunbook(''))
  })

  it('is read again after a text that cannot be read', () => {
    const parser = createIncrementalParser()
    const text = '# A\n\n```sh\ntrue\n```\n'
    parser.parse(text)
    assert.equal(parser.parse(`${text}\n${'> '.repeat(200)}x\n`).problems[0]?.code, 'file-too-slow')
    assert.deepEqual(parser.parse(text), parseRunbook(text))
  })
})
