import assert from 'node:assert/strict'
import type { BatchRow } from '../../../src/execution/batch.ts'
import {
  type RecordedRow,
  type RowResult,
  rowsToResume,
  runBatch,
  summariseBatch,
} from '../../../src/execution/batch-run.ts'

const row = (number: number): BatchRow => ({
  row: number,
  line: number + 1,
  key: `user${number}`,
  values: { USER_ID: `user${number}`, PIN: '1' },
})
const rows = [1, 2, 3, 4].map(row)

async function go(outcomes: readonly RowResult['outcome'][], onFailure: 'stop' | 'continue', cancelAfter = 99) {
  let ran = 0
  const results = await runBatch(
    rows,
    onFailure,
    async (one) => {
      ran += 1
      return { row: one, outcome: outcomes[one.row - 1] ?? 'succeeded' }
    },
    () => ran >= cancelAfter,
  )
  return results.map(({ outcome }) => outcome)
}

describe('a batch', () => {
  it('stops at the first row that fails, or goes on, as it is told', async () => {
    assert.deepEqual(await go(['succeeded', 'failed'], 'stop'), ['succeeded', 'failed', 'not-run', 'not-run'])
    assert.deepEqual(await go(['timed-out', 'failed'], 'continue'), ['timed-out', 'failed', 'succeeded', 'succeeded'])
  })
  it('ends when it is cancelled or refused, in a row or between two', async () => {
    assert.deepEqual(await go(['cancelled'], 'continue'), ['cancelled', 'not-run', 'not-run', 'not-run'])
    assert.deepEqual(await go(['not-run'], 'continue'), ['not-run', 'not-run', 'not-run', 'not-run'])
    assert.deepEqual(await go([], 'continue', 2), ['succeeded', 'succeeded', 'not-run', 'not-run'])
  })
  it('comes to what the worst of its rows came to; a row that was refused is a failure', () => {
    const results = (...outcomes: RowResult['outcome'][]) =>
      outcomes.map((outcome, at): RowResult => ({ row: row(at + 1), outcome }))
    assert.deepEqual(summariseBatch(results('succeeded', 'failed', 'not-run')), {
      counts: { succeeded: 1, failed: 1, skipped: 0, cancelled: 0, 'timed-out': 0 },
      notRun: 1,
      outcome: 'failed',
    })
    assert.equal(summariseBatch(results('succeeded', 'skipped')).outcome, 'succeeded')
    const refused = (code: 'busy' | 'withdrawn') =>
      summariseBatch([...results('succeeded'), { row: row(2), outcome: 'not-run', problem: { code, values: {} } }])
        .outcome
    assert.equal(refused('busy'), 'failed')
    assert.equal(refused('withdrawn'), 'cancelled')
    assert.equal(summariseBatch(results('succeeded', 'not-run')).outcome, 'cancelled')
  })
})

describe('a batch that goes on', () => {
  const recorded = (number: number, outcome: RecordedRow['outcome'], more: Partial<RecordedRow> = {}): RecordedRow => ({
    row: number,
    rows: 4,
    parameters: { USER_ID: `user${number}`, PIN: '***' },
    outcome,
    startedAt: number,
    ...more,
  })
  const open = (records: readonly RecordedRow[], table = rows) => {
    const resumption = rowsToResume(table, records, ['PIN'])
    return resumption.kind === 'rows' ? resumption.rows.map((one) => one.row) : resumption
  }

  it('has the rows that did not succeed and those that never ran; of two records of a row the later one counts', () => {
    assert.deepEqual(open([recorded(1, 'succeeded'), recorded(2, 'failed')]), [2, 3, 4])
    assert.deepEqual(
      open([recorded(3, 'abandoned'), recorded(2, 'succeeded', { startedAt: 9 }), recorded(2, 'failed')]),
      [1, 3, 4],
    )
    assert.deepEqual(open([1, 2, 3, 4].map((number) => recorded(number, 'succeeded'))), [])
  })
  it('refuses another table, and a row that runs at this moment', () => {
    assert.deepEqual(open([recorded(1, 'failed')], rows.slice(1)), { kind: 'rows-changed', before: 4, now: 3 })
    assert.deepEqual(open([recorded(1, 'failed', { parameters: { USER_ID: 'x', PIN: '***' } })]), {
      kind: 'row-changed',
      row: rows[0],
      name: 'USER_ID',
    })
    assert.deepEqual(open([recorded(2, 'running')]), { kind: 'running', row: rows[1] })
  })
})
