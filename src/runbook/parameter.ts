import type { Range } from './source.ts'

export type ParameterType = 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'date' | 'email' | 'path' | 'list'

/** A typed input that is asked for when a run starts; it reaches steps as an environment variable of its name. */
export interface ParameterDeclaration {
  /** Matches `^[A-Z][A-Z0-9_]*$` and is no name that changes how programs run. */
  readonly name: string
  readonly label?: string
  readonly description?: string
  readonly type: ParameterType
  /** A regular expression (ECMAScript, `u` flag) that the whole value must match. */
  readonly pattern?: string
  /** What the pattern means in words. */
  readonly hint?: string
  readonly min?: number
  readonly max?: number
  readonly required: boolean
  readonly default?: string
  readonly choices?: readonly string[]
  readonly sensitive?: boolean
  readonly range: Range
}
