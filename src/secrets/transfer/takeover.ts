import type { SecretMemory } from '../memory.ts'
import type { SecretFailure, SecretStore } from '../store.ts'
import type { TransferredSecret } from './content.ts'

/** A secret of a file, and what is there already. */
export interface ComparedSecret {
  readonly secret: TransferredSecret
  /** `new`: nothing is there; `same`: this value; `other`: another one, about which somebody has to decide. */
  readonly state: 'new' | 'same' | 'other'
}

export interface SecretFailed {
  readonly name: string
  readonly failure: SecretFailure
}

/** Holds what a file brings against what is there. Writes nothing. */
export async function compareSecrets(
  secrets: readonly TransferredSecret[],
  store: Pick<SecretStore, 'get'>,
): Promise<readonly ComparedSecret[] | SecretFailed> {
  const compared: ComparedSecret[] = []
  for (const secret of secrets) {
    const found = await store.get(secret.name)
    if (found.kind === 'failed') return { name: secret.name, failure: found.failure }
    const state = found.kind === 'missing' ? 'new' : found.value === secret.value ? 'same' : 'other'
    compared.push({ secret, state })
  }
  return compared
}

/** What somebody decided about a secret that has another value: it stays, or that of the file takes its place. */
export type OnExisting = 'keep' | 'replace'

/** What is to be written, once everything is decided; what is the same is there already. */
export function secretsToKeep(
  compared: readonly ComparedSecret[],
  decide: (name: string) => OnExisting,
): readonly TransferredSecret[] {
  return compared
    .filter(({ secret, state }) => state === 'new' || (state === 'other' && decide(secret.name) === 'replace'))
    .map(({ secret }) => secret)
}

export interface TakenOver {
  /** Names that were written. */
  readonly taken: readonly string[]
  readonly failed: readonly SecretFailed[]
}

/** Writes them one by one; what fails leaves the others as they are. */
export async function takeOver(
  secrets: readonly TransferredSecret[],
  store: SecretStore,
  memory: SecretMemory,
): Promise<TakenOver> {
  const taken: string[] = []
  const failed: SecretFailed[] = []
  for (const { name, value, setAt } of secrets) {
    const failure = await store.set(name, value)
    if (failure !== undefined) {
      failed.push({ name, failure })
      continue
    }
    taken.push(name)
    // When it has to be changed is counted from when it was set, not from when it came here.
    if (setAt !== undefined) await memory.note([{ act: 'set', name, kept: store.kind, at: setAt }])
  }
  return { taken, failed }
}
