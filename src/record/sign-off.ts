import type { RunDescription } from '../execution/event.ts'
import type { Mastery, SignOff } from './act.ts'
import { isSameOperator } from './followable.ts'
import { isReadable, type ReadableRun, type RunSummary } from './summary.ts'

/** What keeps somebody from signing off. */
export interface SignOffRefusal {
  readonly code: /** The run goes on. */
    | 'still-running'
    /** The run that it followed is not in this repo: `run` is its id. */
    | 'followed-missing'
    /** They carried nothing out that follows this run. */
    | 'nothing-of-their-own'
    /** It is the run of somebody else, `operator`. */
    | 'not-theirs'
  readonly run?: string
  readonly operator?: string
}

export interface SignOffRequest {
  /** One's own run that followed another, or the other's run itself where one only watched it. */
  readonly run: ReadableRun
  readonly mastery: Mastery
  readonly with?: string | undefined
  readonly text?: string | undefined
}

/** @param runs all of the repo */
export function signOffOf(
  { run, mastery, with: companion, text }: SignOffRequest,
  runs: readonly RunSummary[],
  operator: RunDescription['operator'],
): SignOff | SignOffRefusal {
  if (run.outcome === 'running') return { code: 'still-running' }
  const more = { ...(companion && { with: companion }), ...(text && { text }) }
  if (run.follows === undefined) {
    if (mastery !== 'watched') return { code: 'nothing-of-their-own', run: run.id }
    return { act: 'run-signed-off', about: referenceTo(run), mastery, ...more }
  }
  if (!isSameOperator(run.operator, operator)) return { code: 'not-theirs', operator: run.operator.name }
  const followed = runs.filter(isReadable).find(({ id }) => id === run.follows)
  if (followed === undefined) return { code: 'followed-missing', run: run.follows }
  return {
    act: 'run-signed-off',
    about: referenceTo(followed),
    ...(mastery === 'watched' ? {} : { own: referenceTo(run) }),
    mastery,
    ...more,
  }
}

function referenceTo({ id, head }: ReadableRun) {
  return { run: id, head }
}
