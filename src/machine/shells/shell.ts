import type { ExecutionProblem } from '../../execution/problem.ts'
import type { StepRequest } from '../../execution/shells.ts'

/** What the description of a shell says about it; the runner of its kind does the rest. */
export type ShellDescription = ProcessShell | SessionShell

interface ShellBase {
  /** As `shell:` and fences write it, lower case. */
  readonly name: string
  /** Programs that can run it, best first. None: this shell does not exist on that platform. */
  interpreters(platform: NodeJS.Platform): readonly string[]
}

/** One process per step, which hands its state on when it ends. */
export interface ProcessShell extends ShellBase {
  readonly kind: 'process'
  /** The code page of what its programs print; absent: each line as UTF-8 or, where it is none, as CP932. */
  readonly encoding?: string
  /** Looks at the request before anything starts; files that `launch` needs lie in `folder`, which is removed afterwards. */
  launch(request: StepRequest, launch: LaunchContext): Promise<Launch | Refusal> | Launch | Refusal
  /**
   * Reads what came over the handover channel.
   * @param bytes everything that came, possibly cut short, possibly several handovers of which the last counts
   * @returns undefined when the step handed on nothing that can be believed
   */
  readHandover(bytes: Buffer, request: StepRequest): Handover | undefined
}

/** One live process per run, which keeps its own variables. */
export interface SessionShell extends ShellBase {
  readonly kind: 'session'
  /** The script in the assets folder that the interpreter runs. */
  readonly host: string
  /** @param interactive someone types at its terminal */
  args(host: string, name: string, interactive: boolean): readonly string[]
  /** Why it did not come up, where what it printed instead says so. */
  notStarted?(printed: string): ExecutionProblem | undefined
}

export interface LaunchContext {
  readonly platform: NodeJS.Platform
  readonly interpreter: string
  /** Where the state goes: a file descriptor on Unix, a path that can be opened for writing on Windows. */
  readonly handover: { readonly kind: 'descriptor'; readonly fd: 3 } | { readonly kind: 'path'; readonly path: string }
  /** Makes a fresh folder that only this user can read and that is gone after the step. */
  folder(): Promise<string>
}

export interface Launch {
  readonly args: readonly string[]
  /** Added to the step's environment; names begin with `BATON_` and are taken out of the state again. */
  readonly env: Readonly<Record<string, string>>
  /** cmd.exe reads its command line by rules of its own. */
  readonly verbatim?: boolean
  readonly encoding?: string
}

export interface Refusal {
  readonly refused: ExecutionProblem
}

export type Handover =
  | {
      readonly kind: 'state'
      readonly env: Readonly<Record<string, string>>
      readonly cwd: string
      /** What only this shell understands; absent when it has nothing of the kind. */
      readonly local?: string
    }
  /** The text did not parse and nothing of it ran. */
  | { readonly kind: 'syntax-error' }

/** Ends each handover, so that its reader need not wait for descendants that still hold the channel. */
export const handoverEnd = '\0.\0'

/** The last complete handover in `bytes`, without its end mark. */
export const lastHandover = (bytes: Buffer): Buffer | undefined => {
  const end = bytes.lastIndexOf(handoverEnd)
  if (end < 0) return undefined
  const before = bytes.subarray(0, end).lastIndexOf(handoverEnd)
  return bytes.subarray(before < 0 ? 0 : before + handoverEnd.length, end)
}

/** Where two pipes are all that there is, a shell makes one stream of stdout and stderr itself, unless they are to be apart. */
export const oneStream = ({ apart }: StepRequest): string => (apart ? '' : '2>&1 ')

/**
 * Whether the text is longer than one argument of a process surely holds (128 KiB on Linux; 32,767 UTF-16 units for a
 * whole command line on Windows).
 */
export const isTooLong = ({ text }: StepRequest, platform: NodeJS.Platform = 'linux'): boolean =>
  platform === 'win32' ? text.length > 30_000 : Buffer.byteLength(text) > 100_000

/**
 * The text with as many line ends before it as put it on its own line, after something that stands on line 1. Very far
 * down a very long file they would not fit into an argument: the line is then counted from the text's beginning.
 */
export const onItsLine = ({ place, text }: StepRequest): string =>
  place.line < 2 ? `; ${text}` : '\n'.repeat(place.line > 25_000 ? 1 : place.line - 1) + text

/**
 * A long value as environment variables `NAME_0`, `NAME_1`, …, each far below what one may hold (128 KiB on Linux, 32,767
 * UTF-16 units on Windows).
 */
export const inChunks = (name: string, value: string): Record<string, string> => {
  const chunks: Record<string, string> = {}
  let from = 0
  for (let n = 0; from < value.length; n++) {
    let to = Math.min(from + 30_000, value.length)
    const last = value.charCodeAt(to - 1)
    if (to < value.length && last >= 0xd800 && last < 0xdc00) to--
    chunks[`${name}_${n}`] = value.slice(from, to)
    from = to
  }
  return chunks
}
