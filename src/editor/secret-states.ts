import * as vscode from 'vscode'
import { type InventoriedSecret, inventoryOf } from '../secrets/inventory.ts'
import type { SecretMemory } from '../secrets/memory.ts'
import { type SecretSituation, situationOf } from '../secrets/situation.ts'
import type { SecretFailure, SecretSight, SecretStore } from '../secrets/store.ts'
import type { LibraryEntry, RunbookLibrary } from './runbook-library.ts'
import type { SecretVault } from './secret-vault.ts'

export type DeclaredSecret = InventoriedSecret<LibraryEntry>

/** A declared secret, and how it stands here. */
export interface StatedSecret {
  readonly secret: DeclaredSecret
  /** Undefined until somebody has looked. */
  readonly situation: SecretSituation | undefined
}

export interface SecretStates {
  /** Declarations or what was seen of them changed. */
  readonly onDidChange: vscode.Event<void>
  /** By name. Never waits: what nobody has looked at yet has no situation, and is then looked at. */
  secrets(): readonly StatedSecret[]
  /** Why the store cannot be looked into or read: `locked` is one reason. */
  failure(): SecretFailure | undefined
  /** In words, where values are kept; undefined until somebody has looked. */
  place(): string | undefined
  /** Looks again. */
  refresh(): Promise<void>
}

interface Seen {
  readonly kind: SecretStore['kind']
  readonly place: string
  readonly sight: SecretSight
  readonly traces: Awaited<ReturnType<SecretMemory['recall']>>
}

/** What the surfaces know of the workspace's secrets; nothing is looked at before one of them asks. */
export function createSecretStates(
  library: RunbookLibrary,
  vault: SecretVault,
  memory: SecretMemory,
): SecretStates & vscode.Disposable {
  const changed = new vscode.EventEmitter<void>()
  let declared: readonly DeclaredSecret[] | undefined
  let seen: Seen | undefined
  let looking: Promise<void> | undefined
  let again = false

  function inventory(): readonly DeclaredSecret[] {
    declared ??= inventoryOf(library.entries())
    return declared
  }

  function keptSecrets(): readonly DeclaredSecret[] {
    return inventory().filter(({ from }) => from === undefined)
  }

  async function look(): Promise<void> {
    const names = keptSecrets().map(({ name }) => name)
    const store = await vault.store()
    const [sight, traces, place] = await Promise.all([store.look(names), memory.recall(), vault.place()])
    const before = seen
    seen = { kind: store.kind, place, sight, traces }
    // A tree that is drawn anew for nothing loses the line that somebody is about to click.
    if (before === undefined || !isSame(before, seen)) changed.fire()
  }

  /** What is asked for while somebody looks needs one more look, since that one may have begun too early. */
  function refresh(): Promise<void> {
    if (looking) again = true
    looking ??= (async () => {
      do {
        again = false
        await look()
      } while (again)
    })().finally(() => {
      looking = undefined
    })
    return looking
  }

  function isNew(): boolean {
    const known = seen?.sight.kind === 'seen' ? seen.sight.presence : {}
    return seen === undefined || (seen.sight.kind === 'seen' && keptSecrets().some(({ name }) => !(name in known)))
  }

  const listeners = [
    changed,
    library.onDidChange(() => {
      declared = undefined
      changed.fire()
    }),
    vault.onDidChange(() => {
      if (seen) void refresh()
    }),
  ]

  return {
    onDidChange: changed.event,
    secrets() {
      if (inventory().length > 0 && isNew() && !looking) void refresh()
      const now = Date.now()
      return inventory().map((secret) => ({ secret, situation: seen && situationIn(seen, secret, now) }))
    },
    failure() {
      if (seen?.sight.kind === 'failed') return seen.sight.failure
      return seen?.sight.locked ? { code: 'locked', detail: '' } : undefined
    },
    place: () => seen?.place,
    refresh,
    dispose: () => vscode.Disposable.from(...listeners).dispose(),
  }
}

function situationIn({ sight, traces, kind }: Seen, secret: DeclaredSecret, now: number): SecretSituation | undefined {
  const isAsked = sight.kind === 'seen' && secret.from === undefined
  const presence = isAsked ? sight.presence[secret.name] : 'unknown'
  return presence && situationOf(secret, presence, traces.get(secret.name), kind, now)
}

function isSame(before: Seen, after: Seen): boolean {
  const plain = ({ kind, sight, traces }: Seen) => JSON.stringify([kind, sight, [...traces]])
  return plain(before) === plain(after)
}
