import assert from 'node:assert/strict'
import type { Counts } from '../../support/counting-reporter.ts'
import { filesToTryAgain, withSecondTry } from '../../support/second-try.ts'

const failure = (file: string | undefined, title = `${file} fails`) => ({ title, error: 'no', file })
const counts = (more: Partial<Counts>): Counts => {
  const failures = more.failures ?? []
  const passed = Object.values(more.passedIn ?? {}).reduce((total, count) => total + count, 0)
  const base = { passed, passedIn: {}, failed: failures.length, skipped: [], failures, retried: [], complete: true }
  return { ...base, ...more }
}

describe('a second try', () => {
  it('is for the files in which a test failed, each once', () => {
    const failures = [failure('b'), failure('a'), failure('b', 'b fails, too')]
    assert.deepEqual(filesToTryAgain({ failures, complete: true }), ['b', 'a'])
    assert.deepEqual(filesToTryAgain({ failures: [], complete: true }), [])
  })

  it('is for nothing where much is broken, where the run was cut off, or where a failure is of no file', () => {
    const many = Array.from({ length: 7 }, (_, n) => failure(`${n}`))
    assert.deepEqual(filesToTryAgain({ failures: many, complete: true }), [])
    assert.deepEqual(filesToTryAgain({ failures: [failure('a')], complete: false }), [])
    assert.deepEqual(filesToTryAgain({ failures: [failure('a'), failure(undefined)], complete: true }), [])
  })

  it('counts for its files in place of the first, which stays named', () => {
    const skipped = [
      { title: 'a is not here', suite: 'a', reason: 'no', file: 'a' },
      { title: 'c is not here', suite: 'c', reason: 'no', file: 'c' },
    ]
    const first = counts({
      passedIn: { a: 3, b: 5, c: 7 },
      failures: [failure('a'), failure('b')],
      skipped,
      retried: [failure('c', 'c passes at last')],
    })
    const second = counts({ passedIn: { a: 4, b: 5 }, failures: [failure('b')], skipped: skipped.slice(0, 1) })
    const both = withSecondTry(first, second)
    assert.deepEqual(both.failures, [failure('b')])
    assert.deepEqual(
      { passed: both.passed, failed: both.failed, complete: both.complete },
      { passed: 16, failed: 1, complete: true },
    )
    assert.deepEqual(both.retried, [failure('c', 'c passes at last'), failure('a')])
    assert.deepEqual(both.skipped.map(({ title }) => title).sort(), ['a is not here', 'c is not here'])
  })

  it('that is cut off leaves the whole unfinished', () => {
    const first = counts({ passedIn: { a: 1 }, failures: [failure('a')] })
    const second = counts({ complete: false, failures: [failure('a')] })
    assert.equal(withSecondTry(first, second).complete, false)
  })
})
