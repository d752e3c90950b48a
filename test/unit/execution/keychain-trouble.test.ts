import assert from 'node:assert/strict'
import japanese from '../../../l10n/bundle.l10n.ja.json' with { type: 'json' }
import { problemOfMissing, problemOfSecret } from '../../../src/execution/secret-problem.ts'
import { executionProblemSentence } from '../../../src/wording/execution-problems.ts'
import { createTranslator } from '../../../src/wording/translate.ts'
import { step, trialRun } from './trial-run.ts'

describe('why a keychain gave no value', () => {
  const problems = [
    ...(['locked', 'refused', 'unavailable', 'timeout', 'busy', 'failed', 'too-long'] as const).map((code) =>
      problemOfSecret('DB', { code, detail: '' }),
    ),
    problemOfMissing('DB', undefined),
    problemOfMissing('DB', Date.UTC(2026, 10, 1)),
  ]

  for (const [language, bundle] of [
    ['English', {}],
    ['Japanese', japanese],
  ] as const) {
    it(`has a sentence of its own for each reason, in ${language}`, () => {
      const sentences = problems.map((problem) => executionProblemSentence(problem, createTranslator(bundle)))
      assert.equal(new Set(sentences).size, problems.length)
    })
  }

  it('is not waited for by whoever stops the run while the keychain asks', async () => {
    const book = `---\nsecrets: [DB]\n---\n${step('a', 'use $DB')}`
    const trial = trialRun(book, { ports: { secret: () => new Promise(() => undefined) } })
    const executed = trial.execute()
    setTimeout(() => trial.run.cancel(), 10)
    const result = await executed
    assert.equal(result.kind === 'refused' && result.problem.code, 'withdrawn')
    assert.deepEqual([trial.ran, trial.run.state], [[], 'idle'])
  })
})
