import type * as vscode from 'vscode'
import { rememberedStore, type SecretMemory } from '../secrets/memory.ts'
import type { SecretFailure, SeenSecretStore } from '../secrets/store.ts'
import { secretPlace } from '../wording/secret-places.ts'
import { t } from './language.ts'

/** The secrets of this window: in the keychain of the operating system, or in VS Code where there is none. */
export interface SecretVault {
  /** The store that is in use; the first call finds out. */
  store(): Promise<SeenSecretStore>
  /** Where values are kept, in words: "Windows Credential Manager". */
  place(): Promise<string>
}

export interface SecretVaultSetup {
  /** Answers `unavailable` to its probe where the computer has no keychain. */
  readonly keychain: SeenSecretStore & { probe(): Promise<SecretFailure | undefined> }
  readonly storage: vscode.SecretStorage
  readonly memory: SecretMemory
  readonly log: vscode.LogOutputChannel
}

export function createSecretVault(setup: SecretVaultSetup): SecretVault {
  const { memory, log } = setup
  const keychain = rememberedStore(setup.keychain, memory)
  const fallback = rememberedStore(editorSecrets(setup.storage), memory)
  let chosen: Promise<SeenSecretStore> | undefined
  const choose = async () => {
    const failure = await keychain.probe()
    // A keychain that is locked or slow is still where the secrets are: only one that does not exist is replaced.
    if (failure?.code !== 'unavailable') return keychain
    log.info('No keychain here, secrets are kept by VS Code:', failure.detail)
    return fallback
  }
  const store = () => {
    chosen ??= choose()
    return chosen
  }
  return { store, place: async () => secretPlace((await store()).kind, process.platform, t) }
}

/** VS Code's SecretStorage, which asks nothing of the operating system. */
function editorSecrets(storage: vscode.SecretStorage): SeenSecretStore {
  const key = (name: string) => `secret.${name}`
  const attempt = async (action: () => Thenable<void>): Promise<SecretFailure | undefined> => {
    try {
      await action()
      return undefined
    } catch (error) {
      return { code: 'failed', detail: String(error) }
    }
  }
  return {
    kind: 'editor',
    async get(name) {
      try {
        const value = await storage.get(key(name))
        return value === undefined ? { kind: 'missing' } : { kind: 'found', value }
      } catch (error) {
        return { kind: 'failed', failure: { code: 'failed', detail: String(error) } }
      }
    },
    set: (name, value) => attempt(() => storage.store(key(name), value)),
    delete: (name) => attempt(() => storage.delete(key(name))),
    async look(names) {
      try {
        const keys = new Set(await storage.keys())
        const presence = Object.fromEntries(
          names.map((name) => [name, keys.has(key(name)) ? 'set' : 'missing'] as const),
        )
        return { kind: 'seen', locked: false, presence }
      } catch (error) {
        return { kind: 'failed', failure: { code: 'failed', detail: String(error) } }
      }
    },
  }
}
