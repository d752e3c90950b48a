import type { CommandStep, ExpectedOutput, Frontmatter, Runbook, Step } from '../runbook/runbook.ts'
import type { Selection, Variable } from './event.ts'
import { createFlow } from './flow.ts'
import { neededCommands } from './secret-command.ts'
import { titleOf } from './step-description.ts'
import { textOf } from './step-text.ts'
import { variablesOf } from './variables.ts'

/** A step as it would run. What is not said of it is not there. */
export interface PlannedStep {
  readonly id: string
  readonly kind: Step['kind']
  readonly title: string
  /** Title of the section that it stands in. */
  readonly procedure?: string
  /** 1-based line of the step in the runbook. */
  readonly line: number
  /** What has to happen for it to run: ways that are chosen, steps that fail; the outermost first. */
  readonly branches: readonly Branch[]
  readonly text: string
  /** Of a decision. */
  readonly choices?: readonly { readonly label: string; readonly target: string }[]
  readonly shell?: string
  /** As written: the step's `cwd` seen from the runbook's. */
  readonly cwd?: string
  readonly timeoutMs?: number
  readonly errors?: 'stop' | 'continue'
  readonly confirm?: true
  readonly skip?: true
  readonly background?: true
  readonly interactive?: true
  /** Runs before it, and passes over it where it finds it done already. */
  readonly check?: StepName
  /** Is offered after a failure. */
  readonly undo?: StepName
  readonly retries?: number
  readonly onFailure?: 'continue' | `#${string}`
  /** The variable that its output goes into. */
  readonly capture?: string
  /** What is captured is a secret of the run. */
  readonly sensitive?: true
  readonly expectedOutput?: Pick<ExpectedOutput, 'text' | 'match' | 'similarity'>
  readonly encoding?: string
  /** Empty for steps that are no commands. */
  readonly variables: readonly Variable[]
  /** Commands that would print secrets of this step, by the secret's name. */
  readonly secretCommands?: Readonly<Record<string, string>>
}

export type Branch =
  /** A decision's way is taken. */
  | { readonly kind: 'choice'; readonly step: StepName; readonly label: string }
  /** A step fails that names another section for that. */
  | { readonly kind: 'failure'; readonly step: StepName }

export interface StepName {
  readonly stepId: string
  readonly title: string
}

/** What a run is given before it starts: its parameters, and the names of those that are not shown. */
export interface PlanValues {
  /** Undefined where a value is asked for when it starts. */
  readonly parameters: Readonly<Record<string, string | undefined>>
  readonly sensitive: readonly string[]
}

/**
 * The steps of a selection in the order in which they would run. Behind a decision stand the steps of each of its ways, and
 * then what follows all of them; a way that leads back is named by the decision alone. At the end stand the sections that a
 * failure leads to.
 */
export function planRun(runbook: Runbook, selection: Selection, given: PlanValues): readonly PlannedStep[] {
  const { steps } = runbook
  const captured = steps.flatMap((step) =>
    step.kind === 'command' && step.attributes.capture !== undefined ? [[step.attributes.capture, undefined]] : [],
  )
  const known: Known = { ...given, parameters: { ...Object.fromEntries(captured), ...given.parameters } }
  const planned: PlannedStep[] = []
  const seen = new Set<Step>()
  const afterFailure: { readonly procedureId: string; readonly branches: readonly Branch[]; readonly from: number }[] =
    []

  function follow(part: Selection, branches: readonly Branch[], from: number): void {
    const flow = createFlow(runbook, part)
    for (let step = flow.current(); step !== undefined; step = flow.current()) {
      const position = steps.indexOf(step)
      // A way that leads back to what stands above already, or is what leads here.
      if (position < from || seen.has(step)) return
      seen.add(step)
      planned.push(describe(runbook, step, branches, known))
      if (part.kind !== 'step') enter(step, branches, position + 1)
      flow.advance()
    }
  }

  function enter(step: Step, branches: readonly Branch[], from: number): void {
    const name = { stepId: step.id, title: step.title }
    if (step.kind === 'decision') {
      for (const { label, target } of step.choices) {
        follow({ kind: 'procedure', procedureId: target }, [...branches, { kind: 'choice', step: name, label }], from)
      }
    }
    const onFailure = step.kind === 'command' ? step.attributes.onFailure : undefined
    if (onFailure?.startsWith('#')) {
      const procedureId = onFailure.slice(1)
      afterFailure.push({ procedureId, branches: [...branches, { kind: 'failure', step: name }], from })
    }
  }

  follow(selection, [], 0)
  for (let jump = afterFailure.shift(); jump !== undefined; jump = afterFailure.shift()) {
    follow({ kind: 'procedure', procedureId: jump.procedureId }, jump.branches, jump.from)
  }
  return planned
}

