import assert from 'node:assert/strict'
import { createMasker } from '../../../src/secrets/create-masker.ts'
import { MASK } from '../../../src/secrets/mask.ts'
import { secretForms } from '../../../src/secrets/secret-forms.ts'
import { inPieces, plainMask } from './plain-mask.ts'
import { randomFrom } from './random.ts'

const maskerOf = (...values: readonly string[]) =>
  createMasker(values.map((value, index) => ({ name: `S${index}`, value })))

/** Texts that are cut with the same values: getting all forms of them ready takes longer than masking a little text. */
const cuttings = 50

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

  it('finds a value of several lines with whatever line ends, and each of its lines alone', () => {
    const key = '-----BEGIN KEY-----\nAAAA\nBBBB\n-----END KEY-----\n'
    for (const value of [key, key.replaceAll('\n', '\r\n')]) {
      const masker = maskerOf(value)
      assert.equal(masker.mask(`<${key}>`), '<***\n>')
      assert.equal(masker.mask(`<${key.replaceAll('\n', '\r\n')}>`), '<***\r\n>')
      assert.equal(masker.mask(`<${key.trimEnd()}>`), '<***>')
      assert.equal(masker.mask('> AAAA <\n> BBBB <'), '> *** <\n> *** <')
    }
  })

  it('finds a long key and each of its lines as they are, in base64, hexadecimal, JSON and URLs', () => {
    const lines = Array.from({ length: 60 }, (_, line) => `${line}+k3y/`.padEnd(64, `Zm9v${line}`))
    const key = `-----BEGIN KEY-----\n${lines.join('\n')}\n-----END KEY-----\n`
    const masker = maskerOf(key)
    for (const text of [key, lines[40] ?? '']) {
      for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const) {
        assert.equal(masker.mask(`<${Buffer.from(text).toString(encoding).trimEnd()}>`), '<***>', encoding)
      }
      assert.match(masker.mask(JSON.stringify({ text })), /^\{"text":"\*\*\*(?:\\n)?"\}$/)
      assert.match(masker.mask(encodeURIComponent(text)), /^\*\*\*(?:%0A)?$/)
    }
  })

  it('does not make a mask of every brace because a secret is a JSON document', () => {
    const document = JSON.stringify({ a: { b: true, c: null }, key: 'Zx9-abcdefgh' }, undefined, 2)
    const masker = maskerOf(document)
    const code = 'if (x) {\n  "a": {\n true,\n}\n},\n"b": true,\nnull\n'
    assert.equal(masker.mask(code), code)
    assert.equal(masker.mask(`${document}\n"key": "Zx9-abcdefgh"`), '***\n***')
  })

  it('looks through escape sequences and NULs, and through line ends in values of 12 characters and more', () => {
    const masker = maskerOf('hunter2', 'correct-horse')
    assert.equal(masker.mask('[hun\u001b[31mt\u001b[0;1mer\u001b(B2]'), '[***]')
    assert.equal(masker.mask('[hun\u009b31mter2] \u001b[1mhunter\u001b[0m2'), '[***] \u001b[1m***')
    assert.equal(masker.mask('h\0u\0n\0t\0e\0r\u{0}2\0!'), '***\0!')
    assert.equal(masker.mask('correct\n-hor\r\nse, hunt\ner2'), '***, hunt\ner2')
    assert.equal(masker.mask('co\u001b[1mrrect-h\n\u001b[0mor\0se.'), '***.')
  })

  it('finds the longer forms of a value of eight characters where a program wrapped its lines', () => {
    const masker = maskerOf('hunter2!')
    const text = Buffer.from(`${'x'.repeat(53)}hunter2!yy`).toString('base64')
    assert.equal(masker.mask(`${text.slice(0, 76)}\n${text.slice(76)}`), `${text.slice(0, 71)}***Xl5`)
    assert.equal(masker.mask('68756e7465\r\n723221'), '***')
    assert.equal(masker.mask('hunt\ner2!'), 'hunt\ner2!')
  })

  it('looks through links and titles that terminals do not show', () => {
    const masker = maskerOf('hunter2', 'correct-horse')
    assert.equal(masker.mask('hun\u001b]8;;https://h/\u001b\\ter2\u001b]8;;\u001b\\'), '***\u001b]8;;\u001b\\')
    assert.equal(masker.mask('<hun\u001b]133;A\u0007t\u001bP1$q\u001b\\er2>'), '<***>')
    assert.equal(masker.mask('correct\u001b]0;co\n\u001b\\-horse'), '***')
    const endless = `hun\u001b]0;${'x'.repeat(5000)}`
    const stream = masker.stream()
    assert.ok(stream.write(endless).length > endless.length - 2000)
    assert.ok((stream.write('hunter2') + stream.end()).endsWith('***'))
  })

  it('finds what stands inside of an escape sequence', () => {
    assert.equal(maskerOf('hunter2').mask('\u001b]0;hunter2\u0007'), '\u001b]0;***\u0007')
    assert.equal(maskerOf('31337313').mask('\u001b[31337313m'), '\u001b[***m')
  })

  it('gives up where more than a screen of nothing stands inside of a value', () => {
    const masker = maskerOf('correct-horse')
    const broken = (by: number) => `correct${'\n'.repeat(by)}-horse`
    assert.equal(masker.mask(broken(1024)), '***')
    assert.equal(masker.mask(broken(1025)), broken(1025))
    const stream = masker.stream()
    stream.write('correct')
    let held = 'correct'.length
    for (let piece = 0; piece < 100; piece++) held += 1000 - stream.write('\0'.repeat(1000)).length
    assert.ok(held < 2100, String(held))
  })

  it('shows after a silence what is hardly a secret yet, and masks the rest of it all the same', () => {
    const stream = maskerOf('correct-horse').stream()
    assert.equal(stream.write('continue? c'), 'continue? ')
    assert.notEqual(stream.held(), '')
    assert.equal(stream.release(), 'c')
    assert.equal(stream.held(), '')
    assert.equal(stream.write('orr'), '')
    assert.equal(stream.release(), '', 'four of thirteen characters are too many')
    assert.equal(stream.write('ect-hors'), '')
    assert.equal(stream.write('e!'), '***!')
    assert.equal(stream.end(), '')
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
    for (let round = 0; round < 10_000; round += cuttings) {
      const random = randomFrom(round)
      // Few letters, so that values overlap, repeat and begin one another; 🅰 and 🅱 share a surrogate.
      const letters = random.pick([
        ['a', 'b'],
        ['a', 'b', '\n', '\r\n'],
        ['a', 'b', '"', '\\'],
        ['a', '`', '^!'],
        ['a', '🅰', '🅱'],
      ])
      const word = (length: number) =>
        Array.from({ length }, () => letters[random.below(letters.length)] ?? '').join('')
      const longest = random.pick([6, 6, 14])
      const values = Array.from({ length: 1 + random.below(4) }, () => word(1 + random.below(longest)))
      const masker = maskerOf(...values)
      const forms = secretForms(values)
      const insertion = () =>
        random.pick(['', '', '\n', '\0', '\u001b[1m', '\u001b', '\u001b]0;a\u0007', '\u001b]', '\\', '`', '^', '\\\n'])
      const disguised = () => {
        const { text: form = '' } = forms[random.below(forms.length)] ?? {}
        const at = random.below(form.length)
        return form.slice(0, at) + insertion() + form.slice(at)
      }
      for (let cutting = 0; cutting < cuttings; cutting++) {
        const text = Array.from({ length: 1 + random.below(12) }, () =>
          random.pick([() => word(random.below(6)), () => values[random.below(values.length)] ?? '', disguised])(),
        ).join(random.pick(['', '', 'c']))
        const pieces = inPieces(text, masker, () => 1 + random.below(random.pick([1, 3, 9])))
        const masked = pieces.join('')
        const message = `seed ${round}, ${cutting}: ${JSON.stringify({ values, text, pieces })}`
        assert.equal(masked, plainMask(text, forms), message)
        assert.equal(masker.mask(text), masked, message)
        for (const piece of pieces) assert.ok(!text.isWellFormed() || piece.isWellFormed(), message)
        for (const { text: form } of forms) assert.ok(!masked.includes(form), message)
      }
    }
  }).timeout(30_000)

  it('gives the same for long texts, of which most is leapt over, whatever stands in between', () => {
    for (let round = 0; round < 60; round++) {
      const random = randomFrom(round)
      const letters = random.pick([['a', 'b', 'c', 'd'], [...'abcdefghijklmnop'], ['日', '本', '🅰', '🅱', 'a']])
      const word = (length: number) =>
        Array.from({ length }, () => letters[random.below(letters.length)] ?? '').join('')
      const values = Array.from({ length: 1 + random.below(3) }, () => word(random.pick([5, 8, 13]) + random.below(9)))
      const masker = maskerOf(...values)
      const forms = secretForms(values)
      const between = random.pick(['', '\n', '\0', '\r\n', '\n\n\n\n'])
      const spread = (text: string) => [...text].join(random.pick(['', '', between]))
      const part = () => {
        const { text: form = '' } = forms[random.below(forms.length)] ?? {}
        return random.pick([form, form.slice(random.below(form.length)), form.slice(0, random.below(form.length))])
      }
      const text = Array.from({ length: random.pick([5, 40]) }, () =>
        random.pick([() => word(random.below(400)), () => between.repeat(random.below(40)), () => spread(part())])(),
      ).join(random.pick(['', ' ', '\n']))
      const pieces = inPieces(text, masker, () => 1 + random.below(random.pick([50, 1000, 4000])))
      const message = `seed ${round}: ${JSON.stringify({ values, text })}`
      const masked = plainMask(text, forms)
      assert.equal(pieces.join(''), masked, message)
      assert.equal(masker.mask(text), masked, message)
    }
  }).timeout(30_000)

  it('is linear where a naive search is quadratic', () => {
    /** Of processor time, in microseconds: the best of three. */
    const cost = (length: number) => {
      const text = 'a'.repeat(length * 100)
      const stream = maskerOf(`${'a'.repeat(length)}b`).stream()
      const once = () => {
        const begin = process.cpuUsage()
        let shown = ''
        for (let at = 0; at < text.length; at += 1_000) shown += stream.write(text.slice(at, at + 1_000))
        assert.ok(shown === MASK || shown === '', 'So much of the value is hidden at once, and it goes on and on')
        const { user, system } = process.cpuUsage(begin)
        return user + system
      }
      return Math.min(once(), once(), once())
    }
    cost(950)
    // Both the text and the secret are eight times as long: a naive search would take 64 times as long.
    const ratio = cost(7_600) / cost(950)
    assert.ok(ratio < 40, String(ratio))
  })
})
