import assert from 'node:assert/strict'
import { findDeceptions } from '../../../src/execution/deceptions.ts'

const codesOf = (text: string) => findDeceptions(text, 1).map(({ kind, character }) => `${kind} ${character}`)
const charactersOf = (ranges: readonly (readonly [number, number])[]) =>
  ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index))

describe('findDeceptions', () => {
  it('says where each one is, in the runbook and in its line', () => {
    const text = 'echo 1\nif [ "$1" = "user\u202e \u2066" ]; then\n\techo 😀\u200bx\nfi'
    assert.deepEqual(findDeceptions(text, 42), [
      { line: 43, column: 18, kind: 'bidirectional', character: 'U+202E' },
      { line: 43, column: 20, kind: 'bidirectional', character: 'U+2066' },
      { line: 44, column: 9, kind: 'invisible', character: 'U+200B' },
    ])
    assert.deepEqual(findDeceptions('', 1), [])
  })

  it('finds everything that turns the direction of a text', () => {
    for (const code of charactersOf([
      [0x202a, 0x202e],
      [0x2066, 0x2069],
      [0x200e, 0x200f],
      [0x61c, 0x61c],
    ])) {
      const text = `a${String.fromCodePoint(code)}b`
      assert.deepEqual(codesOf(text), [`bidirectional U+${code.toString(16).toUpperCase().padStart(4, '0')}`])
    }
  })

  it('finds everything that cannot be seen', () => {
    for (const code of charactersOf([
      [0x200b, 0x200d],
      [0x2060, 0x2064],
      [0xfeff, 0xfeff],
      [0xad, 0xad],
      [0x180e, 0x180e],
      [0x115f, 0x1160],
      [0x3164, 0x3164],
      [0xffa0, 0xffa0],
      [0xfe00, 0xfe0f],
      [0x2028, 0x2029],
      [0xe0000, 0xe007f],
      [0xe0100, 0xe01ef],
      [0, 8],
      [0x0b, 0x1f],
      [0x7f, 0x9f],
    ])) {
      const text = `a${String.fromCodePoint(code)}b`
      assert.deepEqual(codesOf(text), [`invisible U+${code.toString(16).toUpperCase().padStart(4, '0')}`])
    }
  })

  const ordinary: readonly (readonly [string, string])[] = [
    ['Japanese', 'echo "ようこそ　佐藤さん。" # 全角の空白、（括弧）、ｶﾀｶﾅ、㈱、ー～'],
    ['composed and decomposed kana', 'が が'],
    ['a form of an ideograph', '葛\u{e0100}城市 辻\u{e0101} 神\ufe00'],
    ['emoji', '✅ ⚠️ 👍🏽 ↔️ ☎︎ ©️'],
    ['emoji that are joined', '👨‍👩‍👧‍👦 👩🏽‍💻 🏳️‍🌈 ❤️‍🔥 🧑‍🤝‍🧑'],
    ['keycaps and flags', '1️⃣ #️⃣ 🇯🇵 🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['other scripts', 'Ελλάδα Привет العربية עברית ไทย'],
    ['blanks that can be seen', 'a\u00a0b\u3000c\u2003d\te'],
  ]
  for (const [name, text] of ordinary) it(`has nothing to say about ${name}`, () => assert.deepEqual(codesOf(text), []))

  it('takes a joiner or a selector for what it is outside of an emoji', () => {
    assert.deepEqual(codesOf('rm\u200d -rf'), ['invisible U+200D'])
    assert.deepEqual(codesOf('👍\u200d x'), ['invisible U+200D'])
    assert.deepEqual(codesOf('\u200d👍'), ['invisible U+200D'])
    assert.deepEqual(codesOf('1\ufe0f'), ['invisible U+FE0F'])
    assert.deepEqual(codesOf('⚠\ufe0f\ufe0f'), ['invisible U+FE0F'])
    assert.deepEqual(codesOf('あ\u{e0100}'), ['invisible U+E0100'])
  })

  it('does not let tags hide behind a flag', () => {
    const hidden = [...'rm -rf /'].map((character) => String.fromCodePoint(0xe0000 + character.charCodeAt(0))).join('')
    assert.equal(codesOf(`🏴${hidden}\u{e007f}`).length, 9)
    assert.equal(codesOf(`echo hi${hidden}`).length, 8)
  })

  it('reads a long text in no time', () => {
    const begin = performance.now()
    assert.equal(findDeceptions('👩‍'.repeat(200_000), 1).length, 1)
    assert.equal(findDeceptions('\u200b'.repeat(100_000), 1).length, 100_000)
    assert.ok(performance.now() - begin < 3000)
  })
})
