import assert from 'node:assert/strict'
import { closingLines, type Result } from '../../support/closing-lines.ts'

const result = (more: Partial<Result>): Result => ({
  title: 'machine',
  seconds: 61.25,
  passed: 0,
  failed: 0,
  skipped: [],
  failures: [],
  retried: [],
  ...more,
})
const skipped = (suite: string, reason: string, count = 1) =>
  Array.from({ length: count }, (_, n) => ({ title: `${suite} ${n}`, suite, reason }))

describe('the end of all tests', () => {
  it('is a table and a count when all is well', () => {
    const lines = closingLines([result({ title: 'unit', passed: 12, seconds: 1 }), result({ passed: 3 })])
    assert.deepEqual(lines, [
      '',
      'unit                12     0     0      1.0 s',
      'machine              3     0     0     61.3 s',
      '',
      '15 passed, 0 failed, 0 skipped',
    ])
  })

  it('says of what was skipped each reason once, with how many it hit and where', () => {
    const lines = closingLines([
      result({
        skipped: [
          ...skipped('many shells', 'pwsh was not found.'),
          ...skipped('pwsh', 'pwsh was not found.', 60),
          ...skipped('age', ''),
        ],
      }),
      result({ title: 'ui en', skipped: ['a', 'b', 'c', 'd', 'e'].flatMap((suite) => skipped(suite, 'no keyring')) }),
    ])
    assert.deepEqual(lines.slice(1, 4), [
      'skipped in machine, 61 tests of “pwsh”, “many shells”: pwsh was not found.',
      'skipped in machine, 1 test of “age”: no reason was given',
      'skipped in ui en, 5 tests of “a”, “b”, “c”, 2 more: no keyring',
    ])
    assert.equal(lines.at(-1), '0 passed, 0 failed, 67 skipped')
  })

  it('names what failed last, just before the table, and before it what passed only when tried again', () => {
    const failure = { title: 'a run ends', error: 'Expected 1, not 2', place: 'test/machine/run.test.ts:12' }
    const lines = closingLines([
      result({ title: 'unit', failed: 1, failures: [failure], skipped: skipped('x', 'y') }),
      result({
        title: 'ui ja',
        failed: 1,
        failures: [{ title: 'ui ja', error: 'ended with 1' }],
        retried: [{ ...failure, title: 'the tree opens' }],
        problem: 'ended with 1',
      }),
    ])
    assert.deepEqual(lines, [
      '',
      'skipped in unit, 1 test of “x”: y',
      '',
      'passed only when tried again in ui ja: the tree opens',
      '    Expected 1, not 2 (test/machine/run.test.ts:12)',
      '',
      'FAILED in unit: a run ends',
      '    Expected 1, not 2 (test/machine/run.test.ts:12)',
      'FAILED in ui ja: ui ja',
      '    ended with 1',
      '',
      'unit                 0     1     1     61.3 s',
      'ui ja                0     1     0     61.3 s  ended with 1',
      '',
      '0 passed, 2 failed, 1 skipped',
    ])
  })
})
