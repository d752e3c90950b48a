import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Act } from '../../../src/record/act.ts'
import { annotationsOf, notesByRun } from '../../../src/record/annotations.ts'
import { encodeLine } from '../../../src/record/line.ts'
import { createSummarizer, summarizeRecord } from '../../../src/record/summarizer.ts'
import type { RecordSummary } from '../../../src/record/summary.ts'
import { actSentence } from '../../../src/wording/acts.ts'
import { createTranslator } from '../../../src/wording/translate.ts'
import { description, record, smallRun, start } from './memory-file.ts'

const { operator, host, origin, version } = description

function note(id: string, minutes: number, act: Partial<Extract<Act, { act: 'run-noted' }>> = {}): RecordSummary {
  const entry = { act: 'run-noted', about: { run: 'r1', head: 'h1' }, text: `text of ${id}`, ...act } as const
  const line = { type: 'act', format: 1, id, ...entry, operator, host, origin, version, parents: [] } as const
  return summarizeRecord(`notes/${id}`, encodeLine(0, null, start + minutes * 60_000, line).bytes)
}

const texts = (found: readonly { readonly text: string }[] = []) => found.map(({ text }) => text)

describe('notes to a run', () => {
  it('are found by its id, the oldest first, those to a step with its execution', async () => {
    const notes = await notesByRun([
      note('c', 3, { execution: 2 }),
      note('b', 2),
      note('other', 1, { about: { run: 'r2', head: 'h1' } }),
      note('d', 4, { execution: 2, text: 'I was wrong above.' }),
      note('a', 1),
    ])
    const found = annotationsOf({ id: 'r1', head: 'h1' }, notes)
    assert.equal(found.count, 4)
    assert.deepEqual(texts(found.ofRun), ['text of a', 'text of b'])
    assert.deepEqual([...found.byExecution.keys()], [2])
    assert.deepEqual(texts(found.byExecution.get(2)), ['text of c', 'I was wrong above.'])
    assert.deepEqual(found.ofRun[0], {
      id: 'a',
      path: 'notes/a',
      operator,
      time: start + 60_000,
      text: 'text of a',
      isOutdated: false,
    })
  })

  it('say when the record is another one than they were written to', async () => {
    const notes = await notesByRun([note('old', 1, { about: { run: 'r1', head: 'h0' } }), note('new', 2)])
    const outdated = (head: string) =>
      annotationsOf({ id: 'r1', head }, notes).ofRun.map(({ isOutdated }) => isOutdated)
    assert.deepEqual(outdated('h1'), [true, false])
    assert.deepEqual(outdated('h2'), [true, true])
  })

  it('point at the head that the summary of the run has', async () => {
    const summarizer = createSummarizer('p')
    summarizer.push(await record(smallRun))
    const { summary, head } = summarizer.end(0)
    assert.ok(summary.outcome === 'succeeded')
    assert.match(head ?? '', /^[0-9a-f]{64}$/)
    assert.equal(summary.head, head)
  })

  it('are none where there are none, and of another act, or without a text', async () => {
    const about = { run: 'r1', head: 'h1' }
    const [signOff, silent] = [{ act: 'run-signed-off', mastery: 'watched' } as const, { act: 'run-noted' }].map(
      (act) => {
        const line = {
          type: 'act',
          format: 1,
          id: 'x',
          ...act,
          about,
          operator,
          host,
          origin,
          version,
          parents: [],
        } as const
        return summarizeRecord('p', encodeLine(0, null, start, line).bytes)
      },
    )
    assert.ok(signOff?.outcome === 'act' && silent?.outcome === 'act')
    const found = annotationsOf({ id: 'r1', head: 'h1' }, await notesByRun([signOff, silent]))
    assert.deepEqual([found.count, found.ofRun, found.byExecution.size], [0, [], 0])
  })

  it('are told in a line by how they begin', () => {
    const t = createTranslator({})
    const sentence = (text: string, execution?: number) =>
      actSentence({ act: 'run-noted', text, ...(execution && { execution }) }, t)
    assert.equal(sentence('This warning is normal'), 'Note to a run: This warning is normal')
    assert.equal(sentence('First line\nand more', 3), 'Note to a step: First line …')
    assert.equal(sentence('あ'.repeat(61)), `Note to a run: ${'あ'.repeat(60)}…`)
  })
})
