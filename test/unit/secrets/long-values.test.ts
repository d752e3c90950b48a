import assert from 'node:assert/strict'
import { createMasker } from '../../../src/secrets/create-masker.ts'
import { secretForms } from '../../../src/secrets/secret-forms.ts'
import { inPieces, plainMask } from './plain-mask.ts'
import { randomFrom } from './random.ts'

const random = randomFrom(1)
const lettersOf = (letters: string, length: number) =>
  Array.from({ length }, () => [...letters][random.below([...letters].length)] ?? '').join('')
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const lines = Array.from({ length: 48 }, () => lettersOf(base64, 64))
const key = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`
const json = JSON.stringify(
  Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`key ${at}`, lettersOf(`${base64}"\\&%'<\n日本`, 30)])),
)
const token = lettersOf(`${base64}"'&%$\`^ 日本🦊`, 4000)

const maskerOf = (...values: readonly string[]) =>
  createMasker(values.map((value, index) => ({ name: `S${index}`, value })))
const wrapped = (text: string, end = '\n') => text.replace(/.{76}(?=.)/g, `$&${end}`)
const hex = (text: string) => Buffer.from(text).toString('hex')
const within = (before: string, text: string) => Buffer.from(`${before}${text}`).toString('base64')
const escaped = (text: string) =>
  JSON.stringify(text).replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** What is shown of a spelling: nothing, but for what belongs to its neighbours. */
const spellings: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  base64: (text) => within('', text),
  'base64, wrapped': (text) => wrapped(within('', text), '\r\n'),
  'base64 behind one byte': (text) => within('u', text).slice(2),
  'base64 behind two bytes': (text) => within('u:', text).slice(3),
  'base64 of UTF-16': (text) => wrapped(Buffer.from(text, 'utf16le').toString('base64')),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  hexadecimal: (text) => wrapped(hex(text).toUpperCase()),
  'hexadecimal with colons': (text) => hex(text).replace(/..(?=.)/g, '$&:'),
  'bytes of C': (text) => wrapped(hex(text).replace(/../g, '\\x$&')),
  URL: (text) => encodeURIComponent(text),
  'URL twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  form: (text) => new URLSearchParams({ a: text }).toString().slice(2),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'JSON in ASCII': (text) => escaped(text).slice(1, -1),
  XML: (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  shell: (text) => text.replaceAll("'", "'\\''"),
  PowerShell: (text) => text.replaceAll("'", "''"),
  'batch file': (text) => text.replaceAll('%', '%%'),
  'with NULs': (text) => [...text].join('\0'),
  'in colours': (text) => text.replace(/[A-Z]+/g, '\u001b[1m$&\u001b[0m'),
}

for (const [title, value] of Object.entries({
  'a key of 3 KB': key.trimEnd(),
  'a JSON document': json,
  'a token': token,
})) {
  describe(`the masker, of ${title}`, () => {
    const masker = maskerOf(value)
    for (const [spelling, spell] of Object.entries(spellings)) {
      it(`hides it whole: ${spelling}`, () => {
        const text = spell(value)
        const masked = masker.mask(`<${text}>`)
        assert.match(masked.replace('\u001b[0m', ''), /^<\*\*\*=?>$/)
        const sizes = randomFrom(text.length)
        assert.equal(inPieces(`<${text}>`, masker, () => 1 + sizes.below(300)).join(''), masked)
      })
    }
  })
}

describe('the masker, of long values', () => {
  const begun = lettersOf(base64, 200)
  const sets: Readonly<Record<string, readonly string[]>> = {
    'with a common beginning': [`${begun}${lettersOf(base64, 100)}`, `${begun}${lettersOf('ab', 150)}`],
    periodic: ['ab'.repeat(200), `${'ab'.repeat(140)}${lettersOf('abc', 100)}`],
    'of a period with many characters': [`${'abcdefg'.repeat(60)}hij${'abcdefg'.repeat(20)}`],
    'of several lines': [Array.from({ length: 5 }, () => lettersOf('ab"\\日', 70)).join('\n')],
  }

  for (const [title, values] of Object.entries(sets)) {
    it(`gives the same as the plainest means, however the text is cut: ${title}`, () => {
      const masker = maskerOf(...values)
      const forms = secretForms(values)
      const longs = forms.flatMap(({ longer = [] }) => longer.map(({ text }) => text))
      const pick = randomFrom(7)
      const part = () => {
        const form = longs[pick.below(longs.length)] ?? ''
        const insertion = pick.pick(['', '', '\n', '\r\n', '\0', '\u001b[1m', '\u001b]0;a\u0007'])
        const every = 20 + pick.below(100)
        const shown = form.slice(pick.pick([0, 0, pick.below(40)]), pick.pick([form.length, pick.below(form.length)]))
        return insertion === '' ? shown : shown.replace(new RegExp(`[^]{${every}}`, 'g'), `$&${insertion}`)
      }
      for (let round = 0; round < 10; round++) {
        const text = Array.from({ length: 1 + pick.below(4) }, part).join(pick.pick(['', '', ' ', '\n', 'ab']))
        const masked = plainMask(text, forms)
        const message = `round ${round}: ${JSON.stringify({ text })}`
        assert.equal(masker.mask(text), masked, message)
        for (const most of [2, 30, 500]) {
          assert.equal(inPieces(text, masker, () => 1 + pick.below(most)).join(''), masked, message)
        }
      }
    }).timeout(60_000)
  }

  it('holds nothing back for the rest of one that has begun', () => {
    const stream = maskerOf(token).stream()
    assert.equal(stream.write(`a ${token.slice(0, 100)}`), 'a ***')
    assert.equal(stream.held(), '')
    assert.equal(stream.write(token.slice(100, 3000)), '')
    assert.equal(stream.held(), '')
    assert.equal(stream.write('. b'), '. b')
  })

  it('gives up where more than a screen of nothing stands inside, and holds back no more than that', () => {
    const broken = (by: number) => `${token.slice(0, 500)}${'\n'.repeat(by)}${token.slice(500)}`
    assert.equal(maskerOf(token).mask(broken(1024)), '***')
    assert.ok(maskerOf(token).mask(broken(1025)).endsWith(token.slice(501)))
    const stream = maskerOf(token).stream()
    stream.write(token.slice(0, 500))
    for (let piece = 0; piece < 20; piece++) stream.write('\n'.repeat(500))
    assert.equal(stream.held(), '')
  })

  it('keeps the table small: a few thousand units for each line of a key', () => {
    const units = secretForms([key]).reduce((sum, { text }) => sum + text.length, 0)
    assert.ok(units < 300_000, String(units))
  })
})
