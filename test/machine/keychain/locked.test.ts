import assert from 'node:assert/strict'
import { createKeychain, type Keychain } from '../../../src/machine/keychain/keychain.ts'
import { type Keyring, startKeyring, whyNoKeyring } from '../../support/keyring.ts'
import { needs } from '../../support/needs.ts'
import { helperFile, keytarPath } from './helper.ts'

describe('the keychain on a locked keyring', function () {
  this.timeout(30_000)
  let keyring: Keyring
  let keychain: Keychain

  before(async function () {
    needs(this, await whyNoKeyring())
    keyring = await startKeyring('locked')
    keychain = createKeychain({ helperFile, keytarPath, env: keyring.env })
  })
  after(() => {
    keychain?.dispose()
    return keyring?.stop()
  })

  for (const [what, ask] of [
    ['get', async () => failureOf(await keychain.get('LOCKED_AWAY'))],
    ['get of what may not exist', async () => failureOf(await keychain.get('NEVER_SET'))],
    ['set', () => keychain.set('LOCKED_AWAY', 'another')],
    ['delete', () => keychain.delete('LOCKED_AWAY')],
    ['probe', () => keychain.probe()],
  ] as const) {
    it(`${what} says so within 2 seconds`, async () => {
      const begin = performance.now()
      assert.equal((await ask())?.code, 'locked')
      assert.ok(performance.now() - begin < 2_000)
    })
  }

  it('shows that it is locked and what is in it, without a prompt', async () => {
    const begin = performance.now()
    assert.deepEqual(await keychain.look(['LOCKED_AWAY', 'NEVER_SET']), {
      kind: 'seen',
      locked: true,
      presence: { LOCKED_AWAY: 'set', NEVER_SET: 'unknown' },
    })
    assert.ok(performance.now() - begin < 2_000)
  })
})

function failureOf(lookup: Awaited<ReturnType<Keychain['get']>>) {
  return lookup.kind === 'failed' ? lookup.failure : undefined
}
