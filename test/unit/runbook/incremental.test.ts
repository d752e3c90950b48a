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
      for (let edit = 0; edit < 25; edit++) {
        assert.deepEqual(parser.parse(text), parseRunbook(text), JSON.stringify(text))
        const at = random.below(text.length + 1)
        const removed = random.below(3) === 0 ? random.below(12) : random.below(2)
        const added = random.below(4) === 0 ? '' : random.pick(pieces)
        text = text.slice(0, at) + added + text.slice(at + removed)
      }
    }).timeout(20_000)
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

describe('a frontmatter that is being typed', () => {
  const steps = (n: number) => `# Section ${n}\n\n\`\`\`sh\ntrue\n\`\`\`\n\n`
  const follow = (...texts: readonly string[]) => {
    const parser = createIncrementalParser()
    for (const text of texts) assert.deepEqual(parser.parse(text), parseRunbook(text), JSON.stringify(text))
  }

  it('ends at the first line of dashes, however far behind', () => {
    const open = `---\ntitle: x\n${steps(1)}${steps(2)}`
    follow(open, `${open}---\n`, `${open}---\n${steps(3)}`, open)
  })
  it('takes what follows when its end is deleted', () => {
    const closed = `---\ntitle: x\n---\n${steps(1)}---\n${steps(2)}`
    follow(closed, closed.replace('---\n#', '#'), closed)
  })
  it('begins when its first line is completed', () => {
    const text = `--\ntitle: x\n---\n${steps(1)}${steps(2)}`
    follow(text, `-${text}`, text)
  })
  it('names the shell of sections that were read before', () => {
    const text = `---\nshell: bash\n---\n# A\n\n\`\`\`shell\ntrue\n\`\`\`\n`
    follow(text, text.replace('bash', 'zsh'))
  })
})

describe('a definition that is being typed', () => {
  it('turns references in other sections into links, and back', () => {
    const parser = createIncrementalParser()
    const text = '# A\n\n- [go][x]\n\n# B\n\ntext\n'
    for (const next of [text, `${text}\n[x]: #b\n`, `[x]: #a\n\n${text}\n[x]: #b\n`, text]) {
      assert.deepEqual(parser.parse(next), parseRunbook(next))
    }
    assert.equal(parseRunbook(`${text}\n[x]: #b\n`).steps[0]?.kind, 'decision')
  })
})
