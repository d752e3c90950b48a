import type { SecretFailure } from '../../secrets/store.ts'

/** What the keychain helper is asked, one at a time, over the channel that fork opens. */
export type HelperRequest =
  | { readonly id: number; readonly kind: 'get' | 'delete'; readonly name: string }
  | { readonly id: number; readonly kind: 'set'; readonly name: string; readonly value: string }
  /** Whether the keychain could be used, without reading or writing an entry. */
  | { readonly id: number; readonly kind: 'probe' }

export type HelperReply =
  /** `value` is there when an entry was read. */
  | { readonly id: number; readonly kind: 'done'; readonly value?: string }
  | { readonly id: number; readonly kind: 'failed'; readonly failure: SecretFailure }
