import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { fastTextDigest } from '../../src/machine/fast-text-digest.ts'
import { textDigest } from '../../src/record/text-digest.ts'

const fox = '🦊'
const texts = [
  ...['', 'abc', '日本語', 'ascii again', 'é', fox, `lone ${fox[0]}`, `${fox[1]} lone`, '\0\ufffd\ufeff'],
  ...[65_535, 65_536, 65_537, 200_000].flatMap((n) => [
    `日${'x'.repeat(n - 2)}${fox}`,
    '日'.repeat(n),
    `é${fox.repeat(n / 2)}`,
    'x'.repeat(n),
  ]),
]

describe('a digest of text', () => {
  for (const [how, create] of [
    ['plain', textDigest],
    ['fast', fastTextDigest],
  ] as const) {
    it(`counts, hashes and hands on what UTF-8 makes of it: ${how}`, () => {
      const digest = create()
      const hash = createHash('sha256')
      for (const text of texts) {
        const bytes = Buffer.from(text)
        const parts: Buffer[] = []
        const length = digest.update(text, (part) => parts.push(Buffer.from(part)))
        assert.equal(length, bytes.length)
        assert.ok(Buffer.concat(parts).equals(bytes), JSON.stringify(text.slice(0, 20)))
        hash.update(bytes)
      }
      assert.equal(digest.hex(), hash.digest('hex'))
    })
  }
})
