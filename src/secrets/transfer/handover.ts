import { checkSecretValue } from '../secret-value.ts'
import type { SecretFailure, SecretStore } from '../store.ts'
import type { TransferredSecret } from './content.ts'

/** What of the wanted secrets can be handed over. */
export interface Gathered {
  readonly secrets: readonly TransferredSecret[]
  /** Names without a value. */
  readonly missing: readonly string[]
  /** Names whose value no run could use, so that nobody needs it. */
  readonly unusable: readonly string[]
}

export interface WantedSecret {
  readonly name: string
  readonly label?: string
}

/**
 * Reads the values that are to be handed over; ends at the first that cannot be read, since the others could not either.
 * @param setAt see `TransferredSecret`, by name
 */
export async function gatherSecrets(
  wanted: readonly WantedSecret[],
  store: Pick<SecretStore, 'get'>,
  setAt: (name: string) => number | undefined,
): Promise<Gathered | { readonly name: string; readonly failure: SecretFailure }> {
  const secrets: TransferredSecret[] = []
  const missing: string[] = []
  const unusable: string[] = []
  for (const { name, label } of wanted) {
    const found = await store.get(name)
    if (found.kind === 'failed') return { name, failure: found.failure }
    if (found.kind === 'missing') missing.push(name)
    else if (checkSecretValue(found.value) !== undefined) unusable.push(name)
    else {
      const time = setAt(name)
      const details = { ...(label !== undefined && { label }), ...(time !== undefined && { setAt: time }) }
      secrets.push({ name, value: found.value, ...details })
    }
  }
  return { secrets, missing, unusable }
}