/** Values by name; undefined where a step captures one, so that there will be one. */
interface Known {
  readonly parameters: Readonly<Record<string, string | undefined>>
  readonly sensitive: readonly string[]
}

function describe(runbook: Runbook, step: Step, branches: readonly Branch[], known: Known): PlannedStep {
  const procedure = titleOf(runbook.procedures, step.procedureId)
  const base = {
    id: step.id,
    kind: step.kind,
    title: step.title,
    line: step.range.start.line + 1,
    branches,
    text: textOf(step),
    variables: [],
    ...(procedure === undefined ? {} : { procedure }),
  }
  if (step.kind === 'manual') return base
  if (step.kind === 'decision')
    return { ...base, choices: step.choices.map(({ label, target }) => ({ label, target })) }

  const { attributes, expectedOutput } = step
  const { frontmatter, steps } = runbook
  const { timeout, retries, onFailure, capture, encoding } = attributes
  const cwd = within(frontmatter.cwd, attributes.cwd)
  const errors = attributes.errors ?? frontmatter.errors
  const nameOf = (id: string | undefined): StepName | undefined => {
    const found = id === undefined ? undefined : steps.find((other) => other.id === id)
    return found && { stepId: found.id, title: found.title }
  }
  const [check, undo] = [nameOf(attributes.check), nameOf(attributes.undo)]
  return {
    ...base,
    shell: step.shell,
    ...(cwd === undefined ? {} : { cwd }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(errors === undefined ? {} : { errors }),
    ...(attributes.confirm ? { confirm: true } : {}),
    ...(attributes.skip ? { skip: true } : {}),
    ...(attributes.background ? { background: true } : {}),
    ...(attributes.interactive ? { interactive: true } : {}),
    ...(check === undefined ? {} : { check }),
    ...(undo === undefined ? {} : { undo }),
    ...(retries ? { retries } : {}),
    ...(onFailure === undefined || onFailure === 'stop' ? {} : { onFailure }),
    ...(capture === undefined ? {} : { capture }),
    ...(attributes.sensitive ? { sensitive: true } : {}),
    ...(encoding === undefined ? {} : { encoding }),
    ...(expectedOutput === undefined ? {} : { expectedOutput: withoutRange(expectedOutput) }),
    ...secretCommandsOf(step, frontmatter.secrets),
    variables: variablesOf(step, {
      values: known.parameters,
      sensitive: known.sensitive,
      secrets: frontmatter.secrets,
    }),
  }
}

function secretCommandsOf(step: CommandStep, declared: Frontmatter['secrets']): Pick<PlannedStep, 'secretCommands'> {
  const commands = neededCommands([step], declared).map(({ name, command }) => [name, command])
  return commands.length === 0 ? {} : { secretCommands: Object.fromEntries(commands) }
}

function withoutRange({ range: _, ...rest }: ExpectedOutput): Omit<ExpectedOutput, 'range'> {
  return rest
}

/** A path as written, seen from another one as written: an absolute one, in POSIX or Windows, stands for itself. */
function within(base: string | undefined, path: string | undefined): string | undefined {
  if (base === undefined || path === undefined) return path ?? base
  return /^([/\\~]|[a-z]:)/i.test(path) ? path : `${base.replace(/[/\\]+$/, '')}/${path}`
}
