import assert from 'node:assert/strict'
import { chainOfStores } from '../../../src/secrets/chain-of-stores.ts'
import type { SecretFailure, SecretStore } from '../../../src/secrets/store.ts'

function storeOf(kind: SecretStore['kind'], entries: Record<string, string>, failure?: SecretFailure): SecretStore {
  const values = new Map(Object.entries(entries))
  return {
    kind,
    async get(name) {
      const value = values.get(name)
      if (failure) return { kind: 'failed', failure }
      return value === undefined ? { kind: 'missing' } : { kind: 'found', value }
    },
    async set(name, value) {
      values.set(name, value)
      return failure
    },
    async delete(name) {
      values.delete(name)
      return failure
    },
  }
}

describe('a chain of stores', () => {
  it('reads from the first store that has the secret', async () => {
    const chain = chainOfStores([storeOf('environment', { A: 'first' })], storeOf('keychain', { A: 'last', B: 'b' }))
    assert.deepEqual(await chain.get('A'), { kind: 'found', value: 'first' })
    assert.deepEqual(await chain.get('B'), { kind: 'found', value: 'b' })
    assert.deepEqual(await chain.get('C'), { kind: 'missing' })
    assert.equal(chain.kind, 'keychain')
  })

  it('writes to and deletes from the last alone', async () => {
    const first = storeOf('environment', { A: 'first' })
    const last = storeOf('keychain', {})
    const chain = chainOfStores([first], last)
    assert.equal(await chain.set('A', 'new'), undefined)
    assert.deepEqual(await first.get('A'), { kind: 'found', value: 'first' })
    assert.deepEqual(await last.get('A'), { kind: 'found', value: 'new' })
    assert.equal(await chain.delete('A'), undefined)
    assert.deepEqual(await last.get('A'), { kind: 'missing' })
  })

  it('does not read past a store that fails', async () => {
    const failure: SecretFailure = { code: 'locked', detail: 'locked' }
    const chain = chainOfStores([storeOf('keychain', {}, failure)], storeOf('editor', { A: 'older' }))
    assert.deepEqual(await chain.get('A'), { kind: 'failed', failure })
  })
})
