import type { Runbook } from '../runbook/runbook.ts'
import type { Answer, Outcome, Question, RunDescription, RunEvent, Selection } from './event.ts'
import type { ExecutionProblem } from './problem.ts'
import type { Shells, TerminalSize } from './shells.ts'

/** One operator carrying out one runbook, from start to finish. It may be asked for several parts, one after the other. */
export interface Run {
  readonly description: RunDescription
  /** `idle`: nothing runs and the run is open; `busy`: steps run or wait for their operator. */
  readonly state: 'idle' | 'busy' | 'ended'
  /**
   * Carries out a part of `runbook`, whose text may be newer than at the last call. Secrets and interpreters that the part
   * needs are checked before its first step: what is refused ran nothing.
   */
  execute(runbook: Runbook, selection: Selection): Promise<ExecuteResult>
  /** Puts a remark of the operator into the stream; nothing before the first `execute`. */
  note(text: string): Promise<void>
  /** Keys that were pressed while an interactive step runs, as a terminal sends them; nothing at other times. */
  type(keys: string): void
  /** The size of the terminal that shows the run, in characters; interactive steps draw for it. */
  resize(size: TerminalSize): void
  /** Ends a step that runs in the background, wherever it was started; everything else goes on. Nothing where none does. */
  endBackground(stepId: string): void
  /** Ends the running step, and with it the part that was asked for; the run stays open. */
  cancel(): void
  /** Cancels what runs, ends every process, and closes the stream with `run-ended`. */
  finish(): Promise<Outcome>
}

export type ExecuteResult =
  /** `problem` says why where no step does: the record could not be written any more. */
  | { readonly kind: 'finished'; readonly outcome: Outcome; readonly problem?: ExecutionProblem }
  | { readonly kind: 'refused'; readonly problem: ExecutionProblem }

/** What a run needs from outside. */
export interface RunPorts {
  readonly shells: Shells
  /** An absolute path for `path` as written in a runbook, seen from the absolute folder `base`. */
  readonly resolvePath: (base: string, path: string) => string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** The value of a secret, asked for if need be; a problem when it cannot be had. Called at most once per name and run. */
  readonly secret: (name: string, stepTitle: string) => Promise<SecretValue>
  /** A value that was given to this process for a secret: it comes before every other source. */
  readonly givenSecret?: (name: string) => Promise<string | undefined>
  /** Runs a command that prints a secret, which its operator approved. Never rejects. */
  readonly secretCommand: (command: SecretCommand) => Promise<SecretCommandExit>
  /** Puts a question to the operator. The signal ends the question when the run is cancelled. */
  readonly ask: (question: Question, signal: AbortSignal) => Promise<Answer>
  /** What this operator let run before. */
  readonly approvals: Approvals
  /** Waits so many milliseconds, or until the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /**
   * Keeps the run: awaited at each event. Where it answers with a failure the run ends: nothing runs without a record. Is given
   * the text of output as UTF-8, too, in parts, where that is at hand: turning it once more would cost as much as all else. The
   * memory is used again once the event was kept.
   */
  readonly record: (event: RunEvent, utf8?: readonly Uint8Array[]) => Promise<RecordFailure | undefined>
  /** Shows the run: called after `record`. */
  readonly show: (event: RunEvent) => void
  /** Gets what was masked in a run that is over, by the run's id: it is not to be in what is written about it later either. */
  readonly remember: (run: string, values: readonly { readonly name: string; readonly value: string }[]) => void
}

/** A command that prints the value of a secret, as this computer is to run it. */
export interface SecretCommand {
  readonly name: string
  /** One line, for `/bin/sh -c`, on Windows for `cmd.exe /d /s /c`. */
  readonly command: string
  /** Absolute: where it runs. */
  readonly folder: string
  readonly signal: AbortSignal
}

/** How it ended. Nothing of it is masked: only `secretOfCommand` may look at it. */
export type SecretCommandExit =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** More than `secretCommandLimits.bytes` came on stdout. */
  | { readonly kind: 'too-long' }
  | { readonly kind: 'timed-out' | 'cancelled' }

export type SecretValue =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'problem'; readonly problem: ExecutionProblem }

/**
 * The texts that an operator let run on this computer: once for each content. Kept outside of the repo, since what comes
 * with a repo cannot vouch for itself.
 */
export interface Approvals {
  /**
   * @param place names a step for good: the runbook's path and the step's id
   * @returns whether exactly this content was approved in whatever place, and what was approved in this place last
   */
  find(place: string, sha256: string): Promise<{ readonly approved: boolean; readonly previous?: string }>
  /** Keeps that these were approved. What cannot be kept is asked for again the next time: it never fails. */
  add(entries: readonly { readonly place: string; readonly sha256: string; readonly text: string }[]): Promise<void>
}

export interface RecordFailure {
  readonly problem: ExecutionProblem
}

export interface RunSetup {
  readonly description: RunDescription
  /** The runbook's absolute folder: the first step starts here, and relative `cwd`s are seen from here. */
  readonly folder: string
  /** How error messages name the runbook. */
  readonly file: string
  /** Parameters as they reach the steps: validated, by name. */
  readonly parameters: Readonly<Record<string, string>>
  /** Names of parameters whose values are masked. */
  readonly sensitive: readonly string[]
}
