import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { SecretMemory, SecretNote } from '../../../src/secrets/memory.ts'
import type { SecretFailure, SecretStore } from '../../../src/secrets/store.ts'
import { gatherSecrets } from '../../../src/secrets/transfer/handover.ts'
import { ensureIdentity, identityName, ownIdentity } from '../../../src/secrets/transfer/identity.ts'
import { compareSecrets, secretsToKeep, takeOver } from '../../../src/secrets/transfer/takeover.ts'
import { transfers } from '../../../src/secrets/transfer/transfer.ts'

const locked: SecretFailure = { code: 'locked', detail: 'x' }

/** A store in memory; `broken` are the names that it refuses. */
function memoryStore(values: Record<string, string>, broken: readonly string[] = []): SecretStore {
  return {
    kind: 'keychain',
    async get(name) {
      if (broken.includes(name)) return { kind: 'failed', failure: locked }
      const value = values[name]
      return value === undefined ? { kind: 'missing' } : { kind: 'found', value }
    },
    async set(name, value) {
      if (broken.includes(name)) return locked
      values[name] = value
      return undefined
    },
    async delete(name) {
      delete values[name]
      return undefined
    },
  }
}

function noting(): SecretMemory & { readonly notes: SecretNote[] } {
  const notes: SecretNote[] = []
  return {
    notes,
    recall: async () => new Map(),
    async note(more) {
      notes.push(...more)
    },
  }
}

describe('what is handed over', () => {
  it('has a value that a run could use; what has none is named', async () => {
    const store = memoryStore({ A: 'value a', B: 'abc', C: 'value c' })
    const wanted = [{ name: 'A', label: 'Of A' }, { name: 'B' }, { name: 'C' }, { name: 'D' }]
    assert.deepEqual(await gatherSecrets(wanted, store, (name) => (name === 'C' ? 7 : undefined)), {
      secrets: [
        { name: 'A', value: 'value a', label: 'Of A' },
        { name: 'C', value: 'value c', setAt: 7 },
      ],
      missing: ['D'],
      unusable: ['B'],
    })
  })

  it('is nothing where a value cannot be read', async () => {
    const store = memoryStore({ A: 'value a' }, ['B'])
    const found = await gatherSecrets([{ name: 'A' }, { name: 'B' }], store, () => undefined)
    assert.deepEqual(found, { name: 'B', failure: locked })
  })
})

describe('what is taken over', () => {
  const secrets = [
    { name: 'NEW', value: 'brand new', setAt: 5 },
    { name: 'SAME', value: 'is there' },
    { name: 'KEPT', value: 'of the file' },
    { name: 'REPLACED', value: 'of the file' },
  ]
  const mine = () => ({ SAME: 'is there', KEPT: 'of mine', REPLACED: 'of mine' })

  it('is what is new, and of what is different what somebody said', async () => {
    const values: Record<string, string> = mine()
    const store = memoryStore(values)
    const compared = await compareSecrets(secrets, store)
    assert.ok(!('failure' in compared))
    assert.deepEqual(
      compared.map(({ secret, state }) => [secret.name, state]),
      [
        ['NEW', 'new'],
        ['SAME', 'same'],
        ['KEPT', 'other'],
        ['REPLACED', 'other'],
      ],
    )
    assert.deepEqual(values, mine(), 'nothing is written by looking')
    const asked: string[] = []
    const chosen = secretsToKeep(compared, (name) => {
      asked.push(name)
      return name === 'KEPT' ? 'keep' : 'replace'
    })
    assert.deepEqual(asked, ['KEPT', 'REPLACED'])
    const memory = noting()
    assert.deepEqual(await takeOver(chosen, store, memory), { taken: ['NEW', 'REPLACED'], failed: [] })
    assert.deepEqual(values, { ...mine(), NEW: 'brand new', REPLACED: 'of the file' })
    assert.deepEqual(memory.notes, [{ act: 'set', name: 'NEW', kept: 'keychain', at: 5 }])
  })

  it('does not depend on one that the keychain refuses', async () => {
    const values: Record<string, string> = {}
    const store = memoryStore(values, ['SAME'])
    assert.deepEqual(await takeOver(secrets, store, noting()), {
      taken: ['NEW', 'KEPT', 'REPLACED'],
      failed: [{ name: 'SAME', failure: locked }],
    })
    assert.deepEqual(await compareSecrets(secrets, store), { name: 'SAME', failure: locked })
  })
})

describe('the identity of a user', () => {
  it('is made once, and stays', async () => {
    const values: Record<string, string> = {}
    const store = memoryStore(values)
    assert.deepEqual(await ownIdentity(store, transfers), { kind: 'missing' })
    const made = await ensureIdentity(store, transfers)
    assert.ok(made.kind === 'identity' && made.created)
    assert.match(made.recipient, /^age1[a-z0-9]{58}$/)
    assert.deepEqual(values, { [identityName]: made.identity })
    const again = await ensureIdentity(store, transfers)
    assert.deepEqual(again, { ...made, created: false })
    assert.deepEqual(await ownIdentity(store, transfers), again)
  })

  it('that something else stands in the place of is not overwritten', async () => {
    const values = { [identityName]: 'a password' }
    assert.deepEqual(await ensureIdentity(memoryStore(values), transfers), { kind: 'unusable' })
    assert.deepEqual(values, { [identityName]: 'a password' })
    assert.deepEqual(await ensureIdentity(memoryStore({}, [identityName]), transfers), {
      kind: 'failed',
      failure: locked,
    })
  })
})
