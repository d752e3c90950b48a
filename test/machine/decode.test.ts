import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { streamDecoder } from '../../src/machine/decode.ts'

const text = '日本語①㈱髙﨑🍣 é\nABC\nｱｲｳ〜\n'
const cp932 = (sample: string) =>
  execFileSync('python3', ['-c', 'import sys; sys.stdout.buffer.write(sys.argv[1].encode("cp932"))', sample])

const inPieces = (bytes: Buffer, size: number, encoding?: string): string => {
  const decoder = streamDecoder(encoding)
  let out = ''
  for (let at = 0; at < bytes.length; at += size) out += decoder.write(bytes.subarray(at, at + size))
  return out + decoder.end()
}

describe('bytes as text', () => {
  for (const size of [1, 2, 3, 5, 7, 1000]) {
    it(`reads UTF-8, UTF-16 and code page 932 in pieces of ${size}`, () => {
      assert.equal(inPieces(Buffer.from(text), size), text)
      assert.equal(inPieces(Buffer.from(`\ufeff${text}`, 'utf16le'), size), text)
      assert.equal(inPieces(Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), size), text)
      assert.equal(inPieces(Buffer.from(text, 'utf16le'), size, 'utf-16le'), text)
      assert.equal(inPieces(Buffer.from(`\ufeff${text}`), size), text)
      const japanese = '日本語①㈱髙﨑\nｱｲｳ\n表示ソ'
      assert.equal(inPieces(cp932(japanese), size), japanese)
      assert.equal(inPieces(cp932(japanese), size, 'cp932'), japanese)
    })
  }

  it('tells the encodings of single lines apart', () => {
    const mixed = Buffer.concat([Buffer.from('日本\n'), cp932('日本\n'), Buffer.from('語\n'), cp932('語')])
    for (const size of [1, 2, 4, 100]) assert.equal(inPieces(mixed, size), '日本\n日本\n語\n語')
  })

  it('gives the begun line at once', () => {
    const decoder = streamDecoder()
    assert.equal(decoder.write(Buffer.from('Password: ')), 'Password: ')
    assert.equal(decoder.write(Buffer.from('日').subarray(0, 2)), '')
    assert.equal(decoder.write(Buffer.from('日').subarray(2)), '日')
    assert.equal(decoder.end(), '')
  })

  it('reads as if none were named when the name of the encoding is unknown', () => {
    assert.equal(inPieces(Buffer.from('日'), 1, 'nonsense'), '日')
  })

  it('never loses what is no text', () => {
    assert.match(inPieces(Buffer.from([0x41, 0xff, 0xfe, 0x80, 0x0a, 0x42]), 1), /^A.+\nB$/)
    assert.equal(inPieces(Buffer.from([0xff]), 1).length, 1)
  })
})
