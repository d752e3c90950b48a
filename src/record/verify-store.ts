import type { Verification } from './verify.ts'

/** A record of a repo: what it is, and which heads it names. */
export interface CheckedRecord {
  /** As shown to people. */
  readonly path: string
  /** `unreadable`: `reason` is an errno name. */
  readonly verification: Verification | { readonly kind: 'unreadable'; readonly reason: string }
  readonly parents: readonly string[]
}

export interface StoreVerification {
  readonly records: readonly CheckedRecord[]
  /** Records that others name and that are not there. */
  readonly missing: readonly MissingRecord[]
}

export interface MissingRecord {
  /** Its hash when it was named. */
  readonly head: string
  /** Paths of the records that name it. */
  readonly namedBy: readonly string[]
}

/**
 * Parents that are no record's head. Such a record may have grown after it was named, so each of them is missing only when
 * it is the hash of no line of any record either: `hasLine` answers that.
 */
export function parentsToSearch(records: readonly CheckedRecord[]): ReadonlySet<string> {
  const heads = new Set(records.flatMap(({ verification }) => ('head' in verification ? [verification.head] : [])))
  return new Set(records.flatMap(({ parents }) => parents).filter((parent) => !heads.has(parent)))
}

export function verifyStore(records: readonly CheckedRecord[], hasLine: (hash: string) => boolean): StoreVerification {
  const missing = [...parentsToSearch(records)]
    .filter((parent) => !hasLine(parent))
    .map((head) => ({
      head,
      namedBy: records.filter(({ parents }) => parents.includes(head)).map(({ path }) => path),
    }))
  return { records, missing }
}
