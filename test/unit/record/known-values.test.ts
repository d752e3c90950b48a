import assert from 'node:assert/strict'
import type { Act } from '../../../src/record/act.ts'
import { createKnownValues, type KnownValues } from '../../../src/record/known-values.ts'
import { step, trialRun } from '../execution/trial-run.ts'

const declared = `---
secrets:
  - { name: DB_PASSWORD, from: op read op://vault/db }
  - { name: API_TOKEN }
---
`
const book = `${declared}${step('use', 'echo $DB_PASSWORD $API_TOKEN')}- [ ] Look
`
const run = 'abcdefabcdef'
const head = '0'.repeat(64)
const noted = (text: string, about = run): Act => ({ act: 'run-noted', about: { run: about, head }, text })

/** Of a run that is over; its one secret came from a command, its other one from a keychain. */
async function knownOfRun(): Promise<KnownValues> {
  const known = createKnownValues()
  const { run: ended, execute } = trialRun(book, {
    ports: {
      remember: known.remember,
      secretCommand: async () => ({ kind: 'exited', exitCode: 0, stdout: 'from-a-command-4711\n', stderr: '' }),
    },
  })
  assert.deepEqual(await execute(), { kind: 'finished', outcome: 'succeeded' })
  await ended.finish()
  return known
}

describe('what a run had to mask', () => {
  it('is masked in a note that is written when it is over, wherever it came from and in whatever form', async () => {
    const { masked } = await knownOfRun()
    const base64 = Buffer.from('from-a-command-4711').toString('base64')
    const text = `from-a-command-4711, ${base64}, value-of-API_TOKEN, plain`
    assert.deepEqual(masked(noted(text)), noted('***, ***, ***, plain'))
  })

  it('is masked in what a successor says who followed it, or carried it out', async () => {
    const { masked } = await knownOfRun()
    const signed = (about: string, own: string | undefined, text: string): Act => ({
      act: 'run-signed-off',
      about: { run: about, head },
      ...(own === undefined ? {} : { own: { run: own, head } }),
      mastery: 'practised',
      with: text,
      text,
    })
    for (const [about, own] of [
      [run, undefined],
      ['another', run],
    ] as const) {
      assert.deepEqual(masked(signed(about, own, 'from-a-command-4711')), signed(about, own, '***'))
    }
    const bare: Act = { act: 'run-signed-off', about: { run, head }, mastery: 'watched' }
    assert.deepEqual(masked(bare), bare)
  })

  it('stays in what is about another run, or about none', async () => {
    const { masked } = await knownOfRun()
    assert.deepEqual(masked(noted('from-a-command-4711', 'another')), noted('from-a-command-4711', 'another'))
    const act: Act = { act: 'secrets-set', secrets: ['DB_PASSWORD'] }
    assert.deepEqual(masked(act), act)
  })

  it('is known of the last hundred runs', () => {
    const { remember, masked } = createKnownValues()
    remember('none', [])
    for (let index = 0; index <= 100; index += 1) remember(`run-${index}`, [{ name: 'A', value: 'a-long-value' }])
    assert.deepEqual(masked(noted('a-long-value', 'run-0')), noted('a-long-value', 'run-0'))
    for (const id of ['run-1', 'run-100']) assert.deepEqual(masked(noted('a-long-value', id)), noted('***', id))
  })
})
