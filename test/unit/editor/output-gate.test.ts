import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { createOutputGate } from '../../../src/editor/output-gate.ts'

function harness() {
  const written: string[] = []
  let pending: (() => void) | undefined
  const gate = createOutputGate({
    write: (text) => written.push(text),
    leftOut: (bytes) => `<${bytes}>`,
    after: (_, callback) => {
      pending = callback
      return () => {
        pending = undefined
      }
    },
  })
  /** Lets a tenth of a second pass; false when nobody waits for it. */
  const frame = () => {
    const callback = pending
    pending = undefined
    callback?.()
    return callback !== undefined
  }
  return { gate, frame, shown: () => written.join(''), units: () => written.join('').length }
}

const line = `${'x'.repeat(1023)}\n`
const mebi = line.repeat(1024)

describe('output of a program that prints without end', () => {
  it('is shown as it comes at first', () => {
    const { gate, shown, frame } = harness()
    for (let i = 0; i < 1024; i++) gate.write(line)
    assert.equal(shown(), mebi)
    assert.equal(frame(), false, 'nobody waits')
  })

  it('is shown in parts afterwards, with what is left out counted, and its end is there', () => {
    const { gate, frame, shown, units } = harness()
    gate.write(mebi)
    for (let i = 0; i < 200; i++) {
      gate.write(mebi)
      frame()
    }
    gate.write('the last line\n')
    gate.end()
    assert.ok(units() < mebi.length + 203 * 66_000, `${units()} units`)
    assert.ok(shown().endsWith('the last line\n'))
    const leftOut = Array.from(shown().matchAll(/<(\d+)>/g), ([, count]) => Number(count))
    const kept = shown().replace(/\p{Cc}\[0m\r\n<\d+>\r\n/gu, '').length
    assert.equal(leftOut.reduce((sum, count) => sum + count, 0) + kept, 201 * mebi.length + 'the last line\n'.length)
  })

  it('is all there again when it comes slowly', () => {
    const { gate, frame, shown } = harness()
    gate.write(mebi)
    for (let i = 0; i < 50; i++) {
      gate.write(`slow ${i}\n`)
      frame()
    }
    assert.equal(shown().length, mebi.length + Array.from({ length: 50 }, (_, i) => `slow ${i}\n`).join('').length)
    assert.ok(!shown().includes('<'))
    assert.equal(frame(), false, 'the clock stops')
  })

  it('is cut at the beginning of a line', () => {
    const { gate, frame, shown } = harness()
    gate.write(mebi)
    gate.write(`${'ab'.repeat(600)}\n`.repeat(200))
    frame()
    const [, after = ''] = shown().split(/<\d+>\r\n/)
    assert.ok(after.startsWith('abab') && after.split('\n')[0]?.length === 1200)
  })
})
