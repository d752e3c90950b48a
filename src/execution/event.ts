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
  | {
      readonly type: 'output'
      readonly time: number
      readonly execution: number
      readonly text: string
      /** What is kept in its place, where something in it may be what the operator typed. */
      readonly kept?: string
    }
  /** What the operator typed at an interactive step, as its terminal echoes it: shown, and never kept. */
  | { readonly type: 'echo'; readonly time: number; readonly execution: number; readonly text: string }
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
  /** Files that were kept beside the record. */
  readonly attachments?: readonly Attachment[]
  /** The heading that a decision led to. */
  readonly choice?: string
  /** Of a step with expected output that printed something else: what was expected against what came, as a unified diff. Masked. */
  readonly difference?: string
  /** Of output in which bytes were no text (shown as U+FFFD): how many, and the SHA-256 of these bytes in order. */
  readonly undecodable?: { readonly bytes: number; readonly sha256: string }
  /** Of a background step: it lived until its run ended it. */
  readonly endedWithRun?: true
}

/** A file beside a record: neither its name nor what is in it is masked. */
export interface Attachment {
  /** In the folder of the record's attachments. */
  readonly name: string
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
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
  /** Nobody was asked: texts that are new and steps with `confirm` were let run beforehand (`--yes`). */
  readonly unattended?: true
  /** The rows of a table that one runbook was run for: `row` from 1. */
  readonly batch?: { readonly id: string; readonly row: number; readonly rows: number }
  /** The run that this one goes on from, and the step at which it does. */
  readonly resumes?: { readonly run: string; readonly step: string }
  /** Id of the run that its operator followed, step by step. */
  readonly follows?: string
  readonly prerequisites?: readonly PrerequisiteState[]
}

/** What was found of a runbook that has to be done before this one. */
export interface PrerequisiteState {
  /** Relative to the root of the repo, with `/`. */
  readonly path: string
  /** `done`: a recent record says so; `ran`: it was carried out just now; `waived`: the operator went on without. */
  readonly state: 'done' | 'ran' | 'waived'
  /** Id of the run that counts. */
  readonly run?: string
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
  /** Which try this is, from 2 on: a step with `retries` that failed before. */
  readonly attempt?: number
  /** What it runs for, where not for itself: as the `check` or `undo` of another step. */
  readonly serves?: { readonly as: 'check' | 'undo'; readonly stepId: string }
  readonly background?: true
  readonly interactive?: true
  /** Why the text could run: approved for this run, or by the same operator before; absent where nobody was asked. */
  readonly approval?: 'now' | 'earlier'
  /** Variables of `promptEnv` and what was answered: masked. */
  readonly answers?: Readonly<Record<string, string>>
  /** Secrets of this step whose values came from commands, by name. */
  readonly secretCommands?: Readonly<Record<string, ApprovedCommand>>
}

/** A command that printed a secret's value. */
export interface ApprovedCommand {
  /** Masked. */
  readonly command: string
  readonly approval?: StepDescription['approval']
}

/** What a run asks its operator. All texts are masked. */
export type Question =
  | { readonly kind: 'manual'; readonly stepId: string; readonly title: string; readonly text: string }
  | {
      readonly kind: 'decision'
      readonly stepId: string
      readonly title: string
      readonly choices: readonly { readonly label: string; readonly target: string }[]
    }
  /** Before a step with `confirm=true`. */
  | {
      readonly kind: 'confirm'
      readonly stepId: string
      readonly title: string
      readonly text: string
      readonly variables: readonly Variable[]
    }
  /** Before the first step: texts that this operator never let run. One answer for all: `done` or `cancel`. */
  | {
      readonly kind: 'approve'
      /** Of the first one. */
      readonly stepId: string
      readonly title: string
      readonly steps: readonly StepToApprove[]
    }
  /** After a failure: steps that ran and can be undone, newest first. `done` undoes all of them, `skip` none. */
  | {
      readonly kind: 'undo'
      /** The step that failed. */
      readonly stepId: string
      readonly title: string
      readonly steps: readonly StepToUndo[]
    }
  /** A line of text: a variable of `promptEnv` (`name`), or what a program asks for (`hidden`, a password). */
  | {
      readonly kind: 'input'
      readonly stepId: string
      readonly title: string
      readonly prompt: string
      readonly name?: string
      readonly preset?: string
      readonly hidden: boolean
      /** Title of the step that would have captured `name`, had it run in this run. */
      readonly capturedBy?: string
    }

/** A variable that a step's text mentions. */
export interface Variable {
  readonly name: string
  /** Masked; undefined where it has no value. */
  readonly value: string | undefined
}

export interface StepToApprove {
  /** The step; of a command that prints a secret, the first one that needs it. */
  readonly stepId: string
  /** The secret whose value the text prints, where it is the text of no step: `title` is then what people call the secret. */
  readonly secret?: string
  readonly title: string
  /** 1-based line of the first line of `text` in the runbook. */
  readonly line: number
  /** Empty for a command that prints a secret: the system's own shell runs it. */
  readonly shell: string
  readonly text: string
  /** What the same operator let run before in this place; undefined where there was nothing. */
  readonly previous?: string
  readonly deceptions: readonly Deception[]
}

/** A character that makes a text look like another one than runs. */
export interface Deception {
  /** 1-based, in the runbook. */
  readonly line: number
  /** 1-based, in UTF-16 units of the line. */
  readonly column: number
  readonly kind: 'bidirectional' | 'invisible'
  /** As `U+202E`. */
  readonly character: string
}

export interface StepToUndo {
  readonly stepId: string
  readonly title: string
  /** The step that undoes it. */
  readonly undo: { readonly stepId: string; readonly title: string; readonly text: string }
}

export type Answer =
  | ({ readonly kind: 'done' | 'skip' | 'fail'; readonly note?: string } & Attached)
  | { readonly kind: 'choice'; readonly target: string }
  | { readonly kind: 'text'; readonly value: string }
  | ({ readonly kind: 'cancel' } & Attached)

/** What was attached while a manual step waited; it is on record also where the step was cancelled then. */
interface Attached {
  readonly attachments?: readonly Attachment[]
}
