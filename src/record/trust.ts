import type { Signature } from './signature.ts'
import type { CheckedRecord, MissingRecord } from './verify-store.ts'

/** What git knows of a record. */
export type Anchor =
  /** What the file says is in a commit that was pushed. */
  | { readonly kind: 'pushed' }
  | { readonly kind: 'not-pushed' }
  /** It was pushed with lines that the file does not have any more. */
  | { readonly kind: 'rewritten'; readonly commit: string }

/** A record, and what stands outside of it. */
export interface TrustedRecord extends CheckedRecord {
  readonly signature: Signature
  readonly anchor: Anchor
}

export interface TrustReport {
  readonly records: readonly TrustedRecord[]
  readonly missing: readonly MissingRecord[]
  /** Paths of records that the last commit holds and that are not here. */
  readonly deleted: readonly string[]
  /** What kept git or SSH from being asked; each is to be said once. */
  readonly obstacles: readonly TrustObstacle[]
}

export type TrustObstacle =
  /** The records are in no git repo, or git is not to be found, or it did not answer. */
  | 'git-unavailable'
  /** Nothing was ever pushed from here, or fetched. */
  | 'nothing-pushed'
  /** There are signatures, and no `ssh-keygen` that checks them. */
  | 'ssh-keygen-unavailable'

/** Whether somebody has to look at it: what stands there is not what was written, or not by whom it says. */
export function isWrong({ verification, signature, anchor, attachments }: TrustedRecord): boolean {
  const isUntrue = verification.kind === 'tampered' || verification.kind === 'unreadable'
  return isUntrue || signature.kind === 'wrong' || anchor.kind === 'rewritten' || attachments !== undefined
}

/** Neither signed by its operator nor in a commit that was pushed: somebody could have written it anew. */
export function isUnanchored({ signature, anchor }: Pick<TrustedRecord, 'signature' | 'anchor'>): boolean {
  return signature.kind !== 'good' && anchor.kind !== 'pushed'
}

/** What is no mistake, and nothing to rely on either. */
export function isUncertain(record: TrustedRecord): boolean {
  return isUnanchored(record) || record.signature.kind === 'unknown'
}
