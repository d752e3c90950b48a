import assert from 'node:assert/strict'
import { chunksOfFile, factsOf } from '../../../src/runbook/chunks.ts'
import { type Fact, readFacts } from '../../../src/runbook/facts.ts'
import { createRandom } from './random.ts'

/** Where a stretch may end, and where it must not although a line looks like a heading. */
const pieces = [
  'Words and words.\n',
  '\n',
  '# A heading\n\n',
  '## Another\r\n\r\n',
  '```sh\n# a comment\necho\n## another\n```\n\n',
  '<!--\n# in a comment\n-->\n\n',
  '<script>\n\n# in a script\n\n</script>\n\n',
  '> # quoted\n\n',
  '- item\n\n  # in an item\n\n',
  '- ```\n  # in a fence in an item\n# ends both\n',
  '    # indented code\n\n',
  '~~~py\n# closed far away\n',
  '- [ ] task\n# right below\n',
  'Title\n# right below\n---\n',
  '#no heading\n\n#\ttab\n\n#\n\n',
  '[x]: /y\n# behind a definition\n',
  '[x]:\n# behind half a definition\n',
  '\u2028# behind a line separator\n',
  '# one\r# another\r',
]
const beginnings = [
  '',
  '---\n# comment\nkey: value\n# comment\n---\n',
  '---\nkey: value\n# not closed\n',
  '---\n# A\n\n---\n',
  '# A\n',
]

/** Places of the rest are not kept up. */
const known = (facts: readonly Fact[]) => facts.map((fact) => (fact.kind === 'other' ? fact.kind : fact))

describe('a long file', () => {
  for (let seed = 1; seed <= 15; seed++) {
    it(`says in stretches what it says as a whole (${seed})`, () => {
      const random = createRandom(seed)
      const text = random.pick(beginnings) + Array.from({ length: 30 }, () => random.pick(pieces)).join('')
      const whole = readFacts(text, true).facts
      for (const stretch of [1, 20, 100]) {
        assert.deepEqual(known(factsOf(chunksOfFile(text, stretch)).facts), known(whole), JSON.stringify(text))
      }
    })
  }
})
