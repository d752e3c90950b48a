import assert from 'node:assert/strict'
import { openBatches } from '../../../src/record/batches.ts'
import type { ReadableRun } from '../../../src/record/summary.ts'

type RowRun = Pick<ReadableRun, 'batch' | 'outcome' | 'startedAt'>

const row = (id: string, number: number, outcome: RowRun['outcome'], startedAt = number): RowRun => ({
  batch: { id, row: number, rows: 2 },
  outcome,
  startedAt,
})
const open = async (...runs: readonly RowRun[]) => [...(await openBatches(runs))]

describe('a batch', () => {
  it('is open while a row did not succeed, or never ran', async () => {
    assert.deepEqual(await open(row('a', 1, 'succeeded'), row('a', 2, 'failed'), row('b', 1, 'succeeded')), ['a', 'b'])
    assert.deepEqual(await open(row('a', 1, 'succeeded'), row('a', 2, 'cancelled')), ['a'])
  })

  it('is done when the last run of every row succeeded, in whatever order they are given', async () => {
    const again = row('a', 2, 'succeeded', 3)
    assert.deepEqual(await open(again, row('a', 1, 'skipped'), row('a', 2, 'failed', 2)), [])
    assert.deepEqual(await open(row('a', 2, 'failed', 2), row('a', 1, 'skipped'), again), [])
  })

  it('is not open while it is at work, nor is a run that belongs to none', async () => {
    assert.deepEqual(await open(row('a', 1, 'failed'), row('a', 2, 'running'), { outcome: 'failed', startedAt: 1 }), [])
  })
})
