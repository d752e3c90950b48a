import assert from 'node:assert/strict'
import { dateSpanOf } from '../../../src/record/date-span.ts'
import { runBefore } from '../../../src/record/run-before.ts'
import { createRunFilter, type RunFilter } from '../../../src/record/run-filter.ts'
import { createRecordSearch } from '../../../src/record/search.ts'
import type { ActSummary, ReadableRun, RecordSummary } from '../../../src/record/summary.ts'
import { textIndex } from '../../../src/record/text-index.ts'

const run = (id: string, more: Partial<ReadableRun> = {}): ReadableRun => ({
  path: `${id}.jsonl`,
  id,
  runbook: { path: 'ops/joining.md', title: '入社時のアカウント作成', sha256: '' },
  operator: { name: '佐藤 健', email: 'k.sato@example.co.jp' },
  origin: 'editor',
  head: `head of ${id}`,
  startedAt: 1000,
  outcome: 'succeeded',
  counts: { succeeded: 1, failed: 0, skipped: 0, cancelled: 0, 'timed-out': 0 },
  tally: { all: 1, succeeded: 1, undone: 0 },
  started: 1,
  steps: [],
  results: {},
  ...more,
})

const note: ActSummary = {
  path: 'note.jsonl',
  id: 'n',
  outcome: 'act',
  act: 'run-noted',
  about: { run: 'a', head: 'head of a' },
  text: 'この警告は正常です',
  operator: { name: '鈴木' },
  origin: 'editor',
  startedAt: 5000,
}

const records: readonly RecordSummary[] = [
  note,
  run('d', { startedAt: 4000, outcome: 'running' }),
  run('c', { startedAt: 3000, outcome: 'failed', runbook: { path: 'backup.md', title: 'Backup', sha256: '' } }),
  run('b', { startedAt: 2000, outcome: 'abandoned', operator: { name: 'Suzuki' } }),
  run('a'),
  { path: 'x.jsonl', outcome: 'unreadable', reason: 'empty', startedAt: 500 },
]
const paths = (found: readonly RecordSummary[]) => found.map(({ path }) => path.replace('.jsonl', '')).join('')

describe('createRunFilter', () => {
  const filtered = (filter: RunFilter) => paths(records.filter(createRunFilter(filter)))

  it('keeps what fits everything that was asked', () => {
    assert.equal(filtered({}), 'notedcbax')
    assert.equal(filtered({ runbook: 'ＪＯＩＮＩＮＧ 入社' }), 'dba')
    assert.equal(filtered({ runbookPath: 'joining.md' }), '')
    assert.equal(filtered({ runbookPath: 'backup.md' }), 'c')
    assert.equal(filtered({ operator: 'suzuki' }), 'b')
    assert.equal(filtered({ operator: 'k.sato@example' }), 'dca')
    assert.equal(filtered({ operator: '鈴木' }), 'note')
    assert.equal(filtered({ outcome: 'failed' }), 'c')
    assert.equal(filtered({ outcome: 'unfinished' }), 'cbx')
    assert.equal(filtered({ outcome: 'unreadable' }), 'x')
    assert.equal(filtered({ since: 2000, until: 4000 }), 'cb')
    assert.equal(filtered({ since: 1000, until: 4000, operator: '佐藤', outcome: 'succeeded' }), 'a')
  })
})

describe('createRecordSearch', () => {
  const texts = ['New-ADUser -Name $env:USER_ID', 'systemctl restart', 'この警告は正常です', '引き継ぎメモ']
  const digests = [[2], [0], [1], [0, 3], [0], []].map((own) => ({ texts: own.map((which) => texts[which] ?? '') }))
  const found = (text: string) => {
    const search = createRecordSearch(text)
    search.push(records.slice(0, 3), textIndex(digests.slice(0, 3)))
    search.push(records.slice(3), textIndex(digests.slice(3)))
    return paths(records.filter(search.isFound))
  }

  it('finds commands, notes, names; every word, whatever its case and width', () => {
    assert.equal(found('new-aduser'), 'dba')
    assert.equal(found('ＮＥＷ-ADUSER 引き継ぎ'), 'b')
    assert.equal(found('restart backup'), 'c')
    assert.equal(found('nowhere'), '')
    assert.equal(found('  '), 'notedcbax')
    assert.equal(found('x.jsonl'), 'x')
  })

  it('finds a run by what was noted to it later', () => {
    assert.equal(found('警告は正常'), 'notea')
  })
})

describe('dateSpanOf', () => {
  const day = (year: number, month: number, date: number) => new Date(year, month - 1, date).getTime()

  it('reads years, months, days and minutes as all of them', () => {
    assert.deepEqual(dateSpanOf('2026'), { from: day(2026, 1, 1), to: day(2027, 1, 1) })
    assert.deepEqual(dateSpanOf('2026-12'), { from: day(2026, 12, 1), to: day(2027, 1, 1) })
    assert.deepEqual(dateSpanOf('2026-9-1'), { from: day(2026, 9, 1), to: day(2026, 9, 2) })
    assert.deepEqual(dateSpanOf(' 2026-09-01T09:30 '), {
      from: day(2026, 9, 1) + 9.5 * 3_600_000,
      to: day(2026, 9, 1) + 9.5 * 3_600_000 + 60_000,
    })
  })

  it('knows what is no date', () => {
    for (const text of ['', 'today', '2026-02-30', '2026-13', '2026-00', '2026-09-01T24:00', '26-09-01', '2026-09-01x'])
      assert.equal(dateSpanOf(text), undefined, text)
  })
})

describe('runBefore', () => {
  it('is the last run of the same runbook that began before', () => {
    const runs = records.filter((record): record is ReadableRun => 'results' in record)
    assert.equal(runBefore(run('d', { startedAt: 4000 }), runs)?.id, 'b')
    assert.equal(runBefore(run('a'), runs), undefined)
  })
})
