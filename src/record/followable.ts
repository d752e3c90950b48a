import type { RunDescription } from '../execution/event.ts'
import { isReadable, type ReadableRun, type RunSummary } from './summary.ts'

/**
 * Runs of a runbook that one can follow, the best first: those of others before one's own, among them the newest that came
 * through as many steps as any before the rest, newest first.
 * @param path of the runbook, relative to the root of its repo
 */
export function followableRuns(
  runs: readonly RunSummary[],
  path: string,
  operator: RunDescription['operator'],
): readonly ReadableRun[] {
  const over = runs
    .filter(isReadable)
    .filter(({ outcome, runbook, started }) => outcome !== 'running' && runbook.path === path && started > 0)
  const newestFirst = [...over].sort((a, b) => b.startedAt - a.startedAt)
  const ofOthers = newestFirst.filter((run) => !isSameOperator(run.operator, operator))
  const own = newestFirst.filter((run) => isSameOperator(run.operator, operator))
  return [...bestFirst(ofOthers), ...bestFirst(own)]
}

function bestFirst(runs: readonly ReadableRun[]): readonly ReadableRun[] {
  const whole = runs.filter(({ outcome }) => outcome === 'succeeded')
  const most = Math.max(0, ...whole.map(({ tally }) => tally.succeeded))
  const best = whole.find(({ tally }) => tally.succeeded === most)
  return best ? [best, ...runs.filter((run) => run !== best)] : runs
}

/**
 * By address where both have one, as git and `allowed_signers` tell people apart: names are written in several ways. Whoever
 * shares an address is one operator.
 */
export function isSameOperator(a: RunDescription['operator'], b: RunDescription['operator']): boolean {
  if (a.email && b.email) return a.email.toLowerCase() === b.email.toLowerCase()
  return a.name === b.name
}
