import assert from 'node:assert/strict'
import { rememberedStore, type SecretNote, type SecretTrace, setInStore } from '../../../src/secrets/memory.ts'
import type { SecretFailure, SecretStore } from '../../../src/secrets/store.ts'

function remembered(failure?: SecretFailure, traces: ReadonlyMap<string, SecretTrace> = new Map()) {
  const notes: SecretNote[] = []
  const values = new Map<string, string>()
  const store: SecretStore = {
    kind: 'keychain',
    async get(name) {
      const value = values.get(name)
      return value === undefined ? { kind: 'missing' } : { kind: 'found', value }
    },
    async set(name, value) {
      if (failure === undefined) values.set(name, value)
      return failure
    },
    async delete(name) {
      if (failure === undefined) values.delete(name)
      return failure
    },
  }
  const memory = {
    recall: async () => traces,
    note: async (more: readonly SecretNote[]) => void notes.push(...more),
  }
  return { store: rememberedStore(store, memory), notes }
}

describe('rememberedStore', () => {
  it('does what the store does, and notes what was changed, without the value', async () => {
    const { store, notes } = remembered()
    assert.equal(await store.set('TOKEN', 'a value'), undefined)
    assert.deepEqual(await store.get('TOKEN'), { kind: 'found', value: 'a value' })
    assert.equal(await store.delete('TOKEN'), undefined)
    assert.deepEqual(notes, [
      { act: 'set', name: 'TOKEN', kept: 'keychain' },
      { act: 'deleted', name: 'TOKEN' },
    ])
  })

  it('notes nothing of what failed', async () => {
    const failure: SecretFailure = { code: 'locked', detail: '' }
    const { store, notes } = remembered(failure)
    assert.equal(await store.set('TOKEN', 'a value'), failure)
    assert.equal(await store.delete('TOKEN'), failure)
    assert.deepEqual(notes, [])
  })
})

describe('a value that was taken away', () => {
  it('is told from one that never was there, and from one that was deleted', async () => {
    const { store } = remembered(undefined, new Map([['TAKEN', { setAt: 5, kept: 'keychain' }]]))
    assert.deepEqual(await store.get('TAKEN'), { kind: 'missing', setAt: 5 })
    assert.deepEqual(await store.get('NEVER'), { kind: 'missing' })
  })

  it('is not missed in one store when it was put into another', () => {
    assert.equal(setInStore({ setAt: 5, kept: 'editor' }, 'keychain'), undefined)
  })
})
