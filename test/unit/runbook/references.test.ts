import assert from 'node:assert/strict'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const fence = (info: string, text = 'true') => `\`\`\`${info}\n${text}\n\`\`\`\n\n`
const problems = (text: string) => parseRunbook(text).problems.map(({ code, values }) => [code, values])
const decision = (text: string) => parseRunbook(text).steps.find(({ kind }) => kind === 'decision')

describe('names that point at something', () => {
  it('are steps for check and undo, and headings for on-failure', () => {
    const ends = `${fence('sh {name=there}')}# Help me!\n\n`
    assert.deepEqual(problems(`${fence('sh {check=there undo=there on-failure=#help-me}')}${ends}`), [])
    assert.deepEqual(problems(`${fence('sh {check=gone undo=lost on-failure=#nowhere}')}${ends}`), [
      ['step-unknown-reference', { key: 'check', value: 'gone' }],
      ['step-unknown-reference', { key: 'undo', value: 'lost' }],
      ['step-unknown-reference', { key: 'on-failure', value: '#nowhere' }],
    ])
  })
  it('are found where a URL escapes them', () => {
    const [step] = parseRunbook(`${fence('sh {on-failure=#%E5%BE%A9%E6%97%A7}')}# 復旧\n`).steps
    assert.equal(step?.kind === 'command' ? step.attributes.onFailure : '', '#復旧')
  })
  it('are secrets that are declared', () => {
    const [undeclared] = problems(fence('sh {secrets=TOKEN}'))
    assert.deepEqual(undeclared, ['secret-undeclared', { name: 'TOKEN' }])
    assert.deepEqual(problems(`---\nsecrets: [TOKEN]\n---\n${fence('sh {secrets=TOKEN}')}`), [])
  })
})

describe('the place of a problem', () => {
  const at = (text: string) =>
    parseRunbook(text).problems.map(({ range }) => text.slice(range.start.offset, range.end.offset))
  it('is the attribute, in whatever its fence stands', () => {
    assert.deepEqual(at('> - ```sh {name=a timeout=soon}\n>   true\n>   ```\n'), ['timeout'])
    assert.deepEqual(at(fence('sh {check=gone}')), ['check'])
    assert.deepEqual(at(fence('sh {"retries":"many"}')), ['retries'])
    assert.deepEqual(at(`${fence('sh {name=twice}')}${fence('sh {name=twice}')}`), ['name'])
  })
  it('is the first line of a fence without end', () => {
    assert.deepEqual(at('1. a\n\n   ~~~~ sh {name=x}\n   true\n'), ['~~~~ sh {name=x}'])
  })
})

describe('a list of links', () => {
  const headings = '# T\n\n## Left\n\n## Right\n\n'
  it('is a decision also where the links are references', () => {
    const found = decision(`${headings}- [L][l]\n- [right]\n\n[l]: #left\n[right]: #right "no"\n`)
    assert.deepEqual(found?.kind === 'decision' && found.choices.map(({ target }) => target), ['left', 'right'])
  })
  it('finds its headings in any case and escaped, repeated ones by their number', () => {
    const found = decision(`${headings}## Left\n\n- [a](#LEFT)\n- [b](#left-1)\n- [c](#%72ight)\n`)
    assert.deepEqual(found?.kind === 'decision' && found.choices.map(({ target }) => target), [
      'left',
      'left-1',
      'right',
    ])
    assert.deepEqual(problems(`${headings}- [a](#LEFT)\n`), [])
  })
  it('is no decision under a heading that says it is the table of contents', () => {
    for (const title of ['Contents', 'Table of contents', '目次']) {
      assert.equal(decision(`# T\n\n## ${title}\n\n- [Left](#left)\n\n## Left\n`), undefined, title)
    }
  })
  it('is read as code where it is code', () => {
    assert.equal(decision(`${headings}- \`[a](#left)\`\n`), undefined)
  })
})

describe('expected output', () => {
  const expected = (between: string, info = 'output') => {
    const [step] = parseRunbook(`${fence('sh')}${between}${fence(info, 'ok')}`).steps
    return step?.kind === 'command' ? step.expectedOutput : undefined
  }
  it('stands directly behind its step', () => {
    assert.equal(expected('')?.text, 'ok')
    for (const between of ['Some words.\n\n', '- a list\n\n', '---\n\n', fence('json', '{}')]) {
      assert.equal(expected(between), undefined, between)
    }
  })
  it('may stand farther behind where a comment asks for it', () => {
    assert.equal(expected('Results:\n\n<!-- expected_similarity=0.3 -->\n', 'JSON')?.similarity, 0.3)
    assert.equal(expected('<!-- another comment -->\n', 'json'), undefined)
  })
  it('is no step of its own', () => {
    assert.equal(parseRunbook(`${fence('sh')}${fence('output')}`).steps.length, 1)
  })
})

describe('headings', () => {
  it('in quotes and lists have anchors and begin no section', () => {
    const runbook = parseRunbook(`# T\n\n## A\n\n> ## Note\n\n${fence('sh')}- [n](#note)\n`)
    assert.deepEqual(
      runbook.steps.map(({ procedureId }) => procedureId),
      ['a', 'a'],
    )
    assert.deepEqual(runbook.problems, [])
  })
  it('have the anchors that GitHub gives them', () => {
    const targets = ['c--now', 'a_b-c', 'ユーザーidを-作る', 'x', 'x-1', 'link']
    const text = '# C++ & *now*!\n\n# a_b `c`\n\n# ユーザーIDを 作る？\n\n# X\n\n# x\n\n# [Link](y)\n\n'
    const list = targets.map((target) => `- [t](#${target})\n`).join('')
    assert.deepEqual(problems(text + list), [])
  })
})
