import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { streamDecoder } from '../../src/machine/decode.ts'
import { encodingNamed } from '../../src/machine/encodings.ts'
import { outputText } from '../../src/machine/output-text.ts'

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

  it('leaves the characters of control in code page 932 what they are', () => {
    const controls = Buffer.from(Array.from({ length: 128 }, (_, code) => code))
    assert.equal(inPieces(controls, 7, 'cp932'), controls.toString('latin1'))
  })

  it('does not make code page 932 of UTF-8 in which a byte is broken', () => {
    const broken = Buffer.concat([Buffer.from('ユーザーを'), Buffer.from([0xe6, 0x97]), Buffer.from('追加しました\n')])
    for (const size of [1000, broken.length - 3]) assert.equal(inPieces(broken, size), 'ユーザーを\ufffd追加しました\n')
  })

  it('knows the names that people give to encodings', () => {
    const names = ['UTF-8', 'utf8', 'cp932', 'Shift_JIS', 'sjis', 'windows-31j', '932', 'utf-16le', 'utf16', ' EUC-JP ']
    assert.deepEqual(names.map(encodingNamed), [
      ...['utf-8', 'utf-8', 'shift_jis', 'shift_jis', 'shift_jis', 'shift_jis', 'shift_jis', 'utf-16le', 'utf-16le'],
      'euc-jp',
    ])
    assert.equal(encodingNamed('nonsense'), undefined)
    assert.equal(encodingNamed(''), undefined)
  })
})

describe('bytes that are no text', () => {
  const read = async (bytes: Buffer, size: number, encoding?: string) => {
    const output = outputText(encoding)
    const decoder = output.stream()
    let text = ''
    for (let at = 0; at < bytes.length; at += size) text += decoder.write(bytes.subarray(at, at + size))
    text += decoder.end()
    const exit = await output.exit({ kind: 'refused', problem: { code: 'busy', values: {} } })
    return { text, bytes: exit.undecodable?.bytes ?? 0, sha256: exit.undecodable?.sha256 }
  }
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  const cases: readonly (readonly [string, Buffer, string | undefined, string, number])[] = [
    ['a stray byte', Buffer.from([0x41, 0xff, 0x42, 0x0a]), 'utf-8', 'A\ufffdB\n', 1],
    ['a stray byte, undeclared', Buffer.from([0x41, 0xff, 0x42, 0x0a]), undefined, 'A\ufffdB\n', 1],
    ['a character cut off at the end', Buffer.from('日本').subarray(0, 5), undefined, '日\ufffd', 2],
    ['a character cut off at the end, declared', Buffer.from('日本').subarray(0, 5), 'utf-8', '日\ufffd', 2],
    ['half a surrogate pair', Buffer.from([0x41, 0, 0x3d, 0xd8, 0x42, 0]), 'utf-16le', 'A\ufffdB', 2],
    ['an odd byte', Buffer.from([0x41, 0, 0x42]), 'utf-16le', 'A\ufffd', 1],
    ['a lead byte alone', Buffer.from([0x93, 0xfa, 0x81, 0x0a]), 'cp932', '日\ufffd\n', 1],
    ['a pair that is none', Buffer.from([0x85, 0x40, 0x41]), 'cp932', '\ufffdA', 2],
  ]
  for (const [what, bytes, encoding, text, undecodable] of cases) {
    it(`are counted, and all bytes are hashed: ${what}`, async () => {
      for (const size of [1, 2, 3, 100]) {
        assert.deepEqual(
          await read(bytes, size, encoding),
          { text, bytes: undecodable, sha256: sha256(bytes) },
          `by ${size}`,
        )
      }
    })
  }

  it('are not said of text, even if that holds U+FFFD itself', async () => {
    for (const encoding of [undefined, 'utf-8', 'utf-16le', 'cp932'] as const) {
      const sample = encoding === 'cp932' ? cp932('日本語①㈱髙﨑ｱ\n') : Buffer.from('日\ufffd本🍣\n')
      const bytes = encoding === 'utf-16le' ? Buffer.from('日\ufffd本🍣\n', 'utf16le') : sample
      for (const size of [1, 3, 100])
        assert.equal((await read(bytes, size, encoding)).bytes, 0, `${encoding} by ${size}`)
    }
    const both = Buffer.concat([Buffer.from('日本\ufffd'), Buffer.from([0xff]), Buffer.from('語です\n')])
    for (const size of [1, 4, 100]) assert.equal((await read(both, size, 'utf-8')).bytes, 1)
  })

  it('are hashed over all that came, however much came before', async () => {
    for (const mebibytes of [3, 9]) {
      const bytes = Buffer.concat([Buffer.alloc(mebibytes * 1024 * 1024, 'text\n'), Buffer.from([0xff, 0x0a])])
      for (const size of [bytes.length, 65_536, 700]) {
        const { bytes: undecodable, sha256: hash } = await read(bytes, size)
        assert.deepEqual([undecodable, hash], [1, sha256(bytes)], `${mebibytes} MiB by ${size}`)
      }
    }
  })

  it('are hashed over all streams in the order in which they came', async () => {
    const output = outputText(undefined)
    const [one, two] = [output.stream(), output.stream()]
    one.write(Buffer.from('a'))
    two.write(Buffer.from([0xff]))
    one.write(Buffer.from('b'))
    one.end()
    two.end()
    const exit = await output.exit({ kind: 'refused', problem: { code: 'busy', values: {} } })
    assert.deepEqual(exit.undecodable, { bytes: 1, sha256: sha256(Buffer.from([0x61, 0xff, 0x62])) })
  })
})
