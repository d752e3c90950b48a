import type { Problem } from '../runbook/problem.ts'

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
