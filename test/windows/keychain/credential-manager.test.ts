import assert from 'node:assert/strict'
import { join } from 'node:path'
import { createKeychain, type Keychain } from '../../../src/machine/keychain/keychain.ts'

const root = join(import.meta.dirname, '../../..')

describe('the keychain on the Credential Manager', function () {
  this.timeout(60_000)
  let keychain: Keychain

  before(function () {
    if (process.platform !== 'win32') {
      console.log('    skipped: the Credential Manager is a part of Windows')
      this.skip()
    }
    keychain = createKeychain({
      helperFile: join(root, 'src/machine/keychain/keychain-helper.ts'),
      keytarPath: join(root, 'node_modules/keytar'),
      timeoutMs: 30_000,
    })
  })
  after(async () => {
    await keychain?.delete('BATON_TEST')
    keychain?.dispose()
  })

  for (const [what, value] of [
    ['ASCII', `p'a"s\\s %PATH% !x! ^&|`],
    ['Japanese', 'パスワード髙﨑①㈱'],
    ['emoji', '🦊🔑👩‍💻'],
    ['several lines', '-----BEGIN-----\nAAAA\r\nBBBB\n-----END-----\n'],
    ['as many bytes as Windows takes', 'x'.repeat(2_560)],
  ] as const) {
    it(`keeps ${what} whole`, async () => {
      assert.equal(await keychain.set('BATON_TEST', value), undefined)
      assert.deepEqual(await keychain.get('BATON_TEST'), { kind: 'found', value })
    })
  }

  it('refuses more bytes than Windows takes and keeps what was there', async () => {
    await keychain.set('BATON_TEST', 'kept value')
    assert.equal((await keychain.set('BATON_TEST', `${'終'.repeat(853)}xx`))?.code, 'too-long')
    assert.deepEqual(await keychain.get('BATON_TEST'), { kind: 'found', value: 'kept value' })
  })

  it('deletes an entry and misses it afterwards', async () => {
    await keychain.set('BATON_TEST', 'to be deleted')
    assert.equal(await keychain.delete('BATON_TEST'), undefined)
    assert.deepEqual(await keychain.get('BATON_TEST'), { kind: 'missing' })
    assert.equal(await keychain.delete('BATON_TEST'), undefined)
  })

  it('can be used', async () => {
    assert.equal(await keychain.probe(), undefined)
  })
})
