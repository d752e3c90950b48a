import assert from 'node:assert/strict'
import { unifiedDifference } from '../../../src/execution/difference.ts'
import { compareOutput } from '../../../src/execution/expected-output.ts'
import { similarity } from '../../../src/execution/similarity.ts'
import type { ExpectedOutput } from '../../../src/runbook/runbook.ts'

const nowhere = { line: 0, character: 0, offset: 0 }
const mask = (text: string) => text.replaceAll('hunter2', '•••')

function compare(match: ExpectedOutput['match'], text: string, actual: string, share?: number) {
  const expected = { text, match, range: { start: nowhere, end: nowhere } }
  return compareOutput(share === undefined ? expected : { ...expected, similarity: share }, actual, mask)
}

const fits = (...args: Parameters<typeof compare>) => compare(...args).matches

function differenceOf(...args: Parameters<typeof compare>): string {
  const found = compare(...args)
  assert.ok(!found.matches)
  return found.difference
}

describe('compareOutput', () => {
  it('compares exactly, but for colours, line ends, blanks at line ends and empty lines around', () => {
    assert.ok(fits('exact', 'a\n  b', '\n\u001b[31ma\u001b[0m  \r\n  b\t\r\n\r\n'))
    assert.ok(fits('exact', '100%\n完了', ' 10%\r100%\n完了\n'))
    assert.ok(fits('exact', '', '\n\n'))
    for (const other of ['a\nb', 'a\n  b\nc', 'A\n  b', 'a\n\n  b', ''])
      assert.ok(!fits('exact', 'a\n  b', other), other)
  })

  it('finds what should be contained, over lines too', () => {
    assert.ok(fits('contains', 'two\nthree', 'one\ntwo \r\nthree\nfour'))
    assert.ok(!fits('contains', 'two\nfour', 'one\ntwo\nthree\nfour'))
  })

  it('finds what a regular expression asks for, in the syntax of RE2', () => {
    assert.ok(fits('regex', '^id: [0-9a-f-]{36}$', 'created\nid: 8f14e45f-ceea-467f-9b0e-000000000000\r\n'))
    assert.ok(fits('regex', '(?i)SUCCEEDED', 'state: succeeded'))
    assert.ok(fits('regex', '(?s)begin.*end', 'begin\n1\nend'))
    assert.ok(fits('regex', '佐藤\\s\\p{Han}+', 'こんにちは、佐藤 健'))
    assert.ok(!fits('regex', '^ok$', 'not ok'))
    assert.ok(!fits('regex', 'begin.*end', 'begin\nend'))
  })

  it('says what is wrong with an expression, and finds nothing with it', () => {
    assert.match(differenceOf('regex', 'a(hunter2', 'a'), /^--- expected\t.*missing closing \).*•••/)
    assert.ok(!fits('regex', '(?=a)', 'a'))
  })

  it('takes no longer for an expression that backtracks for ever elsewhere', () => {
    const begin = performance.now()
    const text = 'a'.repeat(1024 * 1024)
    for (const pattern of [
      '(a+)+$x',
      '(a|a)*[bc]',
      '(a|aa|aaa)*[b-z]',
      '(?:a?){50}a{50}[^a]',
      '(.*?)(.*?)(.*?)[xy]$',
    ]) {
      assert.ok(!fits('regex', pattern, text), pattern)
    }
    assert.ok(performance.now() - begin < 20_000)
  })

  it('asks for a share of likeness, and says how much there was', () => {
    assert.ok(fits('similarity', 'Hello, world', 'Hello, World!', 0.9))
    const found = compare('similarity', 'Hello, world', 'Goodbye', 0.8)
    assert.ok(!found.matches && found.score !== undefined && found.score > 0 && found.score < 0.8)
    assert.ok(!fits('similarity', 'x', 'y'))
  })

  it('shows the difference, masked, also where a colour stands inside of a secret', () => {
    assert.equal(
      differenceOf('exact', 'one\ntwo\nthree', 'one\npassword: hun\u001b[1mter2\nthree'),
      ['--- expected', '+++ output', '@@ -1,3 +1,3 @@', ' one', '-two', '+password: •••', ' three'].join('\n'),
    )
    assert.ok(fits('exact', 'hunter2', 'hunter2'), 'what is compared is not masked')
    assert.doesNotMatch(differenceOf('regex', 'hunter2$', 'hunter2!'), /hunter2/)
  })
})

