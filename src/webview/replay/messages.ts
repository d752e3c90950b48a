import type { Outcome } from '../../execution/event.ts'
import type { PlayedCast } from '../../record/played-cast.ts'

/** What the editor tells the page, after `ready`. */
export type ToReplay =
  | { readonly type: 'run'; readonly run: ReplayedRun }
  /** Why there is nothing to play, as a sentence. */
  | { readonly type: 'refusal'; readonly sentence: string }

/** What the page asks of the editor. */
export type FromReplay =
  /** The step that is played now; none before the first. */
  | { readonly type: 'at-step'; readonly execution?: number }
  | { readonly type: 'copy-output'; readonly execution: number }
  | { readonly type: 'show-step'; readonly execution: number }
  | { readonly type: 'show-record' }

/** A run that is played. */
export interface ReplayedRun {
  readonly title: string
  /** Who, when, how long, how it ended. */
  readonly facts: readonly string[]
  /** What was written to the whole run when it was over. */
  readonly annotations: readonly ReplayedNote[]
  readonly steps: readonly ReplayedStep[]
  readonly cast: PlayedCast
}

export interface ReplayedStep {
  readonly execution: number
  readonly title: string
  /** Missing where the record says nothing of its end. */
  readonly outcome?: Outcome
  /** How it ended, in words. */
  readonly ending: string
  readonly note?: string
  /** What was written to it when the run was over. */
  readonly annotations: readonly ReplayedNote[]
}

export interface ReplayedNote {
  readonly text: string
  /** Who wrote it, and when. */
  readonly byline: string
}
