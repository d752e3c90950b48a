import { dirname, join } from 'node:path'
import type { SecretFailure, SecretStore } from '../../secrets/store.ts'
import type { HelperReply } from './helper-message.ts'
import { createHelperProcess } from './helper-process.ts'

export interface Keychain extends SecretStore {
  readonly kind: 'keychain'
  /** Why the keychain cannot be used now; undefined when it can. Opens no prompt and leaves no entry. */
  probe(): Promise<SecretFailure | undefined>
  /** Ends the helper. */
  dispose(): void
}

export interface KeychainOptions {
  /** Absolute path of the helper's entry: `keychain-helper.cjs` in the bundle. */
  readonly helperFile: string
  /** Folder that holds keytar's `prebuilds`; the folder `keytar` beside the helper when left out. */
  readonly keytarPath?: string
  /** Environment of the helper, of which the session bus matters; this process's when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** For one request, an unlock prompt that the operator has to answer included. */
  readonly timeoutMs?: number
  /** After which an unused helper is ended. */
  readonly idleMs?: number
}

/** `CRED_MAX_CREDENTIAL_BLOB_SIZE` of Windows' wincred.h; keytar stores UTF-8. */
const WINDOWS_VALUE_BYTES = 5 * 512

/**
 * The operating system's keychain: service `baton`, one account per secret's name. It is reached through a helper
 * process, which starts with the first request, serves one at a time, and is replaced when it crashes or hangs.
 */
export function createKeychain(options: KeychainOptions): Keychain {
  const helper = createHelperProcess({
    helperFile: options.helperFile,
    keytarPath: options.keytarPath ?? join(dirname(options.helperFile), 'keytar'),
    env: options.env ?? process.env,
    timeoutMs: options.timeoutMs ?? 10_000,
    idleMs: options.idleMs ?? 60_000,
  })
  return {
    kind: 'keychain',
    async get(name) {
      const reply = await helper.ask({ kind: 'get', name })
      if (reply.kind === 'failed') return { kind: 'failed', failure: reply.failure }
      return reply.value === undefined ? { kind: 'missing' } : { kind: 'found', value: reply.value }
    },
    async set(name, value) {
      const bytes = Buffer.byteLength(value)
      if (process.platform === 'win32' && bytes > WINDOWS_VALUE_BYTES) {
        return { code: 'too-long', detail: `${bytes} bytes; Windows keeps at most ${WINDOWS_VALUE_BYTES}` }
      }
      return failureOf(await helper.ask({ kind: 'set', name, value }))
    },
    delete: async (name) => failureOf(await helper.ask({ kind: 'delete', name })),
    probe: async () => failureOf(await helper.ask({ kind: 'probe' })),
    dispose: () => helper.dispose(),
  }
}

function failureOf(reply: HelperReply): SecretFailure | undefined {
  return reply.kind === 'failed' ? reply.failure : undefined
}
