import assert from 'node:assert/strict'
import { createMasker, MASK } from '../../../src/secrets/create-masker.ts'
import type { Masker } from '../../../src/secrets/masker.ts'
import { secretForms } from '../../../src/secrets/secret-forms.ts'
import { randomFrom } from './random.ts'

const maskerOf = (...values: readonly string[]) =>
  createMasker(values.map((value, index) => ({ name: `S${index}`, value })))

/** The same result by the plainest means: mark each unit of each occurrence, then write one mask per marked stretch. */
function plainMask(text: string, values: readonly string[]): string {
  const covered = new Array<boolean>(text.length).fill(false)
  for (const form of values.flatMap((value) => [...secretForms(value)])) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) covered.fill(true, at, at + form.length)
  }
  let result = ''
  for (let index = 0; index < text.length; index++) {
    if (!covered[index]) result += text[index]
    else if (!covered[index - 1]) result += MASK
  }
  return result
}

function inPieces(text: string, masker: Masker, sizes: () => number): readonly string[] {
  const stream = masker.stream()
  const pieces: string[] = []
  for (let at = 0; at < text.length; ) {
    const size = sizes()
    pieces.push(stream.write(text.slice(at, at + size)))
    at += size
  }
  return [...pieces, stream.end()]
}

describe('the masker', () => {
  it('replaces each occurrence', () => {
    assert.equal(maskerOf('hunter2').mask('user:hunter2@host hunter2'), 'user:***@host ***')
  })

  it('leaves text without a secret as it is', () => {
    const text = 'hunter1 hunte hunter\nhunter 🦊 \ud800 終'
    assert.equal(maskerOf('hunter2').mask(text), text)
    assert.equal(maskerOf().mask(text), text)
    assert.equal(maskerOf('').mask(text), text)
  })

  it('makes one mask of matches that overlap, touch or contain one another', () => {
    assert.equal(maskerOf('abcd', 'cdef').mask('-abcdef-'), '-***-')
    assert.equal(maskerOf('abcd', 'efgh').mask('-abcdefgh-'), '-***-')
    assert.equal(maskerOf('abcd', 'bc').mask('-abcd-bc-'), '-***-***-')
    assert.equal(maskerOf('abcd', 'abcdefgh').mask('-abcdefgh-abcdefg-'), '-***-***efg-')
    assert.equal(maskerOf('aaaa').mask('-aaaaaaaaa-aaa-'), '-***-aaa-')
    assert.equal(maskerOf('abcdxyz', 'bcd').mask('abcdxy'), 'a***xy')
  })

  it('finds a value of several lines with LF, with CRLF, and without its last line end', () => {
    const key = '-----BEGIN KEY-----\nAAAA\nBBBB\n-----END KEY-----\n'
    for (const value of [key, key.replaceAll('\n', '\r\n')]) {
      const masker = maskerOf(value)
      assert.equal(masker.mask(`<${key}>`), '<***>')
      assert.equal(masker.mask(`<${key.replaceAll('\n', '\r\n')}>`), '<***>')
      assert.equal(masker.mask(`<${key.trimEnd()}>`), '<***>')
      assert.equal(masker.mask('AAAA\nBBBB'), 'AAAA\nBBBB')
    }
  })

  it('masks Japanese and emoji and never gives out half a surrogate pair', () => {
    // 🦊 and 🦋 begin with the same high surrogate.
    const text = 'パス: 秘密の鍵🦊! 秘密の鍵🦋? 🦊🦊'
    const pieces = inPieces(text, maskerOf('秘密の鍵🦊'), () => 1)
    assert.equal(pieces.join(''), 'パス: ***! 秘密の鍵🦋? 🦊🦊')
    for (const piece of pieces) assert.ok(piece.isWellFormed(), JSON.stringify(piece))
  })

  it('holds back only what may be the beginning of a secret', () => {
    const stream = maskerOf('hunter2').stream()
    assert.equal(stream.write('Password: '), 'Password: ')
    assert.equal(stream.write('hunt'), '')
    assert.equal(stream.write('hunt'), 'hunt')
    assert.equal(stream.write('er2'), '***')
    assert.equal(stream.write('!h'), '!')
    assert.equal(stream.end(), 'h')
  })

  it('shows a mask at once although a longer secret may follow', () => {
    const stream = maskerOf('abcd', 'abcdefgh').stream()
    assert.equal(stream.write('-abcd'), '-***')
    assert.equal(stream.write('ef'), '')
    assert.equal(stream.write('!'), 'ef!')
    assert.equal(stream.write('abcd'), '***')
    assert.equal(stream.write('efgh'), '')
    assert.equal(stream.write('abcd.'), '.')
  })

  it('keeps streams of one masker apart', () => {
    const masker = maskerOf('hunter2')
    const first = masker.stream()
    const second = masker.stream()
    assert.equal(first.write('hunt'), '')
    assert.equal(second.write('er2'), 'er2')
    assert.equal(first.write('er2'), '***')
  })

  it('gives the same for 10,000 random cuttings of adversarial text as for the uncut text', () => {
    for (let round = 0; round < 10_000; round++) {
      const random = randomFrom(round)
      // Few letters, so that values overlap, repeat and begin one another; 🅰 and 🅱 share a surrogate.
      const letters = random.pick([
        ['a', 'b'],
        ['a', 'b', '\n', '\r\n'],
        ['a', '🅰', '🅱'],
      ])
      const word = (length: number) =>
        Array.from({ length }, () => letters[random.below(letters.length)] ?? '').join('')
      const values = Array.from({ length: 1 + random.below(4) }, () => word(1 + random.below(7)))
      const text = Array.from({ length: 1 + random.below(12) }, () =>
        random.below(3) === 0 ? word(random.below(6)) : values[random.below(values.length)],
      ).join(random.pick(['', '', 'c']))

      const masker = maskerOf(...values)
      const pieces = inPieces(text, masker, () => 1 + random.below(random.pick([1, 3, 9])))
      const masked = pieces.join('')
      const message = `seed ${round}: ${JSON.stringify({ values, text, pieces })}`
      assert.equal(masked, plainMask(text, values), message)
      assert.equal(masker.mask(text), masked, message)
      for (const piece of pieces) assert.ok(piece.isWellFormed(), message)
      for (const value of values) assert.ok(!masked.includes(value), message)
    }
  }).timeout(30_000)

  it('is linear where a naive search is quadratic', () => {
    const nearly = `${'a'.repeat(5_000)}b`
    const text = 'a'.repeat(1_000_000)
    const masker = maskerOf(nearly)
    const begin = performance.now()
    assert.equal(masker.mask(text), text)
    const stream = masker.stream()
    let shown = 0
    for (let at = 0; at < text.length; at += 1_000) shown += stream.write(text.slice(at, at + 1_000)).length
    assert.equal(shown, text.length - 5_000)
    // 5 * 10^9 comparisons would take seconds.
    assert.ok(performance.now() - begin < 1_000)
  })
})
