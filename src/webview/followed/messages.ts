import type { DifferenceLine } from '../../execution/difference-lines.ts'
import type { Outcome } from '../../execution/event.ts'
import type { Mastery } from '../../record/act.ts'
import type { StepComparison } from '../../record/compare.ts'
import type { FollowedNote } from '../../record/follow.ts'
import type { RecordedProblem } from '../../record/line.ts'
import type { PlayedCast } from '../../record/played-cast.ts'

/** What the editor tells a Guide in which a run is followed, beside all else. */
export type AboutFollowed =
  | { readonly type: 'followed'; readonly followed: FollowedView }
  /** One's own steps beside the predecessor's, by id: all that ended. Without their output, which the page has. */
  | { readonly type: 'compared'; readonly compared: Readonly<Record<string, StepComparison>> }
  | { readonly type: 'sign-off'; readonly signOff: SignOffView }
  /** What one execution printed, as it came. */
  | { readonly type: 'cast'; readonly execution: number; readonly cast: PlayedCast }

/** What such a page asks for, beside all else. */
export type FromFollowed =
  | { readonly type: 'sign-off'; readonly mastery: Mastery; readonly with?: string }
  /** Wants to play back what one execution printed. */
  | { readonly type: 'replay'; readonly execution: number }

/** A predecessor's run. */
export interface FollowedView {
  readonly operator: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** It is a run of one's own. */
  readonly isOwn: boolean
  /** The runbook was edited since. */
  readonly isChanged: boolean
  readonly parameters: readonly { readonly label: string; readonly value: string }[]
  readonly notes: readonly FollowedNote[]
  /** By the id of the step in the runbook as it is now. */
  readonly steps: Readonly<Record<string, FollowedStepView>>
  /** What ran then and is not in the runbook any more. */
  readonly gone: readonly FollowedStepView[]
}

/** What was done at a step. */
export interface FollowedStepView {
  readonly execution: number
  readonly title: string
  readonly kind: 'command' | 'manual' | 'decision'
  /** Masked, as it ran. */
  readonly text: string
  readonly changedText?: readonly DifferenceLine[]
  /** Missing where the record does not say how it ended. */
  readonly outcome?: Outcome
  readonly durationMs?: number
  readonly exitCode?: number
  readonly problem?: RecordedProblem
  readonly choice?: string
  readonly output: string
  /** Of the output, as UTF-8: what the record does not hold, and the end of it behind that. */
  readonly omitted?: { readonly bytes: number; readonly tail: string }
  /** Bytes (UTF-8) of output that was taken out of the record later. */
  readonly prunedBytes?: number
  readonly attachments: readonly string[]
  readonly notes: readonly FollowedNote[]
}

/** Whether and how one came through it. */
export interface SignOffView {
  /** What was put on record here last. */
  readonly signed?: Mastery
  /** There is a run of one's own that follows: without one it can only be said that one watched. */
  readonly hasOwnRun: boolean
  /** Why it was not put on record, in words. */
  readonly problem?: string
}
