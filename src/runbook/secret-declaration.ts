import type { Range } from './source.ts'

/** A secret that a runbook names; its value is kept elsewhere and reaches steps as an environment variable of this name. */
export interface SecretDeclaration {
  /** Matches `^[A-Z][A-Z0-9_]*$`. */
  readonly name: string
  readonly label?: string
  readonly owner?: string
  /** Milliseconds. */
  readonly rotateEvery?: number
  /** A command that prints the value, in place of a keychain that holds it: one line, for the system's own shell. */
  readonly from?: string
  readonly range: Range
}
