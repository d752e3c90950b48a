import type { Answer, Outcome, Question } from '../../execution/event.ts'
import type { RecordedProblem } from '../../record/line.ts'
import type { AboutFollowed, FromFollowed } from '../followed/messages.ts'

/** What the editor tells the Guide. After `ready` all of it comes once, later what changed. */
export type ToGuide =
  | { readonly type: 'content'; readonly content: GuideContent }
  | { readonly type: 'progress'; readonly progress: GuideProgress }
  /** Output of a step's last execution: all that is kept of it, in place of what the page has. */
  | { readonly type: 'output-reset'; readonly stepId: string; readonly text: string }
  | { readonly type: 'output'; readonly stepId: string; readonly text: string }
  | AboutFollowed

/** What the page asks of the editor. */
export type FromGuide =
  | { readonly type: 'go'; readonly to: GuidePlace }
  | { readonly type: 'run'; readonly stepId: string; readonly drawn: string }
  /** Ends a manual step or takes a way at a decision: in the run that is open, else in a new one. */
  | {
      readonly type: 'settle'
      readonly stepId: string
      readonly drawn: string
      readonly answer: Answer
      readonly files: readonly GivenFile[]
    }
  /** Answers what the run asks now. */
  | { readonly type: 'answer'; readonly answer: Answer }
  | { readonly type: 'follow-link'; readonly href: string }
  | {
      readonly type: 'stop' | 'finish' | 'show-terminal' | 'show-runbook' | 'show-record' | 'manage-trust'
    }
  | { readonly type: 'stop-background'; readonly stepId: string }
  | FromFollowed
  /** Presses a button of the refusal, from 0. */
  | { readonly type: 'remedy'; readonly index: number }

/** `start` is before the first step, `end` behind the last one; else the id of a step. */
export type GuidePlace =
  | { readonly kind: 'start' }
  | { readonly kind: 'step'; readonly stepId: string }
  | { readonly kind: 'end' }

/** What the runbook says, as it stands in the editor. HTML in it is safe to show. */
export interface GuideContent {
  readonly title: string
  /** Relative to the workspace. */
  readonly path: string
  /** HTML. */
  readonly intro: string
  readonly owner?: string
  /** Milliseconds. */
  readonly estimate?: number
  /** `anyone`: what commands say is folded. */
  readonly audience: 'admin' | 'anyone'
  readonly steps: readonly GuideStep[]
}

export interface GuideStep {
  readonly id: string
  readonly kind: 'command' | 'manual' | 'decision'
  readonly title: string
  /** Titles of the procedures that it stands in, outermost first. */
  readonly place: readonly string[]
  /** HTML: what leads to the step, and what follows it. */
  readonly before: string
  readonly after: string
  /** Of a command what runs; of a manual step what is to be done, as HTML. */
  readonly text: string
  /** What people call the shell. */
  readonly shell?: string
  readonly expected?: { readonly text: string; readonly match: 'exact' | 'contains' | 'regex' | 'similarity' }
  readonly choices?: readonly { readonly label: string; readonly target: string }[]
  readonly isInteractive: boolean
  readonly isBackground: boolean
  /** 1-based line in the runbook. */
  readonly line: number
  /** A hash of what the step says: another text is not run. */
  readonly drawn: string
}

/** What is true now. */
export interface GuideProgress {
  readonly at: GuidePlace
  /** Where → leads: what comes next in the run. */
  readonly next?: GuidePlace
  /** Steps that come one after another with what was chosen so far, in order. */
  readonly way: readonly string[]
  readonly isTrusted: boolean
  readonly run?: GuideRun
  /** The run is one that the window cut off. */
  readonly cutOff?: CutOff
  readonly standings: Readonly<Record<string, StepStanding>>
  /** The step that runs, or waits for its operator. */
  readonly current?: { readonly stepId: string; readonly startedAt: number }
  /** Steps that run beside the others. */
  readonly background: readonly { readonly stepId: string; readonly startedAt: number }[]
  /** Something runs or waits: nothing else can be started. */
  readonly isBusy: boolean
  readonly question?: Question
  /** Names of the files that are attached to the step that waits. */
  readonly attached: readonly string[]
  /** Why what was asked for last was not done, until something else is asked for; with the words on the buttons that help. */
  readonly refusal?: { readonly sentence: string; readonly remedies: readonly string[] }
}

export interface GuideRun {
  readonly id: string
  readonly state: 'open' | 'ended'
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly endedAt?: number
  readonly outcome?: Outcome
  readonly operator: string
  /** Parameters of the run, masked: label and value. */
  readonly parameters: readonly { readonly label: string; readonly value: string }[]
}

/** What became of a run that was open when the window was loaded anew; `open` where its record does not say it yet. */
export type CutOff = 'ended' | 'abandoned' | 'open'

/** How a step went in this run, last time. */
export interface StepStanding {
  readonly outcome: Outcome
  readonly durationMs: number
  readonly exitCode?: number
  readonly problem?: RecordedProblem
  readonly note?: string
  /** Names of the files that were attached. */
  readonly attachments?: readonly string[]
  readonly choice?: string
  /** Expected output against what was printed, as a unified diff. */
  readonly difference?: string
}

/** A file that was chosen, dropped or pasted. */
export interface GivenFile {
  /** Unique in the page: what was attached once is not attached again. */
  readonly id: number
  readonly name: string
  readonly content: Uint8Array
}
