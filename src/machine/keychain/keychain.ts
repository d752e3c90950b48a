import { dirname, join } from 'node:path'
import { longestValue } from '../../secrets/secret-value.ts'
import type { SecretFailure, SeenSecretStore } from '../../secrets/store.ts'
import type { HelperReply } from './helper-message.ts'
import { createHelperProcess } from './helper-process.ts'

export interface Keychain extends SeenSecretStore {
  readonly kind: 'keychain'
  /** Why the keychain cannot be used now; undefined when it can. Opens no prompt and leaves no entry. */
  probe(): Promise<SecretFailure | undefined>
  /** Ends the helpers. */
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

/**
 * The operating system's keychain: service `baton`, one account per secret's name. It is reached through a helper
 * process, which starts with the first request, serves one at a time, and is replaced when it crashes or hangs. What opens
 * no prompt has a helper of its own, so that it never waits for one that nobody answers.
 */
export function createKeychain(options: KeychainOptions): Keychain {
  const common = {
    helperFile: options.helperFile,
    keytarPath: options.keytarPath ?? join(dirname(options.helperFile), 'keytar'),
    env: options.env ?? process.env,
  }
  const { timeoutMs = 10_000, idleMs = 60_000 } = options
  const helper = createHelperProcess({ ...common, timeoutMs, idleMs })
  const looker = createHelperProcess({ ...common, timeoutMs: Math.min(timeoutMs, 10_000), idleMs: 5_000 })
  return {
    kind: 'keychain',
    async get(name) {
      const reply = await helper.ask({ kind: 'get', name })
      if (reply.kind === 'failed') return { kind: 'failed', failure: reply.failure }
      const value = reply.kind === 'done' ? reply.value : undefined
      return value === undefined ? { kind: 'missing' } : { kind: 'found', value }
    },
    async set(name, value) {
      const bytes = Buffer.byteLength(value)
      const longest = longestValue(process.platform)
      if (bytes > longest) return { code: 'too-long', detail: `${bytes} bytes; at most ${longest} are kept here` }
      return failureOf(await helper.ask({ kind: 'set', name, value }))
    },
    delete: async (name) => failureOf(await helper.ask({ kind: 'delete', name })),
    probe: async () => failureOf(await looker.ask({ kind: 'probe' })),
    async look(names) {
      const reply = await looker.ask({ kind: 'look', names })
      if (reply.kind === 'looked') return reply.sight
      return { kind: 'failed', failure: failureOf(reply) ?? { code: 'failed', detail: 'No sight' } }
    },
    dispose() {
      helper.dispose()
      looker.dispose()
    },
  }
}

function failureOf(reply: HelperReply): SecretFailure | undefined {
  return reply.kind === 'failed' ? reply.failure : undefined
}
