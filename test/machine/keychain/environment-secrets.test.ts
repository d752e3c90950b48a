import assert from 'node:assert/strict'
import { environmentSecrets } from '../../../src/machine/keychain/environment-secrets.ts'

describe('secrets of the environment', () => {
  const store = environmentSecrets({ BATON_SECRET_TOKEN: 'from outside', BATON_SECRET_EMPTY: '', TOKEN: 'not this' })

  it('are read from BATON_SECRET_<NAME>', async () => {
    assert.deepEqual(await store.get('TOKEN'), { kind: 'found', value: 'from outside' })
    assert.deepEqual(await store.get('EMPTY'), { kind: 'missing' })
    assert.deepEqual(await store.get('OTHER'), { kind: 'missing' })
  })

  it('cannot be written', async () => {
    assert.equal((await store.set('TOKEN', 'new value'))?.code, 'read-only')
    assert.equal((await store.delete('TOKEN'))?.code, 'read-only')
  })
})
