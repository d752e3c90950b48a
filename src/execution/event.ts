import type { Step } from '../runbook/runbook.ts'
import type { ExecutionProblem } from './problem.ts'

export type Outcome = 'succeeded' | 'failed' | 'skipped' | 'cancelled' | 'timed-out'

/** What part of a runbook an operator asked for. */
export type Selection =
  | { readonly kind: 'runbook' }
  | { readonly kind: 'procedure'; readonly procedureId: string }
  | { readonly kind: 'step'; readonly stepId: string }
  | { readonly kind: 'from'; readonly stepId: string }

/**
 * What happens in a run, in order. Everything that shows or keeps a run listens to this one stream, and nothing in it
 * holds a secret's value: the masker stands before it. `time` is in milliseconds since the epoch; `execution` counts the
 * step executions of a run from 1, so that a step that runs twice is told apart.
 */
export type RunEvent =
  | { readonly type: 'run-started'; readonly time: number; readonly run: RunDescription }
  | {
      readonly type: 'step-started'
      readonly time: number
      readonly execution: number
      readonly step: StepDescription
    }
  | { readonly type: 'output'; readonly time: number; readonly execution: number; readonly text: string }
  /** A question to the operator is open; answered by the `step-ended` of the same execution or by its output. */
  | { readonly type: 'waiting'; readonly time: number; readonly execution: number; readonly question: Question['kind'] }
  | ({
      readonly type: 'step-ended'
      readonly time: number
      readonly execution: number
      readonly stepId: string
      readonly durationMs: number
    } & Ending)
  /** What the operator wrote down between steps. */
  | { readonly type: 'note'; readonly time: number; readonly text: string }
  | { readonly type: 'run-ended'; readonly time: number; readonly outcome: Outcome; readonly counts: OutcomeCounts }

/** How one execution of a step ended. */
export interface Ending {
  readonly outcome: Outcome
  readonly exitCode?: number
  readonly signal?: string
  /** Why, where an exit code does not say it. */
  readonly problem?: ExecutionProblem
  readonly note?: string
  /** Of a step that ran as the `check` of another: whether that one is done already. */
  readonly isDone?: boolean
  /** The heading that a decision led to. */
  readonly choice?: string
}

export type OutcomeCounts = Readonly<Record<Outcome, number>>

/** Who carries out what, where: known when a run starts. */
export interface RunDescription {
  /** 12 characters, unique. */
  readonly id: string
  readonly runbook: {
    /** Relative to the root of the repo, with `/`. */
    readonly path: string
    readonly title: string
    /** SHA-256 of the text that runs (UTF-8), hexadecimal. */
    readonly sha256: string
  }
  readonly git?: { readonly commit?: string; readonly branch?: string; readonly changed: boolean }
  readonly operator: { readonly name: string; readonly email?: string }
  readonly host: { readonly name: string; readonly platform: string; readonly pid: number }
  readonly parameters: Readonly<Record<string, string>>
  /** Names only. */
  readonly secrets: readonly string[]
  readonly origin: 'editor' | 'command-line'
  readonly version: string
}

/** A step as it ran: `text` is masked. */
export interface StepDescription {
  readonly id: string
  readonly kind: Step['kind']
  readonly title: string
  readonly procedure?: string
  /** 1-based line of the step in the runbook. */
  readonly line: number
  readonly shell?: string
  readonly text: string
}

/** What a run asks its operator. */
export type Question =
  | { readonly kind: 'manual'; readonly stepId: string; readonly title: string; readonly text: string }
  | {
      readonly kind: 'decision'
      readonly stepId: string
      readonly title: string
      readonly choices: readonly { readonly label: string; readonly target: string }[]
    }
  /** Before a step with `confirm=true`; `text` is masked. */
  | { readonly kind: 'confirm'; readonly stepId: string; readonly title: string; readonly text: string }

export type Answer =
  | { readonly kind: 'done'; readonly note?: string }
  | { readonly kind: 'skip'; readonly note?: string }
  | { readonly kind: 'fail'; readonly note?: string }
  | { readonly kind: 'choice'; readonly target: string }
  | { readonly kind: 'cancel' }
