import { createCommitOffer } from './commit-offer.ts'
import { createCommits } from './commits.ts'
import type { KeptRun, RecordKeepingSetup } from './kept-records.ts'
import { pruneRecords } from './prune-records.ts'

export interface RecordKeeping {
  /** To be called when a run was closed. */
  finished(run: KeptRun): Promise<void>
  commitAll(): Promise<void>
  prune(): Promise<void>
}

export function createRecordKeeping(setup: RecordKeepingSetup): RecordKeeping {
  const commits = createCommits(setup)
  const offer = createCommitOffer(setup, commits)
  return {
    finished: offer.finished,
    commitAll: commits.all,
    prune: () => pruneRecords(setup),
  }
}
