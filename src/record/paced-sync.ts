/** Calls back once, after so many milliseconds, unless the returned function was called before. */
export type Schedule = (callback: () => void, ms: number) => () => void

/** What was written is on the disk after this time, and the disk is not asked more often. */
const paceMs = 250

export interface PacedSync {
  /** Something was written. */
  written(): void
  /** Somebody else syncs everything that was written so far. */
  overtaken(): void
}

/** Syncs at a steady pace as long as something is written, one sync at a time: on a slow disk they do not pile up. */
export function createPacedSync(sync: () => Promise<void>, schedule: Schedule): PacedSync {
  let cancel: (() => void) | undefined
  let isSyncing = false
  let isDirty = false

  function written(): void {
    isDirty = true
    if (!isSyncing) cancel ??= schedule(begin, paceMs)
  }

  function begin(): void {
    cancel = undefined
    isDirty = false
    isSyncing = true
    void sync().finally(() => {
      isSyncing = false
      if (isDirty) written()
    })
  }

  return {
    written,
    overtaken() {
      cancel?.()
      cancel = undefined
      isDirty = false
    },
  }
}
