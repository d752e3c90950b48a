import type { Ending } from './event.ts'
import type { ExecutionProblem } from './problem.ts'

/** What goes from step to step of one run, across shells. Immutable: each step gets one and gives the next. */
export interface CarriedState {
  /** The whole environment of the next step, without the run's parameters and secrets. */
  readonly env: Readonly<Record<string, string>>
  /** Absolute path. */
  readonly cwd: string
  /** By shell: what only that shell understands, such as bash's variables that are not exported. Opaque. */
  readonly local: Readonly<Record<string, string>>
}

export interface StepRequest {
  readonly shell: string
  /** LF line ends, no final one. */
  readonly text: string
  /** What errors name: the runbook's file as shown to people, and the 1-based line on which `text` begins. */
  readonly place: { readonly file: string; readonly line: number }
  readonly errors: 'stop' | 'continue'
  readonly state: CarriedState
  /** Parameters and secrets of this step: environment variables for it alone, never part of the state that it hands on. */
  readonly grants: Readonly<Record<string, string>>
  /** Absolute; stands in for the carried folder for this step, and what the step changes it to is carried on. */
  readonly cwd?: string
  readonly timeoutMs?: number
  readonly encoding?: string
  /** Runs on a pseudo-terminal at which the operator types. */
  readonly keyboard?: Keyboard
  /** Runs beside the other steps until it ends or is cancelled, and hands no state on. */
  readonly background?: true
  /**
   * Asks the operator for what a program wants to know that has no terminal (`sudo -A`, ssh): undefined when they withdraw.
   * What is answered is given to the program alone.
   */
  readonly askPassword?: (prompt: string) => Promise<string | undefined>
  /**
   * stdout and stderr come on a pipe each, where the shell has a process for each step: what was written to stderr is named as
   * such, and the order of the two is lost.
   */
  readonly apart?: true
  readonly signal: AbortSignal
  /** Decoded text as it arrives, stdout and stderr in true order, not masked. Reading waits for the promise (back pressure). */
  readonly onOutput: (text: string, about?: AboutOutput) => void | Promise<void>
}

export interface AboutOutput {
  /** Only where stdout and stderr were asked for apart. */
  readonly from?: 'stderr'
  /** The same text in UTF-8, where it is at hand. In memory that is used again once the text has been taken. */
  readonly utf8?: Uint8Array | undefined
  /** It may be what the operator typed, as its terminal echoes it, or a program may have printed it: shown, and not kept. */
  readonly isDoubtful?: true
}

/** The operator's end of a pseudo-terminal. */
export interface Keyboard {
  readonly size: () => TerminalSize
  /** Calls back with keys as a terminal sends them, until the returned function is called. */
  onKeys(listener: (keys: string) => void): () => void
  onResize(listener: (size: TerminalSize) => void): () => void
  /** What the terminal echoes of the keys: in its place among the output, and no part of it. */
  readonly onEcho: (text: string) => void | Promise<void>
  /** A line was typed to its end: what it says may come back in the output and must not be kept. Called before it is sent. */
  readonly onLine: (line: string) => void
}

/** In characters. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

export type StepExit = StepEnd & {
  /** Output in which bytes were no text. */
  readonly undecodable?: Ending['undecodable']
}

type StepEnd =
  | {
      readonly kind: 'exited'
      /** 0 is success. A process ended by a signal has 128 + its number, as in a shell. */
      readonly exitCode: number
      readonly signal?: string
      readonly state: CarriedState
      readonly problem?: ExecutionProblem
    }
  | { readonly kind: 'cancelled' | 'timed-out'; readonly state: CarriedState; readonly problem?: ExecutionProblem }
  /** Nothing of the step ran. */
  | { readonly kind: 'refused'; readonly problem: ExecutionProblem }

/** The shells of this computer. */
export interface Shells {
  /** Undefined when `shell` can run here. Answers are remembered. */
  check(shell: string): Promise<ExecutionProblem | undefined>
  /** What a run starts with: this process's environment without what belongs to the editor, and `cwd`. */
  initialState(cwd: string): CarriedState
  /** One per run: holds its live sessions. */
  open(): RunShells
}

export interface RunShells {
  run(request: StepRequest): Promise<StepExit>
  /** Starts a live session ahead of its first step, where the shell has one. Never fails. */
  warmUp(shell: string, state: CarriedState): void
  /** Ends every process that the run started, whatever they did. */
  close(): Promise<void>
}
