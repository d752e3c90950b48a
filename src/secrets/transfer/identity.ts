import type { SecretFailure, SecretStore } from '../store.ts'
import type { TransferProblem } from './problem.ts'
import type { AgeIdentity, Transfers } from './transfer.ts'

/** Under which the successor's identity lies beside the secrets: no secret can have this name. */
export const identityName = 'age-identity'

export type OwnIdentity =
  /** `created`: there was none before. */
  | ({ readonly kind: 'identity'; readonly created: boolean } & AgeIdentity)
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly failure: SecretFailure }
  /** What lies there is no identity: somebody put something else in its place. */
  | { readonly kind: 'unusable' }

/** The identity that this user has on this computer. */
export async function ownIdentity(
  store: SecretStore,
  transfers: Pick<Transfers, 'recipientOf'>,
): Promise<Exclude<OwnIdentity, { created: true }>> {
  const found = await store.get(identityName)
  if (found.kind === 'failed') return found
  if (found.kind === 'missing') return { kind: 'missing' }
  const recipient = await transfers.recipientOf(found.value)
  if (recipient === undefined) return { kind: 'unusable' }
  return { kind: 'identity', created: false, identity: found.value, recipient }
}

/** The same, made where there is none. One that is there is never replaced: files may wait that only it opens. */
export async function ensureIdentity(
  store: SecretStore,
  transfers: Pick<Transfers, 'recipientOf' | 'createIdentity'>,
): Promise<Exclude<OwnIdentity, { kind: 'missing' }>> {
  const found = await ownIdentity(store, transfers)
  if (found.kind !== 'missing') return found
  const made = await transfers.createIdentity()
  const failure = await store.set(identityName, made.identity)
  return failure === undefined ? { kind: 'identity', created: true, ...made } : { kind: 'failed', failure }
}

/** The identities of a file as `age-keygen` writes it: one on each line, and comments. */
export function identitiesIn(text: string): { readonly identities: readonly string[] } | TransferProblem {
  if (/^age-encryption\.org\/|-----BEGIN AGE ENCRYPTED FILE-----/.test(text)) {
    return { code: 'identity-encrypted', values: {} }
  }
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const identities = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  const areWhole = identities.length > 0 && identities.every((line) => /^AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]+$/.test(line))
  return areWhole ? { identities } : { code: 'identity-invalid', values: {} }
}
