import assert from 'node:assert/strict'
import { terminalModes } from '../../../src/cli/terminal-modes.ts'

describe('what a program leaves of a terminal', () => {
  const left = (...output: readonly string[]) => {
    const modes = terminalModes()
    for (const text of output) modes.read(text)
    return modes.undo()
  }

  it('is undone: alternate screen, mouse, hidden cursor', () => {
    assert.equal(left('\x1b[?1049h\x1b[?1000;1006hx\x1b[?25l'), '\x1b[?1049l\x1b[?1000l\x1b[?1006l\x1b[?25h\x1b[0m')
  })
  it('is nothing where the program undid it itself, or did nothing', () => {
    assert.equal(left('\x1b[?1049h\x1b[?25l', 'text', '\x1b[?25h\x1b[?1049l'), '')
    assert.equal(left('\x1b[31mred \x1b[?7l plain [?1049h'), '')
  })
  it('is found when a sequence comes in two parts', () => {
    for (let cut = 1; cut < 8; cut++) {
      const sequence = 'abc\x1b[?1049h'
      assert.equal(left(sequence.slice(0, 3 + cut), sequence.slice(3 + cut)), '\x1b[?1049l\x1b[0m', `cut at ${cut}`)
    }
  })
})
