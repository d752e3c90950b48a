import type { SecretFailure, SecretStore } from '../../secrets/store.ts'

/**
 * Secrets from variables named `BATON_SECRET_<NAME>`, for command lines on machines without a keychain. An empty
 * variable counts as missing. Nothing can be written.
 */
export function environmentSecrets(env: Readonly<Record<string, string | undefined>>): SecretStore {
  const readOnly: SecretFailure = { code: 'read-only', detail: 'BATON_SECRET_<NAME> is set outside Baton' }
  return {
    kind: 'environment',
    async get(name) {
      const value = env[`BATON_SECRET_${name}`]
      return value ? { kind: 'found', value } : { kind: 'missing' }
    },
    set: async () => readOnly,
    delete: async () => readOnly,
  }
}
