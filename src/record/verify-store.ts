import type { PrunedRecord } from './act.ts'
import type { AttachmentFault } from './attachment.ts'
import type { Breath } from './breath.ts'
import { eachInTurns } from './in-turns.ts'
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
export async function parentsToSearch(
  records: readonly CheckedRecord[],
  breathe: Breath,
): Promise<ReadonlySet<string>> {
  const heads = new Set<string>()
  await eachInTurns(
    records,
    ({ verification }) => {
      if ('head' in verification && verification.head !== undefined) heads.add(verification.head)
    },
    breathe,
  )
  const sought = new Set<string>()
  await eachInTurns(
    records,
    ({ parents }) => {
      for (const parent of parents) if (!heads.has(parent)) sought.add(parent)
    },
    breathe,
  )
  return sought
}

/**
 * @param sought what `parentsToSearch` found among `checked`
 * @param acts records of acts beside `checked`, which may vouch for pruned ones among them
 */
export async function verifyStore(
  checked: readonly CheckedRecord[],
  sought: ReadonlySet<string>,
  hasLine: (hash: string) => boolean,
  acts: readonly CheckedRecord[],
  breathe: Breath,
): Promise<StoreVerification> {
  const vouched = new Set<string>()
  await eachInTurns(
    [...checked, ...acts],
    (one) => {
      for (const hash of vouchedBy(one)) vouched.add(hash)
    },
    breathe,
  )
  const records: CheckedRecord[] = []
  const namedBy = new Map<string, string[]>(
    [...sought].filter((head) => !hasLine(head)).map((head): [string, string[]] => [head, []]),
  )
  await eachInTurns(
    checked,
    (one) => {
      records.push(judgePruned(one, vouched))
      for (const parent of new Set(one.parents)) namedBy.get(parent)?.push(one.path)
    },
    breathe,
  )
  return { records, missing: [...namedBy].map(([head, paths]) => ({ head, namedBy: paths })) }
}

/** SHA-256 of the files that an act, where it is as it was written itself, says that pruning left. */
function vouchedBy({ verification, vouches = [] }: CheckedRecord): readonly string[] {
  return verification.kind === 'ok' ? vouches.map(({ sha256 }) => sha256) : []
}

/** Anybody can take a line out and leave its hash: only the act on record tells pruning from hiding. */
function judgePruned(record: CheckedRecord, vouched: ReadonlySet<string>): CheckedRecord {
  const { verification, sha256 } = record
  if (!('pruned' in verification) || verification.pruned === undefined) return record
  if (sha256 !== undefined && vouched.has(sha256)) return record
  return { ...record, verification: { kind: 'tampered', line: verification.pruned.line, what: 'output-removed' } }
}
