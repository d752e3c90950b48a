import type { SecretFailure, SecretSight } from '../../secrets/store.ts'

/** What the keychain helper is asked, one at a time, over the channel that fork opens. */
export type HelperRequest =
  | { readonly id: number; readonly kind: 'get' | 'delete'; readonly name: string }
  | { readonly id: number; readonly kind: 'set'; readonly name: string; readonly value: string }
  /** Whether the keychain could be used, without reading or writing an entry. */
  | { readonly id: number; readonly kind: 'probe' }
  /** Which entries there are; none is given away. */
  | { readonly id: number; readonly kind: 'look'; readonly names: readonly string[] }

export type HelperReply =
  /** `value` is there when an entry was read. */
  | { readonly id: number; readonly kind: 'done'; readonly value?: string }
  | { readonly id: number; readonly kind: 'looked'; readonly sight: SecretSight }
  | { readonly id: number; readonly kind: 'failed'; readonly failure: SecretFailure }
