import type { InventoriedSecret } from './inventory.ts'
import { type SecretTrace, setInStore } from './memory.ts'
import { type Rotation, rotationOf } from './rotation.ts'
import type { SecretPresence, SecretStore } from './store.ts'

/** How a declared secret stands on this computer. Times are milliseconds since the epoch. */
export interface SecretSituation {
  readonly state: SecretState
  /** When its value was set, as far as that is known. */
  readonly setAt?: number
  readonly rotation: Rotation
}

export type SecretState =
  | { readonly kind: 'set' }
  /** Set, and to be changed since then. */
  | { readonly kind: 'overdue'; readonly since: number }
  | { readonly kind: 'missing' }
  /** It was put there and somebody took it away with another program. */
  | { readonly kind: 'removed'; readonly setAt: number }
  /** A command prints it; it is not kept here. */
  | { readonly kind: 'printed' }
  /** The store does not say. */
  | { readonly kind: 'unknown' }

/**
 * @param presence of what is kept: what the store in use says of it
 * @param trace what this computer remembers of it
 * @param kept the kind of that store
 */
export function situationOf(
  { rotateEvery, from }: Pick<InventoriedSecret<unknown>, 'rotateEvery' | 'from'>,
  presence: SecretPresence,
  trace: SecretTrace | undefined,
  kept: SecretStore['kind'],
  now: number,
): SecretSituation {
  if (from !== undefined) return { state: { kind: 'printed' }, rotation: { kind: 'none' } }
  const setAt = setInStore(trace, kept)
  const rotation = rotationOf(rotateEvery, setAt, now)
  return { state: stateOf(presence, setAt, rotation), rotation, ...(setAt === undefined ? {} : { setAt }) }
}

function stateOf(presence: SecretPresence, setAt: number | undefined, rotation: Rotation): SecretState {
  switch (presence) {
    case 'set':
      return rotation.kind === 'overdue' ? { kind: 'overdue', since: rotation.since } : { kind: 'set' }
    case 'missing':
      return setAt === undefined ? { kind: 'missing' } : { kind: 'removed', setAt }
    case 'unknown':
      return { kind: 'unknown' }
  }
}
