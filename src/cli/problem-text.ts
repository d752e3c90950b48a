import type { ExecutionProblem } from '../execution/problem.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { type ExitCode, exitCodeOfProblem } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'

/** Says why a run did not begin or did not go on. */
export function tellProblem(problem: ExecutionProblem, options: { readonly json?: true }, line: CommandLine): ExitCode {
  const message = problemSentence(problem, line)
  if (options.json) line.out.write(`${JSON.stringify({ type: 'problem', ...problem, message })}\n`)
  line.err.write(`${message}\n`)
  return exitCodeOfProblem(problem)
}

/** Here a secret has one more way in, and its sentence has to say so. */
export function problemSentence(problem: ExecutionProblem, { t }: CommandLine): string {
  const variable = `BATON_SECRET_${problem.values.name ?? ''}`
  switch (problem.code) {
    case 'secret-missing':
      return t(
        'The secret {0} is not in the keychain. Set {1}, or run in a terminal, where it is asked for.',
        problem.values.name ?? '',
        variable,
      )
    case 'secret-removed':
    case 'keychain-locked':
    case 'keychain-unavailable':
    case 'keychain-refused':
    case 'keychain-busy':
    case 'keychain-timeout':
    case 'keychain-failed':
      return `${executionProblemSentence(problem, t)} ${t('Without the keychain, set {0}.', variable)}`
    default:
      return plain(executionProblemSentence(problem, t))
  }
}
