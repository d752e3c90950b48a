import type { CredentialKind } from './rule.ts'

/** A stretch of a text that holds a credential, in UTF-16 offsets; `end` is exclusive. */
export interface CredentialHit {
  /** The rule that found it: one of ours, or `secretlint-github`. */
  readonly rule: string
  /** `service`: a credential of the service that the rule names. */
  readonly kind: CredentialKind | 'service'
  /** A name that the secret could have. */
  readonly name: string
  readonly start: number
  readonly end: number
  /** The credential itself, as it is written there, without quotes; missing where that cannot be told. */
  readonly value?: { readonly start: number; readonly end: number }
}
