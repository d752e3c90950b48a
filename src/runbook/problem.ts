import type { Range } from './source.ts'

/** Something about the text of a runbook, or of `baton.yaml`, that its author should know. The edge puts the code and its values into words. */
export interface Problem {
  readonly code: ProblemCode
  readonly severity: 'error' | 'warning' | 'information'
  readonly range: Range
  /** What the sentence names: keys, values, expected forms. */
  readonly values: Readonly<Record<string, string>>
}

export type ProblemCode =
  | 'frontmatter-invalid-yaml'
  /** `character` is `：` or `　` where YAML asks for `:` or a space. */
  | 'yaml-full-width'
  | 'frontmatter-duplicate-key'
  | 'frontmatter-not-a-mapping'
  | 'frontmatter-unclosed'
  | 'frontmatter-unknown-key'
  | 'frontmatter-wrong-type'
  | 'frontmatter-invalid-value'
  | 'parameter-invalid-name'
  | 'parameter-reserved-name'
  | 'parameter-duplicate'
  | 'parameter-invalid-pattern'
  | 'parameter-choices-missing'
  | 'secret-invalid-name'
  | 'secret-duplicate'
  | 'secret-invalid-command'
  | 'attribute-invalid-syntax'
  | 'attribute-unknown'
  | 'attribute-invalid-value'
  | 'attribute-duplicate'
  /** `key` means something beside `other` alone. */
  | 'attribute-lonely'
  | 'step-duplicate-name'
  | 'step-unknown-reference'
  | 'fence-unclosed'
  | 'task-misspelt'
  | 'decision-unknown-target'
  | 'secret-undeclared'
  /** Of `baton.yaml`. */
  | 'settings-invalid-yaml'
  | 'settings-unreadable'
  | 'settings-not-a-mapping'
  | 'settings-unknown-key'
  | 'settings-wrong-type'
  | 'settings-invalid-value'
  | 'file-too-slow'
  | 'file-not-text'
