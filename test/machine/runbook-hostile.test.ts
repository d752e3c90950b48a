import assert from 'node:assert/strict'
import { parseRunbook } from '../../src/runbook/parse.ts'
import { createRandom } from '../unit/runbook/random.ts'

const sample = `---
title: 入社時のアカウント作成
estimate: 10m
parameters:
  - { name: USER_ID, pattern: '^[a-z]+$' }
secrets: [TOKEN]
---
# 入社 😀

## Prerequisites
- [other](./other.md), [ref][x]

> \`\`\`sh {name=quoted timeout=2m check=listed}
> echo 1
> \`\`\`

1. one
   ~~~console {"name":"listed","confirm":true}
   $ ls \\
   > -l
   out
   ~~~
   <!-- expected_similarity=0.8 -->
   \`\`\`output
   total 0
   \`\`\`

- [ ] do **it**
  - [x] and that

Which way?

- [left](#left)
- [right][x]

[x]: #%E5%85%A5

Setext
---
`

const shards = [
  '`',
  '```',
  '~~~',
  '> ',
  '- ',
  '1. ',
  '[',
  ']',
  '](',
  '#',
  '{',
  '}',
  '"',
  '---\n',
  '\n',
  '\r',
  '\t',
  '\0',
  '\\',
]
const surrogate = '\uD83D'

/** Every place is in the text, says the same by line and by offset, and every range begins before it ends. */
function assertPlaces(text: string): void {
  const lines = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map(({ 0: end, index }) => index + end.length)]
  const runbook = parseRunbook(text)
  const check = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('start' in value && 'end' in value) {
      const { start, end } = value
      assert.ok(isPosition(start) && isPosition(end))
      assert.ok(start.offset >= 0 && start.offset <= end.offset && end.offset <= text.length)
      for (const place of [start, end]) assert.equal((lines[place.line] ?? -1) + place.character, place.offset)
    }
    for (const part of Object.values(value)) check(part)
  }
  check(runbook)
  const ids = runbook.steps.map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length)
  assert.deepEqual(JSON.parse(JSON.stringify(runbook)), runbook)
}

function isPosition(value: unknown): value is { line: number; character: number; offset: number } {
  return typeof value === 'object' && value !== null && 'line' in value && 'character' in value && 'offset' in value
}

describe('a text that is damaged', () => {
  it('is read without a crash, with every place inside it', () => {
    const random = createRandom(20260901)
    for (let round = 0; round < 80; round++) {
      let text = sample
      for (let change = random.below(8); change >= 0; change--) {
        const at = random.below(text.length)
        const shard = random.below(12) === 0 ? surrogate : random.pick(shards).repeat(1 + random.below(4))
        text = text.slice(0, at) + shard + text.slice(at + random.below(random.below(5) === 0 ? 200 : 6))
      }
      try {
        assertPlaces(text)
      } catch (error) {
        throw new Error(`round ${round}: ${JSON.stringify(text)}`, { cause: error })
      }
    }
  }).timeout(30_000)

  it('may end anywhere', () => {
    for (let end = 0; end < sample.length; end += 7) assertPlaces(sample.slice(0, end))
  }).timeout(30_000)
})

describe('a text that is made to be slow', () => {
  const many = 200_000
  const shapes: Readonly<Record<string, string>> = {
    'one line of brackets': '['.repeat(many / 4),
    'one line of links that never close': '[a]('.repeat(many / 16),
    'one line of emphasis that never closes': '_a*'.repeat(many / 16),
    'one line of references': `# ${'[a]'.repeat(many / 8)}`,
    'one line of backticks': '`'.repeat(many),
    'one line of words': 'word '.repeat(many / 5),
    'one line of blanks': `# a${' '.repeat(many)}b`,
    'a decision between very many': `# A\n${'- [a](#b)\n'.repeat(2_000)}`,
    'attributes without end': `\`\`\`sh {${'a="'.repeat(many / 16)}\n\`\`\``,
    'attributes that nest': `\`\`\`sh {"a":${'['.repeat(many)}\n\`\`\``,
    'a transcript of backslashes': `\`\`\`console\n$ ${'\\'.repeat(many)}\n\`\`\``,
    'a comment without end': `<!-- expected_similarity=${' '.repeat(many)}`,
    'frontmatter that nests': `---\na: ${'['.repeat(500)}\n---\n`,
    'frontmatter of many keys': `---\n${Array.from({ length: 3_000 }, (_, index) => `k${index}: v\n`).join('')}---\n`,
    'frontmatter of aliases': `---\na: &a [x, x]\n${[...'bcdefghijklmnopqrstuvwxyz'].map((key, index) => `${key}: &${key} [*${'abcdefghijklmnopqrstuvwxy'[index]}, *${'abcdefghijklmnopqrstuvwxy'[index]}]`).join('\n')}\n---\n`,
  }
  for (const [name, text] of Object.entries(shapes)) {
    it(`is read all the same: ${name}`, () => {
      assertPlaces(text)
      assert.ok(!parseRunbook(text).problems.some(({ code }) => code === 'file-too-slow'))
    }).timeout(30_000)
  }

  it('keeps its step with more attributes than a function takes arguments', () => {
    const { steps, problems } = parseRunbook(`\`\`\`sh {${'a=b '.repeat(130_000)}}\n\`\`\``)
    assert.deepEqual([steps.length, problems.length], [1, 259_999])
  }).timeout(30_000)

  for (const [name, text] of Object.entries({
    'quotes in quotes': `# T\n${'> '.repeat(many)}x`,
    'lists in lists': `# T\n${'- '.repeat(many)}x`,
    'numbers in numbers': `# T\n${'1. '.repeat(many)}x`,
    'quotes without blanks': `# T\n${'>'.repeat(many)}x`,
    'a paragraph that leaves its quote': `# T\n> a\n${'b\n'.repeat(10_001)}`,
  })) {
    it(`is a problem with its place where no parser can read it: ${name}`, () => {
      const { kind, problems } = parseRunbook(text)
      assert.equal(kind, 'document')
      assert.deepEqual(
        problems.map(({ code, range }) => [code, range.start.line]),
        [['file-too-slow', 1]],
      )
    }).timeout(30_000)
  }

  it('is no rule of a hundred dashes', () => {
    assert.deepEqual(parseRunbook(`${'- '.repeat(150)}\n\n${'*'.repeat(300)}\n`).problems, [])
  })
})
