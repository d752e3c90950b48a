import type { SecretFailure } from '../../secrets/store.ts'

/**
 * What keychains say, as far as it has a remedy of its own. libsecret and GLib have no codes that reach keytar, so
 * their English sentences are compared (the helper runs in the C locale); macOS's come from `SecCopyErrorMessageString`.
 */
const SENTENCES: readonly (readonly [RegExp, SecretFailure['code']])[] = [
  [/in a locked collection|Item locked|User interaction is not allowed/i, 'locked'],
  [/interaction cancelled|was dismissed|canceled the operation|passphrase you entered is not correct/i, 'refused'],
  [
    new RegExp(
      [
        'autolaunch (?:D-Bus|a dbus-daemon)',
        'Could not connect: |Error connecting: |Failed to (?:open connection|connect to)',
        'The connection is closed',
        'not provided by any \\.service files',
        'Spawn\\.|activate(?:d)? service',
        // The keyring that new entries go to was never made, and without a display nobody can be asked to make it.
        'Object does not exist at path',
        'cannot open shared object file|Error loading shared library|Cannot find module|ERR_DLOPEN_FAILED',
        'keychain could not be found|No keychain is available',
      ].join('|'),
      'i',
    ),
    'unavailable',
  ],
]

/** Sorts what a keychain's own error says. `detail` is the error's first line. */
export function keychainFailure(error: unknown): SecretFailure {
  const message = error instanceof Error ? error.message : String(error)
  const code = SENTENCES.find(([sentence]) => sentence.test(message))?.[1] ?? 'failed'
  return { code, detail: message.split('\n', 1)[0] ?? '' }
}
