import type { SyntaxProblem } from '../../execution/syntax.ts'

/**
 * Reads a step's text the way its shell would, and runs nothing of it. Lines of problems count from the text's first line,
 * which is 1.
 * @param interpreter its absolute path
 * @returns undefined when nothing can be said: it took too long, or answered what cannot be understood
 */
export type SyntaxReader = (
  text: string,
  interpreter: string,
  tools: SyntaxTools,
) => Promise<readonly SyntaxProblem[] | undefined>

export interface SyntaxTools {
  readonly platform: NodeJS.Platform
  /**
   * Starts a program that gets nothing of the caller's environment by which it could be made to run something.
   * @returns undefined when it did not start, or was ended because it took too long or is not wanted any more
   */
  start(program: string, args: readonly string[], more?: StartOptions): Promise<Printed | undefined>
}

export interface StartOptions {
  /** Standard input; empty when absent. */
  readonly input?: string
  /** So that `/dev/stdin` can be opened: what Node makes by default is a socket, which cannot. Not on Windows. */
  readonly inputAsFile?: boolean
  readonly timeoutMs?: number
}

export interface Printed {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** More would not fit into an argument everywhere; a step of that length is refused when it is to run, too. */
export const isTooLongToPass = (text: string, platform: NodeJS.Platform): boolean =>
  platform === 'win32' ? text.length > 30_000 : Buffer.byteLength(text) > 100_000

/** 1-based UTF-16 column of the `count`th character of a line, counted from 1, as Python counts them. */
export const columnOfCharacter = (line: string, count: number): number =>
  [...line].slice(0, Math.max(0, count - 1)).join('').length + 1

/** `#!` means something to an interpreter that reads it itself; here it is a comment that takes as much space. */
export const withoutInterpreterLine = (text: string, comment: '#' | '//'): string =>
  text.startsWith('#!') ? comment.padEnd(2, comment) + text.slice(2) : text
