import { changedLines, type DifferenceLine } from '../execution/difference-lines.ts'
import type { RunDescription } from '../execution/event.ts'
import { validateParameter } from '../execution/parameters.ts'
import { titleOf } from '../execution/step-description.ts'
import { textOf } from '../execution/step-text.ts'
import type { Runbook, Step } from '../runbook/runbook.ts'
import { MASK } from '../secrets/mask.ts'
import type { Annotation, RunAnnotations } from './annotations.ts'
import { type PlacedStep, pairSteps } from './pair-steps.ts'
import type { Transcript, TranscriptNote, TranscriptStep } from './transcript.ts'

/** Whether a run can be followed, and what there is to follow. */
export type Following =
  | ({ readonly kind: 'possible' } & FollowedRun)
  | {
      readonly kind: 'impossible'
      /** `other-runbook`: it is the record of another runbook, `path`. */
      readonly reason: 'not-a-record' | 'running' | 'other-runbook'
      readonly path?: string
    }

/** A predecessor's run beside the runbook as it is now. */
export interface FollowedRun {
  readonly run: RunDescription
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** The runbook's text is another one now. */
  readonly isChanged: boolean
  /** In the order of the runbook; steps that are gone stand where they stood. */
  readonly steps: readonly FollowedStep[]
  /** What was written down before the first step, or added later to the run as a whole. */
  readonly notes: readonly FollowedNote[]
}

export interface FollowedStep {
  /** As the runbook has it now; missing where it is gone. */
  readonly step?: Step
  /** What the predecessor did: its last execution. Missing where the step is new, or did not run. */
  readonly before?: TranscriptStep
  /** What changed in the text since; missing where it is the same, or only one of the two is there. */
  readonly changedText?: readonly DifferenceLine[]
  /** What the predecessor wrote at this step, behind it, or added to it later. */
  readonly notes: readonly FollowedNote[]
}

export interface FollowedNote {
  readonly by: string
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly text: string
  /** It was added when the run was over. */
  readonly isLater?: true
  /** The record was another one when it was added. */
  readonly isOutdated?: true
}

/**
 * @param runbook what its file says now
 * @param source where that file is, relative to the root of its repo with `/`, and the SHA-256 of its text
 * @param annotations what was written to that run later
 */
export function followingOf(
  transcript: Transcript,
  runbook: Runbook,
  source: { readonly path: string; readonly sha256: string },
  annotations: RunAnnotations,
): Following {
  const { run, startedAt, end } = transcript
  if (run === undefined) return { kind: 'impossible', reason: 'not-a-record' }
  if (end.kind === 'none') return { kind: 'impossible', reason: 'running' }
  if (run.runbook.path !== source.path) return { kind: 'impossible', reason: 'other-runbook', path: run.runbook.path }
  return {
    kind: 'possible',
    run,
    startedAt,
    isChanged: run.runbook.sha256 !== source.sha256,
    steps: followedSteps(transcript, runbook, run.operator.name, annotations),
    notes: [...notesBehind(transcript, 0, run.operator.name), ...annotations.ofRun.map(laterNote)],
  }
}

function followedSteps(
  transcript: Transcript,
  runbook: Runbook,
  predecessor: string,
  { byExecution }: RunAnnotations,
): readonly FollowedStep[] {
  // What ran as the check or the undo of another step is no step that one would take oneself.
  const ran = transcript.steps.filter(({ serves }) => serves === undefined)
  const executions = Map.groupBy(ran, ({ id }) => id)
  const placed = runbook.steps.map((step) => ({ step, ...placeOf(step, runbook) }))
  return pairSteps(ran, placed).map(({ before, after }) => {
    const own = before ? (executions.get(before.id) ?? []) : []
    const places = own.map((execution) => transcript.steps.indexOf(execution) + 1)
    return {
      ...(after && { step: after.step }),
      ...(before && { before }),
      ...(before && after && before.text !== after.text && { changedText: changedLines(before.text, after.text) }),
      notes: [
        ...own.flatMap(({ result }) =>
          result?.note ? [{ by: predecessor, time: result.time, text: result.note }] : [],
        ),
        ...places.flatMap((place) => notesBehind(transcript, place, predecessor)),
        ...own.flatMap(({ execution }) => (byExecution.get(execution) ?? []).map(laterNote)),
      ],
    }
  })
}

function placeOf(step: Step, { procedures }: Runbook): PlacedStep {
  const procedure = titleOf(procedures, step.procedureId)
  const { id, kind, title } = step
  return { id, kind, title, text: textOf(step), ...(procedure !== undefined && { procedure }) }
}

function laterNote({ operator, time, text, isOutdated }: Annotation): FollowedNote {
  return { by: operator.name, time, text, isLater: true, ...(isOutdated && { isOutdated }) }
}

/** What its operator wrote down when so many steps had begun. */
function notesBehind({ notes }: Transcript, place: number, by: string): readonly FollowedNote[] {
  return notes.filter(({ after }) => after === place).map(({ time, text }: TranscriptNote) => ({ by, time, text }))
}

/**
 * Values that the followed run had, for parameters that the runbook still has and that may be shown: to choose from, since a
 * successor does the same for somebody else.
 */
export function earlierValues(run: RunDescription, { frontmatter }: Runbook): Readonly<Record<string, string>> {
  const values = frontmatter.parameters.flatMap((declaration): [string, string][] => {
    const value = run.parameters[declaration.name]
    if (value === undefined || declaration.sensitive || value.includes(MASK)) return []
    return validateParameter(declaration, value) === undefined ? [[declaration.name, value]] : []
  })
  return Object.fromEntries(values)
}
