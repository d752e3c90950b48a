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
  const read = (bytes: Buffer, size: number, encoding?: string) => {
    const output = outputText(encoding)
    const decoder = output.stream()
    let text = ''
    for (let at = 0; at < bytes.length; at += size) text += decoder.write(bytes.subarray(at, at + size))
    text += decoder.end()
    const exit = output.exit({ kind: 'refused', problem: { code: 'busy', values: {} } })
    return { text, bytes: exit.undecodable?.bytes ?? 0, sha256: exit.undecodable?.sha256 }
  }
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  const cases: readonly (readonly [string, readonly number[], string | undefined, string, readonly number[]])[] = [
    ['a stray byte', [0x41, 0xff, 0x42, 0x0a], 'utf-8', 'A\ufffdB\n', [0xff]],
    ['a stray byte, undeclared', [0x41, 0xff, 0x42, 0x0a], undefined, 'A\ufffdB\n', [0xff]],
    ['a character cut off at the end', [...Buffer.from('日本')].slice(0, 5), undefined, '日\ufffd', [0xe6, 0x9c]],
    ['the same, declared', [...Buffer.from('日本')].slice(0, 5), 'utf-8', '日\ufffd', [0xe6, 0x9c]],
    ['half a surrogate pair', [0x41, 0, 0x3d, 0xd8, 0x42, 0], 'utf-16le', 'A\ufffdB', [0x3d, 0xd8]],
    ['half a surrogate pair, big end first', [0, 0x41, 0xd8, 0x3d, 0, 0x42], 'utf-16be', 'A\ufffdB', [0xd8, 0x3d]],
    ['an odd byte', [0x41, 0, 0x42], 'utf-16le', 'A\ufffd', [0x42]],
    ['a lead byte alone', [0x93, 0xfa, 0x81, 0x0a], 'cp932', '日\ufffd\n', [0x81]],
    ['a lead byte at the end', [0x93, 0xfa, 0x81], 'cp932', '日\ufffd', [0x81]],
    ['a pair that is none', [0x85, 0x40, 0x41], 'cp932', '\ufffdA', [0x85, 0x40]],
    ['bytes that begin nothing', [0xa0, 0xb1, 0xff], 'cp932', '\ufffdｱ\ufffd', [0xa0, 0xff]],
  ]
  for (const [what, bytes, encoding, text, invalid] of cases) {
    it(`are counted and hashed: ${what}`, () => {
      for (const size of [1, 2, 3, 100]) {
        const expected = { text, bytes: invalid.length, sha256: sha256(Buffer.from(invalid)) }
        assert.deepEqual(read(Buffer.from(bytes), size, encoding), expected, `by ${size}`)
      }
    })
  }

  it('are those that the decoders replace, for all pairs of bytes', () => {
    for (const encoding of ['utf-8', 'cp932']) {
      for (let pair = 0; pair < 0x10000; pair++) {
        const bytes = Buffer.from([pair >> 8, pair & 0xff, 0x41])
        const { text, bytes: count } = read(bytes, 3, encoding)
        assert.equal(count > 0, text.includes('\ufffd'), `${encoding} ${bytes.toString('hex')}`)
        const plain = new TextDecoder(encoding === 'cp932' ? 'shift_jis' : encoding).decode(bytes)
        // Three control characters have other places in the converter behind TextDecoder.
        if (![0x1a, 0x1c, 0x7f].some((control) => bytes.includes(control))) assert.equal(text, plain)
      }
    }
  })

  it('are not said of text, even if that holds U+FFFD itself', () => {
    for (const encoding of [undefined, 'utf-8', 'utf-16le', 'cp932'] as const) {
      const sample = encoding === 'cp932' ? cp932('日本語①㈱髙﨑ｱ\n') : Buffer.from('日\ufffd本🍣\n')
      const bytes = encoding === 'utf-16le' ? Buffer.from('日\ufffd本🍣\n', 'utf16le') : sample
      for (const size of [1, 3, 100]) assert.equal(read(bytes, size, encoding).bytes, 0, `${encoding} by ${size}`)
    }
    const both = Buffer.concat([Buffer.from('日本\ufffd'), Buffer.from([0xff]), Buffer.from('語です\n')])
    for (const size of [1, 4, 100]) assert.equal(read(both, size, 'utf-8').bytes, 1)
  })

  it('are hashed over all streams, in the order in which they came', () => {
    const output = outputText(undefined)
    const [one, two] = [output.stream(), output.stream()]
    one.write(Buffer.from('a'))
    two.write(Buffer.from([0xff, 0x0a]))
    one.write(Buffer.from([0xfe, 0x0a]))
    one.end()
    two.end()
    const exit = output.exit({ kind: 'refused', problem: { code: 'busy', values: {} } })
    assert.deepEqual(exit.undecodable, { bytes: 2, sha256: sha256(Buffer.from([0xff, 0xfe])) })
  })

  it('gives with a text its UTF-8 where that is at hand, however two streams are cut and take turns', () => {
    const pieceOf = (n: number) => `${n} 日本語①🍣 é `.repeat(1 + ((n * 7919) % 900))
    const streams = [undefined, 'utf-8'].map((encoding, stream) => {
      const source = Array.from({ length: 40 }, (_, n) => pieceOf(n + stream * 100)).join('\n')
      return {
        decoder: streamDecoder(encoding),
        source,
        bytes: Buffer.from(source),
        at: 0,
        text: '',
        utf8: Buffer.alloc(0),
      }
    })
    let atHand = 0
    for (let turn = 0; streams.some(({ at, bytes }) => at < bytes.length); turn++) {
      const given = streams.map((stream) => {
        const to = stream.at + 1 + ((turn * 104_729) % 65_536)
        const text = stream.decoder.write(stream.bytes.subarray(stream.at, to))
        stream.at = to
        return { stream, text, utf8: stream.decoder.utf8?.() }
      })
      // Looked at when the other stream has been read, too.
      for (const { stream, text, utf8 } of given) {
        if (utf8) atHand++
        stream.text += text
        stream.utf8 = Buffer.concat([stream.utf8, utf8 ?? Buffer.from(text)])
      }
    }
    for (const { source, bytes, decoder, text, utf8 } of streams) {
      assert.equal(text + decoder.end(), source)
      assert.ok(utf8.equals(bytes))
    }
    assert.ok(atHand > 20)
  })

  it('gives no UTF-8 with a text that came in other bytes', () => {
    for (const bytes of [cp932('日本\n'), Buffer.from('\ufeff日', 'utf16le'), Buffer.from([0x41, 0xff, 0x0a])]) {
      const decoder = streamDecoder()
      assert.notEqual(decoder.write(bytes), '')
      assert.equal(decoder.utf8?.(), undefined)
    }
    const marked = streamDecoder('utf-8')
    assert.equal(marked.write(Buffer.from('\ufeff日')), '日')
    assert.equal(marked.utf8?.(), undefined)
  })
})
