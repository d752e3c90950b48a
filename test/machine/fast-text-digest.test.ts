import assert from 'node:assert/strict'
import { fastTextDigest } from '../../src/machine/fast-text-digest.ts'
import { textDigest } from '../../src/record/text-digest.ts'

describe('the fast digest of text', () => {
  it('says of every text what the plain one says', () => {
    const fast = fastTextDigest()
    const plain = textDigest()
    const fox = '🦊'
    const pieces = [
      ...['', 'abc', '日本語', 'ascii again', 'é', fox, `lone ${fox[0]}`, `${fox[1]} lone`, '\0\ufffd\ufeff'],
      ...[65_535, 65_536, 65_537, 200_000].flatMap((n) => [
        `${'x'.repeat(n - 1)}${fox}`,
        '日'.repeat(n),
        `é${fox.repeat(n)}`,
      ]),
    ]
    for (const piece of pieces)
      assert.equal(fast.update(piece), plain.update(piece), JSON.stringify(piece.slice(0, 20)))
    assert.equal(fast.hex(), plain.hex())
  })
})
