import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { createTerminalScreen, type ScreenLine } from '../../../src/webview/terminal-screen.ts'

function shown(...writes: readonly string[]): Promise<readonly ScreenLine[]> {
  return new Promise((resolve) => {
    let left = writes.length
    const screen = createTerminalScreen(() => {
      left -= 1
      if (left > 0) return
      resolve(screen.lines())
      screen.dispose()
    })
    for (const text of writes) screen.write(text)
  })
}

const textOf = (lines: readonly ScreenLine[]) => lines.map((line) => line.map(({ text }) => text).join(''))

describe('the screen of a step', () => {
  it('has progress bars in their last state', async () => {
    assert.deepEqual(textOf(await shown('10 %\r', '55 %\r100 %\ndone\n')), ['100 %', 'done'])
    assert.deepEqual(textOf(await shown('one\ntwo\n\x1b[2A\x1b[2Kthree\n')), ['three', 'two'])
  })

  it('has colours of the theme, and others', async () => {
    const [line] = await shown(
      'plain \x1b[1;31mred\x1b[0m \x1b[38;2;1;2;3mown\x1b[0m \x1b[38;5;196mcube\x1b[0m\x1b[7m!\x1b[0m\n',
    )
    assert.deepEqual(line, [
      { text: 'plain ', classes: '' },
      { text: 'red', classes: 'front-1 bold' },
      { text: ' ', classes: '' },
      { text: 'own', classes: '', colour: '#010203' },
      { text: ' ', classes: '' },
      { text: 'cube', classes: '', colour: '#ff0000' },
      { text: '!', classes: 'inverse' },
    ])
  })

  it('keeps Japanese, and lines that are longer than it is wide', async () => {
    const long = '長い行'.repeat(100)
    assert.deepEqual(textOf(await shown(`${long}\n終わり\n`)), [long, '終わり'])
  })
})
