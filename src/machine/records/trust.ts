import type { TrustedRecord, TrustReport } from '../../record/trust.ts'
import { repositoryRoot } from '../git.ts'
import { findAnchors, inRepository } from './anchors.ts'
import { checkRecord } from './check.ts'
import { checkSignatures } from './signatures.ts'
import type { RecordStore } from './store.ts'

/**
 * Whether records are what was written, and what stands outside of them: signatures and commits.
 * @param root of the repo, absolute
 * @param paths as `RecordStore.verify` takes them
 */
export async function verifyTrust(
  store: Pick<RecordStore, 'verify'>,
  root: string,
  paths?: readonly string[],
  folder = '.baton/runs',
): Promise<TrustReport> {
  const { records, missing } = await store.verify(paths)
  const [signatures, { anchors, deleted, obstacle }] = await Promise.all([
    checkSignatures(root, records),
    findAnchors(root, folder, records),
  ])
  const isUnchecked = [...signatures.values()].some((found) => found.kind === 'unknown' && found.reason === 'unchecked')
  return {
    records: records.map((record) => ({
      ...record,
      signature: signatures.get(record.path) ?? { kind: 'none' },
      anchor: anchors.get(record.path) ?? { kind: 'not-pushed' },
    })),
    missing,
    deleted: paths === undefined ? deleted : [],
    obstacles: [...(obstacle ? [obstacle] : []), ...(isUnchecked ? (['ssh-keygen-unavailable'] as const) : [])],
  }
}

/**
 * The same of one record. Which records it names, and whether they are there, is not looked at.
 * @param file absolute
 */
export async function trustOfRecord(
  file: string,
  storeOf: (root: string) => Pick<RecordStore, 'judgePruned'>,
): Promise<TrustedRecord> {
  const root = await rootOfRecord(file)
  const record = await storeOf(root).judgePruned({ path: file, ...(await checkRecord(file)) })
  const [signatures, { anchors }] = await Promise.all([
    checkSignatures(root, [record]),
    findAnchors(root, inRepository(root, file), [record]),
  ])
  return {
    ...record,
    signature: signatures.get(file) ?? { kind: 'none' },
    anchor: anchors.get(file) ?? { kind: 'not-pushed' },
  }
}

/** The repo that holds a record, else the folder that stands for it. */
export async function rootOfRecord(file: string): Promise<string> {
  return (await repositoryRoot(file)) ?? file.split(/[\\/]\.baton[\\/]/)[0] ?? file
}
