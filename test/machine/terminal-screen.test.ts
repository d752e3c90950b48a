import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { textWithoutMoves } from '../../src/execution/terminal-text.ts'
import { screenText } from '../../src/machine/screen-text.ts'

describe('what a terminal shows in the end', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['plain text stays as it is', 'a \tb\n\n c  \n', 'a \tb\n\n c  \n'],
    ['colours go', '\x1b[1;31mred\x1b[0m\n\x1b[38;5;208morange\x1b[m\n', 'red\norange\n'],
    ['titles and links go', '\x1b]0;title\x07a \x1b]8;;https://example.jp\x1b\\link\x1b]8;;\x1b\\\n', 'a link\n'],
    ['a progress bar is in its last state', '\r 10%\r 50%\r100%\ndone\n', '100%\ndone\n'],
    ['what is longer stays behind what is shorter', 'loading\rok\n', 'okading\n'],
    ['a line is erased', 'loading\r\x1b[2Kok\n', 'ok\n'],
    ['several bars move together', 'a 0%\nb 0%\n\x1b[2Aa 100%\nb 100%\nend\n', 'a 100%\nb 100%\nend\n'],
    ['a cursor that is set', 'x\n\n\n\x1b[2;3Hhere\x1b[4;1H', 'x\n  here\n\n'],
    ['wide characters are overwritten', '進捗 10%\r完了\x1b[K\n', '完了\n'],
    ['a wide character that is cut in half goes', '漢字\rab漢\n', 'ab漢\n'],
    ['a backspace goes back', 'abc\b\bX\n', 'aXc\n'],
    [
      'a screen that was left leaves nothing',
      'before\n\x1b[?1049h\x1b[2Jtop\nof\n\x1b[?1049lafter\n',
      'before\nafter\n',
    ],
    ['a screen that was never left stands below', 'before\n\x1b[?1049h\x1b[H\x1b[2Jtop', 'before\n\ntop'],
    ['a cleared screen is gone', 'before\n\x1b[H\x1b[2J\x1b[3Jafter\n', 'after\n'],
    ['a sequence that is cut off', 'a\n\x1b[3', 'a\n'],
    ['nothing', '', ''],
  ]
  for (const [name, text, expected] of cases) {
    it(name, async () => assert.equal(await screenText(text), expected))
  }

  it('loads no terminal for colours alone', () => {
    assert.equal(textWithoutMoves('\x1b[32m✓\x1b[0m 進みました\r\n'), '✓ 進みました\n')
    assert.equal(textWithoutMoves('50%\r100%'), undefined)
  })

  it('keeps lines that are wider than the terminal in one piece', async () => {
    const long = '記録'.repeat(300)
    assert.equal(await screenText(`a\rb\n${long}\n${'x'.repeat(1000)}\n`), `b\n${long}\n${'x'.repeat(1000)}\n`)
  })

  it('keeps every line of a long output', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `line ${index}`)
    const text = lines.map((line) => `0%\r${line}\n`).join('')
    assert.equal(await screenText(text), `${lines.join('\n')}\n`)
  })

  it('forgets what scrolled away before the screen was cleared with it', async () => {
    const long = 'x\r\n'.repeat(40_000)
    assert.equal(await screenText(`\r${long}\x1b[H\x1b[2J\x1b[3Jend\n`), 'end\n')
  })

  it('is not kept busy by a number', async () => {
    for (const final of 'STLMIZb@PX') await screenText(`a\x1b[2000000000${final}b\n`)
  })
})
