import type { Breath } from '../../record/breath.ts'
import type { RecordSummary } from '../../record/summary.ts'

const newestFirst = (a: RecordSummary, b: RecordSummary) => b.startedAt - a.startedAt || (a.path < b.path ? 1 : -1)

/**
 * One list of the records of many folders, which are that of months: so hardly anything has to be compared, and nothing takes
 * long at a time.
 * @param folders the newest first, where their names say that
 */
export async function mergeNewestFirst(
  folders: Iterable<readonly RecordSummary[]>,
  breathe: Breath,
): Promise<readonly RecordSummary[]> {
  const merged: RecordSummary[] = []
  for (const folder of folders) {
    const own = folder.toReversed()
    await breathe()
    own.sort(newestFirst)
    await breathe()
    const [first] = own
    if (first === undefined) continue
    // What is older than the first of this folder stands among its records.
    const among = merged.splice(merged.findLastIndex((one) => newestFirst(one, first) < 0) + 1)
    await append(merged, among, own, breathe)
  }
  return merged
}

async function append(
  merged: RecordSummary[],
  some: readonly RecordSummary[],
  others: readonly RecordSummary[],
  breathe: Breath,
): Promise<void> {
  let at = 0
  let index = 0
  for (const other of others) {
    for (let one = some[at]; one !== undefined && newestFirst(one, other) < 0; one = some[at]) {
      merged.push(one)
      at += 1
    }
    merged.push(other)
    index += 1
    if (index % 1000 === 0) await breathe()
  }
  merged.push(...some.slice(at))
}
