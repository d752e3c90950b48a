import assert from 'node:assert/strict'
import { situationOf } from '../../../src/secrets/situation.ts'

const trace = { setAt: 1_000, kept: 'keychain' as const }
const monthly = { rotateEvery: 500 }

describe('situationOf', () => {
  it('is set until the value must be changed', () => {
    assert.deepEqual(situationOf(monthly, 'set', trace, 'keychain', 1_499), {
      state: { kind: 'set' },
      setAt: 1_000,
      rotation: { kind: 'due', at: 1_500 },
    })
    assert.deepEqual(situationOf(monthly, 'set', trace, 'keychain', 1_500), {
      state: { kind: 'overdue', since: 1_500 },
      setAt: 1_000,
      rotation: { kind: 'overdue', since: 1_500 },
    })
  })

  it('does not know when a value was set that came there another way', () => {
    for (const other of [undefined, { setAt: 1_000, kept: 'editor' as const }]) {
      assert.deepEqual(situationOf(monthly, 'set', other, 'keychain', 9_000), {
        state: { kind: 'set' },
        rotation: { kind: 'unknown' },
      })
    }
  })

  it('tells what was taken away from what never was there', () => {
    assert.deepEqual(situationOf({}, 'missing', undefined, 'keychain', 9_000).state, { kind: 'missing' })
    assert.deepEqual(situationOf({}, 'missing', trace, 'keychain', 9_000).state, { kind: 'removed', setAt: 1_000 })
    assert.deepEqual(situationOf({}, 'missing', trace, 'editor', 9_000).state, { kind: 'missing' })
  })

  it('keeps nothing of what a command prints, and counts nothing', () => {
    assert.deepEqual(situationOf({ ...monthly, from: 'pass show it' }, 'set', trace, 'keychain', 9_000), {
      state: { kind: 'printed' },
      rotation: { kind: 'none' },
    })
  })

  it('claims nothing of a store that does not say', () => {
    assert.deepEqual(situationOf(monthly, 'unknown', trace, 'keychain', 9_000).state, { kind: 'unknown' })
  })
})
