import { filterInTurns } from '../record/in-turns.ts'
import type { RecordSummary } from '../record/summary.ts'
import type { HistoryEntry, RunHistory } from './run-history.ts'
import { createEntryFilter, type RunsFilter } from './runs-filter.ts'

/** The entries of the view as its filter leaves them. */
export interface RunsList {
  filter(): RunsFilter
  setFilter(filter: RunsFilter): void
  /** Newest first. The same list as long as neither the records nor the filter changed. */
  found(onProgress: (done: number, all: number) => void): Promise<FoundRuns>
}

export interface FoundRuns {
  readonly all: readonly HistoryEntry<RecordSummary>[]
  readonly found: readonly HistoryEntry<RecordSummary>[]
}

export function createRunsList(history: RunHistory): RunsList {
  let filter: RunsFilter = {}
  let searching: AbortController | undefined
  let known:
    | { readonly of: RunsFilter; readonly all: FoundRuns['all']; readonly result: Promise<FoundRuns> }
    | undefined

  async function search(all: FoundRuns['all'], now: RunsFilter): Promise<FoundRuns> {
    searching?.abort()
    const own = new AbortController()
    searching = own
    const { text, ...others } = now
    const matches = createEntryFilter(others, new Date())
    const some = Object.keys(others).length === 0 ? all : await filterInTurns(all, matches)
    if (text === undefined) return { all, found: some }
    const holds = await history.search(text, own.signal)
    return { all, found: await filterInTurns(some, holds) }
  }

  return {
    filter: () => filter,
    setFilter(next) {
      filter = next
    },
    async found(onProgress) {
      const all = await history.records(onProgress)
      // "Today" is another day tomorrow.
      if (known?.all !== all || known.of !== filter || filter.period !== undefined) {
        known = { of: filter, all, result: search(all, filter) }
      }
      return known.result
    },
  }
}
