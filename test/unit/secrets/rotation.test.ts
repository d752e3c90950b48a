import assert from 'node:assert/strict'
import { rotationOf } from '../../../src/secrets/rotation.ts'

describe('rotationOf', () => {
  it('counts from when the value was set', () => {
    assert.deepEqual(rotationOf(100, 1_000, 1_099), { kind: 'due', at: 1_100 })
    assert.deepEqual(rotationOf(100, 1_000, 1_100), { kind: 'overdue', since: 1_100 })
  })

  it('is unknown when nobody knows when that was', () => {
    assert.deepEqual(rotationOf(100, undefined, 1_000), { kind: 'unknown' })
  })

  it('is nothing where no runbook asks for it', () => {
    assert.deepEqual(rotationOf(undefined, 1_000, 9_000), { kind: 'none' })
    assert.deepEqual(rotationOf(undefined, undefined, 9_000), { kind: 'none' })
  })
})
