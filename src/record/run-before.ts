import type { ReadableRun } from './summary.ts'

type Placed = Pick<ReadableRun, 'runbook' | 'startedAt' | 'path'>

/**
 * The last run of the same runbook that had begun before.
 * @param runs newest first
 */
export function runBefore<Run extends Placed>(run: Placed, runs: readonly Run[]): Run | undefined {
  return runs.find(
    ({ runbook, startedAt, path }) =>
      runbook.path === run.runbook.path && path !== run.path && startedAt <= run.startedAt,
  )
}
