import assert from 'node:assert/strict'
import { unifiedDifference } from '../../../src/execution/difference.ts'
import { changedLines, type DifferenceLine, linesOfUnified } from '../../../src/execution/difference-lines.ts'
import { readableText } from '../../../src/execution/readable-text.ts'

const signs = { added: '+', removed: '-', same: ' ', gap: '~' } as const
const drawn = (lines: readonly DifferenceLine[]) => lines.map(({ kind, text }) => `${signs[kind]}${text}`)

describe('the lines of a difference', () => {
  it('are what changed, with three unchanged ones around it', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj'
    assert.deepEqual(drawn(changedLines(before, before.replace('a', 'A').replace('j', 'J'))), [
      ...['-a', '+A', ' b', ' c', ' d', '~', ' g', ' h', ' i', '-j', '+J'],
    ])
  })

  it('are all of both where the texts have nothing in common, however long they are', () => {
    const numbers = (from: number) => Array.from({ length: 20_000 }, (_, index) => from + index).join('\n')
    const lines = changedLines(numbers(0), numbers(50_000))
    assert.equal(lines.length, 40_000)
    assert.deepEqual(lines.at(-1), { kind: 'added', text: '69999' })
  })

  it('come out of a unified diff without its headers', () => {
    assert.deepEqual(drawn(linesOfUnified(unifiedDifference('one\ntwo', 'one\n2'))), [' one', '-two', '+2'])
  })
})

describe('a text to read', () => {
  it('shows what moves the cursor or deceives as its code', () => {
    const marked = (code: string) => `<${code}>`
    assert.equal(readableText('a\tb\n\x1b[2J\u202e🅰', ['U+202E'], marked), 'a\tb\n<U+001B>[2J<U+202E>🅰')
  })
})
