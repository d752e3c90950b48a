import assert from 'node:assert/strict'
import { keychainFailure } from '../../../src/machine/keychain/keychain-failure.ts'

describe('keychainFailure', () => {
  for (const [message, code] of [
    ['Cannot create an item in a locked collection', 'locked'],
    ['User interaction is not allowed.', 'locked'],
    ['User canceled the operation.', 'refused'],
    ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'unavailable'],
    ['Could not connect: Connection refused', 'unavailable'],
    ['Failed to open connection to "session" message bus: Unable to autolaunch a dbus-daemon', 'unavailable'],
    ['Failed to connect to user scope bus via local transport: No such file or directory', 'unavailable'],
    ['Error connecting: Could not connect: No such file or directory', 'unavailable'],
    ['The name org.freedesktop.secrets was not provided by any .service files', 'unavailable'],
    ['Object does not exist at path “/org/freedesktop/secrets/collection/login”', 'unavailable'],
    ['libsecret-1.so.0: cannot open shared object file: No such file or directory', 'unavailable'],
    ['Error loading shared library libsecret-1.so.0: No such file or directory', 'unavailable'],
    ['The stub received bad data.', 'failed'],
  ] as const) {
    it(`takes "${message}" for ${code}`, () => {
      assert.deepEqual(keychainFailure(new Error(`${message}\nand more`)), { code, detail: message })
    })
  }
})
