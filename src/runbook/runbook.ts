import type { ParameterDeclaration } from './parameter.ts'
import type { Problem } from './problem.ts'
import type { SecretDeclaration } from './secret-declaration.ts'
import type { Range } from './source.ts'

/** What one Markdown file says. Plain data: it survives `JSON.stringify` and `structuredClone`. */
export interface Runbook {
  /**
   * `runbook` has at least one step; `document` has none; `session-output` is a file that Runme wrote to keep a session
   * (`runme.session.id` in its frontmatter) and is never shown or run.
   */
  readonly kind: 'runbook' | 'document' | 'session-output'
  /** From the frontmatter, else the first heading of level 1, else empty: the caller then shows the file's name. */
  readonly title: string
  readonly frontmatter: Frontmatter
  /** Outermost procedures in document order; deeper ones hang below them. Headings without steps below are no procedures. */
  readonly procedures: readonly Procedure[]
  /** Every step in document order, whatever procedure it belongs to. */
  readonly steps: readonly Step[]
  /** Links to other runbooks under a heading "Prerequisites" or "前提条件": path as written, not resolved. */
  readonly prerequisites: readonly Link[]
  readonly problems: readonly Problem[]
}

export interface Link {
  readonly label: string
  readonly target: string
  readonly range: Range
}

export type Schedule = string

/** The known keys of a runbook's frontmatter, as far as they were valid; everything else is a problem. */
export interface Frontmatter {
  /** The whole block with its fences. */
  readonly range?: Range
  readonly title?: string
  readonly owner?: string
  /** `daily`, `weekly`, `monthly`, `quarterly`, `yearly`, `on-demand`, or an RRULE. */
  readonly schedule?: Schedule
  /** Milliseconds. */
  readonly estimate?: number
  /** Milliseconds. */
  readonly byHand?: number
  readonly urgency?: 'high' | 'low'
  readonly importance?: 'high' | 'low'
  readonly audience?: 'admin' | 'anyone'
  /** Milliseconds. */
  readonly reviewEvery?: number
  /** ISO date. */
  readonly reviewed?: string
  readonly shell?: string
  /** Relative to the runbook's folder. */
  readonly cwd?: string
  readonly errors?: 'stop' | 'continue'
  readonly parameters: readonly ParameterDeclaration[]
  readonly secrets: readonly SecretDeclaration[]
}

/** A heading and what is under it, when that holds at least one step. */
export interface Procedure {
  /** Unique in the file: the anchor of links to it (`#id`), as GitHub makes it from the heading. */
  readonly id: string
  readonly title: string
  /** 1 to 6. */
  readonly level: number
  readonly headingRange: Range
  /** From the heading to before the next heading of the same or a higher rank. */
  readonly range: Range
  /** Ids of the steps that are directly under this heading. */
  readonly stepIds: readonly string[]
  readonly procedures: readonly Procedure[]
}

export type Step = CommandStep | ManualStep | DecisionStep

interface StepBase {
  /** Unique in the file: the explicit `name`, else made from the heading and the position under it. */
  readonly id: string
  /** What a person sees in one line. */
  readonly title: string
  /** Whether `id` was written by the author (`name=`). */
  readonly named: boolean
  /** The whole step: the fence with its markers, the list item, the list. */
  readonly range: Range
  /** Id of the procedure that it stands directly under; none above the first heading. */
  readonly procedureId?: string
}

/** A fenced code block in a language that can run. */
export interface CommandStep extends StepBase {
  readonly kind: 'command'
  /** The first word of the info string, lower case, as written. */
  readonly language: string
  /** Canonical shell name, such as `bash`, or whatever `shell` says: an interpreter that the machine must know. */
  readonly shell: string
  /** What runs: indentation of the container removed, LF line ends, transcript prompts stripped. Without a final line end. */
  readonly text: string
  /** Zero-based line of the file on which `text` begins. */
  readonly textLine: number
  readonly attributes: StepAttributes
  readonly expectedOutput?: ExpectedOutput
}

/** A task-list item: `- [ ] …`. */
export interface ManualStep extends StepBase {
  readonly kind: 'manual'
  /** The item's Markdown source without the box. */
  readonly text: string
}

/** A list in which every item is just a link to a heading of the same file. */
export interface DecisionStep extends StepBase {
  readonly kind: 'decision'
  readonly choices: readonly Choice[]
}

export interface Choice {
  readonly label: string
  /** Anchor without `#`; a problem is reported when no procedure or heading has it. */
  readonly target: string
  readonly range: Range
}

/** An ```` ```output ```` block or an `expected_similarity` comment after a command step. */
export interface ExpectedOutput {
  readonly text: string
  readonly match: 'exact' | 'contains' | 'regex' | 'similarity'
  /** 0 to 1, for `similarity`. */
  readonly similarity?: number
  readonly range: Range
}

/** Attributes of a fence, typed. Unknown ones are kept in `unknown` and reported as information. */
export interface StepAttributes {
  readonly name?: string
  readonly shell?: string
  readonly cwd?: string
  /** Milliseconds. */
  readonly timeout?: number
  readonly retries?: number
  readonly confirm?: boolean
  readonly errors?: 'stop' | 'continue'
  readonly interactive?: boolean
  readonly background?: boolean
  /** Secrets that the step gets although its text does not mention them. */
  readonly secrets?: readonly string[]
  readonly capture?: string
  /** Of a step with `capture`: what it captures is a secret of the run. */
  readonly sensitive?: boolean
  readonly check?: string
  readonly undo?: string
  readonly onFailure?: 'stop' | 'continue' | `#${string}`
  readonly target?: string
  readonly encoding?: string
  readonly skip?: boolean
  readonly excludeFromRunAll?: boolean
  readonly promptEnv?: string
  readonly unknown: Readonly<Record<string, string>>
}
