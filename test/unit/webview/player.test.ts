import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { contrast, readableOn } from '../../../src/webview/player/contrast.ts'
import { lineByLine } from '../../../src/webview/player/line-by-line.ts'
import { skipPauses } from '../../../src/webview/player/pauses.ts'
import { matchesIn } from '../../../src/webview/player/text-search.ts'
import { linesWith, printedLines } from '../../../src/webview/replay/search.ts'

describe('skipPauses', () => {
  it('shortens what is longer, and nothing else', () => {
    const { length, played } = skipPauses([100, 600, 60_600, 61_000], 61_000, 2000)
    assert.equal(length, 3000)
    assert.deepEqual([0, 100, 600, 60_600, 61_000].map(played), [0, 100, 600, 2600, 3000])
  })

  it('tells the times of either clock from the other', () => {
    const { recorded, played } = skipPauses([100, 600, 60_600, 61_000], 70_000, 2000)
    for (const at of [0, 50, 100, 350, 600, 30_600, 60_600, 61_000, 65_500, 70_000]) {
      assert.ok(Math.abs(recorded(played(at)) - at) < 0.001, `${at}`)
    }
    // In the middle of a pause, both are in its middle.
    assert.equal(played(30_600), 1600)
    assert.equal(recorded(1600), 30_600)
  })

  it('skips nothing where pauses are as long as they like', () => {
    const { length, played } = skipPauses([100, 90_000], 100_000, Number.POSITIVE_INFINITY)
    assert.equal(length, 100_000)
    assert.equal(played(45_678), 45_678)
  })

  it('is of nothing as well', () => {
    const { length, played, recorded } = skipPauses([], 0, 2000)
    assert.deepEqual([length, played(0), recorded(0), played(5), recorded(5)], [0, 0, 0, 0, 0])
  })

  it('takes things that happen at once', () => {
    const { played, recorded } = skipPauses([10, 10, 10, 20], 20, 2000)
    assert.equal(recorded(played(10)), 10)
    assert.equal(played(15), 15)
  })
})

describe('readableOn', () => {
  const white = [255, 255, 255] as const
  const black = [0, 0, 0] as const

  it('measures contrast as WCAG does', () => {
    assert.equal(contrast(white, black), 21)
    assert.equal(contrast(black, black), 1)
    assert.ok(Math.abs(contrast([119, 119, 119], white) - 4.48) < 0.01)
  })

  it('keeps what can be read, and brings near the foreground what cannot', () => {
    assert.deepEqual(readableOn([13, 188, 121], black, white), [13, 188, 121])
    const dim = readableOn([102, 102, 102], [31, 31, 31], [204, 204, 204])
    assert.ok(contrast(dim, [31, 31, 31]) >= 4.5)
    assert.ok(contrast(dim, [31, 31, 31]) < 6, 'and stays quieter than the foreground')
    assert.deepEqual(readableOn(white, white, [200, 200, 200]), [200, 200, 200])
  })
})

describe('the search in a replay', () => {
  const lines = printedLines([
    { at: 0, text: '\x1b[1mtitle\x1b[0m\r\n' },
    { at: 10, text: '\r10%', execution: 1 },
    { at: 20, text: '\r\x1b[32m100%\x1b[0m\r\nfirst ', execution: 1 },
    { at: 30, text: 'Line\r\n\r\nＡＢＣ ｶﾀｶﾅ', execution: 1 },
  ])

  it('knows each line as it was in the end, and when that was', () => {
    assert.deepEqual(lines, [
      { at: 0, text: 'title' },
      { at: 20, text: '100%', execution: 1 },
      { at: 30, text: 'first Line', execution: 1 },
      { at: 30, text: 'ＡＢＣ ｶﾀｶﾅ', execution: 1 },
    ])
  })

  it('finds letters of any case and width', () => {
    const found = (text: string) => linesWith(lines, text).map((line) => line.text)
    assert.deepEqual(found('LINE'), ['first Line'])
    assert.deepEqual(found('abc カタカナ'), ['ＡＢＣ ｶﾀｶﾅ'])
    assert.deepEqual(found('10%'), [])
    assert.deepEqual(found(''), [])
  })
})

describe('a cast line by line', () => {
  const cast = lineByLine({
    duration: 20,
    markers: [],
    output: [
      { at: 1, text: 'one\r\ntwo\r\nth' },
      { at: 1, text: 'ree\r\n', execution: 1 },
      { at: 1.02, text: '\r\nlast' },
    ],
  })

  it('gives each line a moment of its own, before what comes next', () => {
    assert.deepEqual(
      cast.output.map(({ text }) => text),
      ['one\r\n', 'two\r\n', 'th', 'ree\r\n', '\r\n', 'last'],
    )
    const times = cast.output.map(({ at }) => at)
    assert.ok(times.every((at, index) => at > (times[index - 1] ?? 0)))
    assert.ok((times[3] ?? 2) < 1.02 && times[4] === 1.02)
    assert.equal(cast.output[3]?.execution, 1)
  })
})

describe('matches in a line', () => {
  const found = (text: string, wanted: string) =>
    matchesIn(text, wanted).map(({ start, end }) => text.slice(start, end))

  it('stand where the text has them, whatever their case and width', () => {
    assert.deepEqual(found('Line, line', 'LINE'), ['Line', 'line'])
    assert.deepEqual(found('ＡＢＣ と ｶﾞｶﾞ', 'ガ'), ['ｶﾞ', 'ｶﾞ'])
    assert.deepEqual(found('㍿緑', '株式会社'), ['㍿'])
    assert.deepEqual(found('aaa', 'aa'), ['aa'])
    assert.deepEqual(found('line', ''), [])
    assert.deepEqual(found('line', 'other'), [])
  })
})
