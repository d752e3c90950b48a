import { createMasker } from '../secrets/create-masker.ts'
import { MASK } from '../secrets/mask.ts'
import { checkSecretValue } from '../secrets/secret-value.ts'
import type { ExecutionProblem } from './problem.ts'
import type { RunMasker } from './run-masker.ts'
import type { StepExit } from './shells.ts'

/** UTF-16 units: an environment variable of Windows holds no more. */
const longestValue = 32_000
/** What stderr may hold back: the rest is left out. */
const longestErrors = 256 * 1024

/** The output of a step that captures a secret: what it is can be said when the step has ended, and nothing is shown before. */
export interface SensitiveCapture {
  take(text: string, from: 'stderr' | undefined): void
  /** What came on stdout, or in a session on either stream. */
  output(): string
  end(exit: StepExit): CapturedSecret
}

export interface CapturedSecret {
  /** What may be shown: a mask for what came on stdout, then what came on stderr, masked. */
  readonly shown: string
  /** Known to the masker already. Missing where the step did not succeed. */
  readonly value?: string
  /** Why what was captured cannot be a secret. */
  readonly problem?: ExecutionProblem
}

/**
 * stdout is the value. What the step writes to stderr are its messages: they are shown when the value is known and masked in
 * them. Where the step did not come to its end by itself they may hold the value of which stdout has only a part, or nothing yet:
 * then nothing is shown.
 */
export function holdBack(name: string, masker: RunMasker): SensitiveCapture {
  let output = ''
  let errors = ''

  function checked(value: string): ExecutionProblem | undefined {
    if (value.length > longestValue) return { code: 'captured-too-long', values: { name, limit: String(longestValue) } }
    switch (checkSecretValue(value)) {
      case 'secret-too-short':
        return { code: 'captured-too-short', values: { name } }
      case 'secret-has-nul':
        return { code: 'captured-has-nul', values: { name } }
      case undefined:
        return undefined
    }
  }

  return {
    take(text, from) {
      if (from === 'stderr') errors = (errors + text).slice(0, longestErrors)
      // One more than fits tells that it is too long.
      else output = (output + text).slice(0, longestValue + 3)
    },
    output: () => output,
    end(exit) {
      const mask = output === '' ? '' : `${MASK}\n`
      if (exit.kind !== 'exited' || exit.signal !== undefined) return { shown: mask }
      const value = output.replace(/(\r?\n)+$/, '')
      // Also what is too short to be masked everywhere is masked in the messages of its own step.
      const own = createMasker([{ name, value }])
      const problem = exit.exitCode === 0 && exit.problem === undefined ? checked(value) : undefined
      const succeeded = exit.exitCode === 0 && exit.problem === undefined && problem === undefined
      if (succeeded) masker.learn(name, value)
      return {
        shown: mask + masker.mask(own.mask(errors)),
        ...(succeeded ? { value } : {}),
        ...(problem === undefined ? {} : { problem }),
      }
    },
  }
}
