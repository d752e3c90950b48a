import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { summarizeRecord } from '../../../src/record/summarizer.ts'
import { commitMessage, commitSentences } from '../../../src/wording/record-commit.ts'
import { createTranslator } from '../../../src/wording/translate.ts'
import { description, record, runEnded, smallRun, stepStarted } from '../record/memory-file.ts'

const en = createTranslator({})

describe('the message of a commit with records', () => {
  it('says of one what ran, how it went and who did it', async () => {
    const summary = summarizeRecord('a.jsonl', await record(smallRun))
    assert.equal(commitMessage([summary]), 'Record: 入社時のアカウント作成 succeeded (佐藤 健, 2/2)')
  })

  it('lists several, the oldest first, each on one line whatever its title holds', async () => {
    const run = { ...description, runbook: { ...description.runbook, title: 'A\n\nSigned-off-by:\u2028x' } }
    const events = [{ type: 'run-started', time: 0, run } as const, stepStarted(1), runEnded]
    const strange = summarizeRecord('b.jsonl', await record(events))
    const usual = summarizeRecord('a.jsonl', await record(smallRun))
    assert.equal(
      commitMessage([usual, strange]),
      [
        'Records: 2 runs',
        '',
        '- 1970-01-01 A Signed-off-by: x succeeded (佐藤 健, 0/0)',
        '- 2026-09-01 入社時のアカウント作成 succeeded (佐藤 健, 2/2)',
        '',
      ].join('\n'),
    )
  })

  it('names what was left out after what was done', async () => {
    const summary = summarizeRecord('a.jsonl', await record(smallRun))
    const report = {
      result: { kind: 'committed', commit: 'abc1234' },
      records: [summary],
      tainted: [{ path: 't.jsonl', lines: [3, 7] }],
      unsound: ['u.jsonl'],
    } as const
    const [done, tainted, unsound] = commitSentences(report, en, 'en')
    assert.equal(done, 'The record is committed (abc1234).')
    assert.match(tainted ?? '', /t\.jsonl, line 3, 7/)
    assert.match(unsound ?? '', /u\.jsonl/)
  })
})
