import type { PrunedRecord } from './act.ts'
import type { AttachmentFault } from './attachment.ts'
import type { Verification } from './verify.ts'

/** A record of a repo: what it is, and which heads it names. */
export interface CheckedRecord {
  /** As shown to people. */
  readonly path: string
  /** `unreadable`: `reason` is an errno name. */
  readonly verification: Verification | { readonly kind: 'unreadable'; readonly reason: string }
  readonly parents: readonly string[]
  /** Of an act: records as it says that it left them. */
  readonly vouches?: readonly PrunedRecord[]
  /** Of a record with pruned lines: SHA-256 of the whole file, with `\n` as line ends. */
  readonly sha256?: string
  /** Attachments that are not as they were; missing where all are. */
  readonly attachments?: readonly AttachmentFault[]
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

/**
 * @param acts records of acts beside `records`, which may vouch for pruned ones among them
 */
export function verifyStore(
  checked: readonly CheckedRecord[],
  hasLine: (hash: string) => boolean,
  acts: readonly CheckedRecord[] = [],
): StoreVerification {
  const vouched = vouchers([...checked, ...acts])
  const records = checked.map((record) => judgePruned(record, vouched))
  const missing = [...parentsToSearch(records)]
    .filter((parent) => !hasLine(parent))
    .map((head) => ({
      head,
      namedBy: records.filter(({ parents }) => parents.includes(head)).map(({ path }) => path),
    }))
  return { records, missing }
}

/** SHA-256 of the files that acts, which are as they were written themselves, say that pruning left. */
function vouchers(records: readonly CheckedRecord[]): ReadonlySet<string> {
  const sound = records.filter(({ verification }) => verification.kind === 'ok')
  return new Set(sound.flatMap(({ vouches = [] }) => vouches.map(({ sha256 }) => sha256)))
}

/** Anybody can take a line out and leave its hash: only the act on record tells pruning from hiding. */
function judgePruned(record: CheckedRecord, vouched: ReadonlySet<string>): CheckedRecord {
  const { verification, sha256 } = record
  if (!('pruned' in verification) || verification.pruned === undefined) return record
  if (sha256 !== undefined && vouched.has(sha256)) return record
  return { ...record, verification: { kind: 'tampered', line: verification.pruned.line, what: 'output-removed' } }
}
