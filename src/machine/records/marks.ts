import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { allowedSignersPath, signaturePath } from '../../record/signature.ts'
import { isWrong, type TrustedRecord } from '../../record/trust.ts'
import { checkRecord } from './check.ts'
import { checkSignatures } from './signatures.ts'
import type { RecordStore } from './store.ts'
import { rootOfRecord } from './trust.ts'

/** Finds records that somebody has to look at, while other things go on. */
export interface RecordMarks {
  /**
   * The record where it is wrong by itself: changed, or signed by somebody else. What git says is not asked.
   * @param file absolute
   */
  of(file: string): Promise<TrustedRecord | undefined>
}

/** A larger one is checked when somebody asks for it. */
const sizeLimit = 16 * 1024 * 1024
/** Records looked at together: nobody waits for it. */
const atOnce = 2

/**
 * What does not change is looked at once.
 * @param storeOf the records of a repo, among which are those that vouch for pruned ones
 */
export function createRecordMarks(storeOf: (root: string) => Pick<RecordStore, 'judgePruned'>): RecordMarks {
  const known = new Map<string, { readonly stamp: string; readonly mark: TrustedRecord | undefined }>()
  let running = 0
  const waiting: (() => void)[] = []

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running >= atOnce) await new Promise<void>((go) => waiting.push(go))
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }

  async function look(file: string): Promise<TrustedRecord | undefined> {
    const root = await rootOfRecord(file)
    const parts = [file, signaturePath(file), join(root, allowedSignersPath)]
    const stats = await Promise.all(parts.map((part) => stat(part).catch(() => undefined)))
    const stamp = stats.map((found) => `${found?.size}/${found?.mtimeMs}`).join(' ')
    const before = known.get(file)
    if (before?.stamp === stamp) return before.mark
    const size = stats[0]?.size ?? 0
    const mark = size > sizeLimit ? undefined : await check(root, file, storeOf(root))
    known.set(file, { stamp, mark })
    return mark
  }

  return { of: (file) => inTurn(() => look(file)) }
}

async function check(
  root: string,
  file: string,
  store: Pick<RecordStore, 'judgePruned'>,
): Promise<TrustedRecord | undefined> {
  const found = await store.judgePruned({ path: file, ...(await checkRecord(file)) })
  const signature = (await checkSignatures(root, [found])).get(file) ?? { kind: 'none' }
  const record: TrustedRecord = { ...found, signature, anchor: { kind: 'not-pushed' } }
  return isWrong(record) ? record : undefined
}
