import assert from 'node:assert/strict'
import { maskedOutput } from '../../../src/execution/masked-output.ts'
import { createRunMasker } from '../../../src/execution/run-masker.ts'
import { randomFrom } from '../secrets/random.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

describe('masked output', () => {
  it('is given on with its UTF-8 where nothing in it was masked, whatever is held back', async () => {
    let atHand = 0
    let masked = 0
    for (let round = 0; round < 300; round++) {
      const random = randomFrom(round)
      const masker = createRunMasker()
      masker.learn('A', 'secret-日本')
      let whole = ''
      const output = maskedOutput(
        masker.stream(),
        async () => {},
        async (text, utf8) => {
          whole += text
          if (text.includes('***')) masked++
          if (utf8 === undefined) return
          atHand++
          assert.equal(utf8.map((part) => decoder.decode(part)).join(''), text)
        },
      )
      for (let piece = 0; piece < 30; piece++) {
        if (piece === 15) masker.learn('B', 'learned-🍣')
        const text = random.pick([
          '日本語\n',
          'plain ',
          'sec',
          'secret-日',
          '本',
          'secret-日本',
          'learned-🍣',
          'le',
          's',
        ])
        await output.write(text, random.pick([encoder.encode(text), undefined]))
      }
      await output.end()
      assert.ok(!whole.includes('secret-日本'))
    }
    assert.ok(atHand > 1000)
    assert.ok(masked > 100)
  })
})
