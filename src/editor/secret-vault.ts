import * as vscode from 'vscode'
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
  /** A value was set or deleted: in this window, in another, or on the command line. */
  readonly onDidChange: vscode.Event<void>
}

export interface SecretVaultSetup {
  /** Answers `unavailable` to its probe where the computer has no keychain. */
  readonly keychain: SeenSecretStore & { probe(): Promise<SecretFailure | undefined> }
  readonly storage: vscode.SecretStorage
  readonly memory: SecretMemory
  /** Where that is kept. */
  readonly memoryFile: vscode.Uri
  readonly log: vscode.LogOutputChannel
}

export function createSecretVault(setup: SecretVaultSetup): SecretVault & vscode.Disposable {
  const { memory, memoryFile, log } = setup
  const changed = new vscode.EventEmitter<void>()
  const fileName = memoryFile.path.slice(memoryFile.path.lastIndexOf('/') + 1)
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.joinPath(memoryFile, '..'), fileName),
  )
  for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) event(() => changed.fire())
  const { keychain } = setup
  const fallback = editorSecrets(setup.storage)
  let chosen: Promise<SeenSecretStore> | undefined
  const choose = async (): Promise<SeenSecretStore> => {
    const failure = await keychain.probe()
    // A keychain that is locked or slow is still where the secrets are: only one that does not exist is replaced.
    if (failure?.code !== 'unavailable') return keychain
    log.info('No keychain here, secrets are kept by VS Code:', failure.detail)
    return fallback
  }
  const store = () => {
    chosen ??= choose().then((store) => announced(rememberedStore(store, memory), () => changed.fire()))
    return chosen
  }
  return {
    store,
    place: async () => secretPlace((await store()).kind, process.platform, t),
    onDidChange: changed.event,
    dispose: () => vscode.Disposable.from(watcher, changed).dispose(),
  }
}

function announced(store: SeenSecretStore, onChange: () => void): SeenSecretStore {
  const told = (failure: SecretFailure | undefined) => {
    if (failure === undefined) onChange()
    return failure
  }
  return {
    ...store,
    set: async (name, value) => told(await store.set(name, value)),
    delete: async (name) => told(await store.delete(name)),
  }
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
