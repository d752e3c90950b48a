import assert from 'node:assert/strict'
import { markedOutput } from '../../../src/machine/shells/marked-output.ts'

const mark = { beginning: Buffer.from('\u0001abc'), rest: Buffer.from('02\u0001') }

describe('the output of one step of a session', () => {
  for (const size of [1, 2, 3, 4, 7, 100]) {
    it(`ends at its marks and shows none of them, in pieces of ${size}`, async () => {
      let text = ''
      let complete = false
      const output = markedOutput(mark, 2, undefined, (piece) => {
        text += piece
      })
      void output.complete.then(() => {
        complete = true
      })
      const take = output.stream()
      const bytes = Buffer.from('\u0001abc01\u0001日\u0001ab本\u0001abc02\u0001\u0001abc02\u0001')
      for (let at = 0; at < bytes.length; at += size) {
        assert.equal(complete, false)
        await take(bytes.subarray(at, at + size))
      }
      await output.complete
      await output.end()
      assert.equal(text, '日\u0001ab本')
    })
  }

  it('gives what looked like a mark and was none', async () => {
    let text = ''
    const output = markedOutput(mark, 1, undefined, (piece) => {
      text += piece
    })
    await output.stream()(Buffer.from('x\u0001ab'))
    assert.equal(text, 'x')
    await output.end()
    assert.equal(text, 'x\u0001ab')
  })
})
