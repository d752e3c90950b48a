import { type ExitCode, exitCodes } from './exit-codes.ts'

/** A person's mistake, as a sentence that says what to do. Anything else that is thrown is a bug. */
export class UsageError extends Error {
  readonly exitCode: ExitCode

  constructor(sentence: string, exitCode: ExitCode = exitCodes.usage) {
    super(sentence)
    this.exitCode = exitCode
  }
}
