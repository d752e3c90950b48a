import type { Problem } from '../runbook/problem.ts'
import { runbookProblemSentence } from '../wording/runbook-problems.ts'
import type { Translate } from '../wording/translate.ts'

interface Place {
  readonly line: number
  readonly character: number
}

/** One line of the answer; places are zero-based, as in `Range`. */
export interface Finding {
  readonly file: string
  readonly start: Place
  readonly end: Place
  readonly severity: Problem['severity']
  readonly code: string
  readonly values: Readonly<Record<string, string>>
  readonly message: string
}

/** @param file as messages name it */
export function findingOf(file: string, problem: Problem, t: Translate): Finding {
  const { range, severity, code, values } = problem
  return { file, ...range, severity, code, values, message: runbookProblemSentence(problem, t) }
}
