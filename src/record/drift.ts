import { sha256, textOf, textSha256 } from '../execution/step-text.ts'
import type { Runbook, Schedule, Step } from '../runbook/runbook.ts'
import { MASK } from '../secrets/mask.ts'
import { periodOf } from './period.ts'
import type { ReadableRun, StepResult } from './summary.ts'
import { lastWholeRun } from './whole-run.ts'

/** How a runbook as it stands differs from what its records say was done. */
export interface RunbookDrift {
  /** No record tells of a run. Then nothing else is there. */
  readonly isNeverRun: boolean
  /** Steps whose text is another than the one that ran last, in the runbook's order. */
  readonly changed: readonly StepDrift[]
  /** Steps that the version that ran last had and the runbook does not. */
  readonly gone: readonly StepDrift[]
  /** Nothing of the runbook ran since its text was edited, be it a step or the prose around them. */
  readonly isEdited: boolean
  /** It was not carried out for longer than its schedule lets pass. */
  readonly overdue?: {
    readonly schedule: Schedule
    /** When it was carried out last, milliseconds since the epoch; missing where it never was without a failure. */
    readonly last?: number
  }
}

export interface StepDrift {
  readonly stepId: string
  /** Of a step that is gone its id. */
  readonly title: string
  /** When it ran last, milliseconds since the epoch. */
  readonly time: number
  /** The record of that run, relative to the repo, with `/`. */
  readonly record: string
}

/** What a record says of the text of a step that ran. */
export type RanText = Partial<Pick<StepResult, 'textSha256' | 'maskedText'>>

/**
 * Whether a step says something else than what ran. A record that does not say what ran is no ground to say so; and where a
 * secret's value stood in the text, whatever stands there now is taken for the same.
 */
export function isStepChanged(step: Step, { textSha256: ran, maskedText }: RanText): boolean {
  if (!ran || ran === textSha256(step)) return false
  return maskedText === undefined || !isMaskOf(maskedText, textOf(step))
}

/** Whether a text became `masked` when something in it, be it several times, was masked. */
function isMaskOf(masked: string, text: string): boolean {
  const [first = '', ...others] = masked.split(MASK)
  const last = others.pop() ?? ''
  if (!text.startsWith(first)) return false
  let at = first.length
  // What lies between two masks is looked for as early as possible: if any place fits, this one does.
  for (const part of others) {
    const found = text.indexOf(part, at + 1)
    if (found < 0) return false
    at = found + part.length
  }
  return text.endsWith(last) && text.length - last.length > at
}

/** The last execution of a step, and the record that tells of it. */
interface LastExecution extends RanText {
  readonly time: number
  readonly record: string
}

/** What records say of one runbook. */
export interface RunbookPast<Execution = LastExecution> {
  /** The last execution of each step, of all runs. */
  readonly steps: ReadonlyMap<string, Execution>
  /** Ids of the steps that the version which ran last is known to have had. */
  readonly lastVersion: ReadonlySet<string>
}

/** @param runs of one runbook, the newest first */
function pastOf(runs: readonly ReadableRun[]): RunbookPast {
  const steps = new Map<string, LastExecution>()
  for (const run of runs) {
    if (!mayHoldNewest(run, steps)) continue
    for (const [id, { textSha256: ran, maskedText, time }] of Object.entries(run.results)) {
      if ((steps.get(id)?.time ?? Number.NEGATIVE_INFINITY) >= time) continue
      steps.set(id, { textSha256: ran, ...(maskedText !== undefined && { maskedText }), time, record: run.path })
    }
  }
  return { steps, lastVersion: stepsOfLastVersion(runs) }
}

/**
 * Ids of the steps that the version of a runbook which ran last is known to have had.
 * @param runs of one runbook, the newest first
 */
export function stepsOfLastVersion(runs: readonly ReadableRun[]): ReadonlySet<string> {
  const version = runs[0]?.runbook.sha256
  const ids = new Set<string>()
  for (const { runbook, steps } of runs) if (runbook.sha256 === version) for (const id of steps) ids.add(id)
  return ids
}