describe('similarity', () => {
  /** Winkler's own examples; the digits are those of his report. */
  const known: readonly (readonly [string, string, number])[] = [
    ['MARTHA', 'MARHTA', 0.961],
    ['DWAYNE', 'DUANE', 0.84],
    ['DIXON', 'DICKSONX', 0.813],
    ['same', 'same', 1],
    ['', '', 1],
    ['', 'x', 0],
    ['abc', 'xyz', 0],
    ['x', 'x', 1],
  ]
  for (const [a, b, score] of known) {
    it(`${a} and ${b}: ${score}`, () => assert.equal(Number(similarity(a, b).toFixed(3)), score))
  }

  it('is what the definition says, whatever the texts are', () => {
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed % below
    }
    for (let round = 0; round < 2000; round += 1) {
      const text = () => Array.from({ length: 2 + random(30) }, () => 'abcあ'[random(4)]).join('')
      const [a, b] = [text(), text()]
      assert.ok(Math.abs(similarity(a, b) - byDefinition(a, b)) < 1e-12, `${a} ${b}`)
    }
  })

  it('compares JSON by content', () => {
    assert.equal(similarity('{"a": 1, "b": {"c": [1, 2], "d": null}}', '{"b":{"d":null,"c":[1,2]},"a":1}\n'), 1)
    assert.ok(similarity('{"name": "x", "id": "1"}', '{"id": "2", "name": "x"}') > 0.8)
    assert.ok(similarity('[1, 2]', '[2, 1]') < 1, 'the order of a list counts')
    assert.equal(similarity('{"a": 1}', 'ERROR: {"a": 1} was not found'), 0)
    assert.ok(similarity('{"a": <your id>}', '{"a": 7}') > 0.5, 'what is no JSON is text')
    assert.equal(similarity(`${'['.repeat(100_000)}`, 'x') >= 0, true)
  })

  it('takes time in proportion to the length', () => {
    const long = (seed: number) => Array.from({ length: 100_000 }, (_, index) => `${(index * seed) % 9973} `).join('')
    const begin = performance.now()
    assert.ok(similarity(long(7), long(13)) > 0.3)
    assert.ok(performance.now() - begin < 3000)
  })

  /** Jaro and Winkler as they are written down, in quadratic time. */
  function byDefinition(first: string, second: string): number {
    const [a, b] = [Buffer.from(first), Buffer.from(second)]
    if (a.equals(b)) return 1
    const range = Math.floor(Math.max(a.length, b.length) / 2) - 1
    const taken = new Set<number>()
    const matched: number[] = []
    for (const [index, byte] of a.entries()) {
      for (let at = Math.max(0, index - range); at <= Math.min(b.length - 1, index + range); at += 1) {
        if (taken.has(at) || b[at] !== byte) continue
        taken.add(at)
        matched.push(byte)
        break
      }
    }
    if (matched.length === 0) return 0
    const partners = [...taken].sort((x, y) => x - y).map((at) => b[at])
    const transpositions = Math.floor(matched.filter((byte, index) => byte !== partners[index]).length / 2)
    const count = matched.length
    const score = (count / a.length + count / b.length + (count - transpositions) / count) / 3
    if (score <= 0.7) return score
    let prefix = 0
    while (prefix < Math.min(4, a.length, b.length) && a[prefix] === b[prefix]) prefix += 1
    return score + 0.1 * prefix * (1 - score)
  }
})

describe('unifiedDifference', () => {
  const numbered = (count: number, text = 'line') => Array.from({ length: count }, (_, index) => `${text} ${index}`)

  it('has three lines around what differs', () => {
    const lines = numbered(50)
    const found = unifiedDifference(lines.join('\n'), lines.with(25, 'other').join('\n'))
    assert.deepEqual(found.split('\n').slice(2), [
      '@@ -23,7 +23,7 @@',
      ' line 22',
      ' line 23',
      ' line 24',
      '-line 25',
      '+other',
      ' line 26',
      ' line 27',
      ' line 28',
    ])
  })

  it('has 200 lines at most, none of them long, and takes no time for texts that have nothing in common', () => {
    const same = numbered(10)
    const begin = performance.now()
    const found = unifiedDifference(
      [...same, ...numbered(30_000, 'a')].join('\n'),
      [...same, ...numbered(30_000, 'b'), 'x'.repeat(1_000_000)].join('\n'),
    ).split('\n')
    assert.ok(performance.now() - begin < 5000)
    assert.ok(found.length <= 200)
    assert.deepEqual(found.slice(2, 4), ['@@ -11,30000 +11,30001 @@', '-a 0'])
    assert.ok(found.includes('+b 0') && found.includes('-…') && found.at(-1) === '+…')
    const long = unifiedDifference('x'.repeat(1_000_000), numbered(500).join('\n')).split('\n')
    assert.ok(long.length === 200 && long.at(-1) === '…' && long.every((line) => line.length <= 1001))
  })

  it('shows nothing printed as nothing', () => {
    assert.deepEqual(unifiedDifference('a', '').split('\n'), ['--- expected', '+++ output', '@@ -1,1 +0,0 @@', '-a'])
  })
})