/**
 * Whether a run may tell of a later execution of one of its steps than is known. Of a run that was over before, nothing more
 * has to be read.
 */
export function mayHoldNewest(
  { steps, endedAt }: Pick<ReadableRun, 'steps' | 'endedAt'>,
  known: ReadonlyMap<string, { readonly time: number }>,
): boolean {
  return steps.some((stepId) => {
    const newest = known.get(stepId)
    return newest === undefined || endedAt === undefined || newest.time < endedAt
  })
}

/**
 * Ids of steps that ran and are not in the runbook any more. One whose text stands in another step was only given another
 * name, or moved.
 */
function goneSteps(runbook: Runbook, { steps, lastVersion }: RunbookPast<RanText>): readonly string[] {
  const ids = new Set(runbook.steps.map(({ id }) => id))
  const gone = [...lastVersion].filter((id) => !ids.has(id))
  if (gone.length === 0) return []
  const texts = new Set(runbook.steps.map(textSha256))
  return gone.filter((id) => !texts.has(steps.get(id)?.textSha256 ?? ''))
}

/** The steps of a runbook that are not what ran last, and those that are not there any more. */
export function driftedSteps<Execution extends RanText & { readonly time: number }>(
  runbook: Runbook,
  past: RunbookPast<Execution>,
  recordOf: (execution: Execution) => string,
): Pick<RunbookDrift, 'changed' | 'gone'> {
  const drifted = (stepId: string, title: string, last: Execution | undefined): readonly StepDrift[] =>
    last === undefined ? [] : [{ stepId, title, time: last.time, record: recordOf(last) }]
  const changed = runbook.steps.flatMap((step) => {
    const last = past.steps.get(step.id)
    return last !== undefined && isStepChanged(step, last) ? drifted(step.id, step.title, last) : []
  })
  return { changed, gone: goneSteps(runbook, past).flatMap((id) => drifted(id, id, past.steps.get(id))) }
}

/** SHA-256 (hexadecimal) of a runbook's text as it may have run: git checks files out with either kind of line ends. */
export function sourceHashes(text: string): readonly string[] {
  const plain = text.replaceAll('\r\n', '\n')
  return [text, plain, plain.replaceAll('\n', '\r\n')].map(sha256)
}

/**
 * @param source what `sourceHashes` makes of the runbook's text
 * @param runs of this runbook, the newest first
 */
export function driftOf(
  runbook: Runbook,
  source: readonly string[],
  runs: readonly ReadableRun[],
  now: number,
): RunbookDrift | undefined {
  if (runs.length === 0) return { isNeverRun: true, changed: [], gone: [], isEdited: false }
  const { changed, gone } = driftedSteps(runbook, pastOf(runs), ({ record }) => record)
  const version = runs[0]?.runbook.sha256 ?? ''
  const isEdited = changed.length > 0 || gone.length > 0 || (version !== '' && !source.includes(version))
  const overdue = overdueOf(runbook, runs, now)
  if (!isEdited && overdue === undefined) return undefined
  return { isNeverRun: false, changed, gone, isEdited, ...(overdue && { overdue }) }
}

/** @param runs of this runbook, the newest first */
export function overdueOf(runbook: Runbook, runs: readonly ReadableRun[], now: number): RunbookDrift['overdue'] {
  const { schedule } = runbook.frontmatter
  if (schedule === undefined || schedule === 'on-demand') return undefined
  const period = periodOf(schedule)
  // The steps of a runbook that was edited since may be in no run: then that something of it succeeded has to do.
  const last = lastWholeRun(runbook, runs)?.time ?? runs.find(({ outcome }) => outcome === 'succeeded')?.startedAt
  if (last !== undefined && now - last <= period) return undefined
  // What was only tried lately, and failed, is known to be open.
  if (last === undefined && now - (runs.at(-1)?.startedAt ?? now) <= period) return undefined
  return { schedule, ...(last !== undefined && { last }) }
}
