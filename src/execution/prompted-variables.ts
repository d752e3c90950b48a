import { isReservedName } from '../runbook/reserved-names.ts'
import type { CommandStep } from '../runbook/runbook.ts'

/** A variable that a step sets to a fixed text, and that its operator is to be asked for instead. */
export interface PromptedVariable {
  readonly name: string
  readonly preset: string
  /** Its name says that it is a password: it is typed unseen. */
  readonly hidden: boolean
}

/** How a shell sets a variable of the environment to a literal at the beginning of a line. */
const assignments: Readonly<Record<string, RegExp>> = {
  bash: /^([ \t]*)export[ \t]+([A-Za-z_]\w*)=(.*)$/,
  sh: /^([ \t]*)export[ \t]+([A-Za-z_]\w*)=(.*)$/,
  zsh: /^([ \t]*)export[ \t]+([A-Za-z_]\w*)=(.*)$/,
  fish: /^([ \t]*)set[ \t]+(?:-gx|-xg|-x|--export)[ \t]+([A-Za-z_]\w*)[ \t]+(.*)$/,
  pwsh: /^([ \t]*)\$env:([A-Za-z_]\w*)[ \t]*=[ \t]*(.*)$/i,
  powershell: /^([ \t]*)\$env:([A-Za-z_]\w*)[ \t]*=[ \t]*(.*)$/i,
}

/**
 * What `promptEnv` of Runme asks for: the exports of literal texts in a step. A value that the shell has to work out
 * (`$(…)`, `$OTHER`) is the step's own business, and so is a name that changes how programs run.
 *
 * @param environment names that have a value already: with `promptEnv=auto` they are not asked for
 */
export function promptedVariables(
  step: CommandStep,
  environment: Readonly<Record<string, string>>,
): readonly PromptedVariable[] {
  const { promptEnv } = step.attributes
  if (promptEnv === undefined || /^(no|false|0|skip.*)$/i.test(promptEnv)) return []
  const asksAlways = /^(yes|true|1)$/i.test(promptEnv)
  const found = new Map<string, string>()
  for (const line of step.text.split('\n')) {
    const assignment = readAssignment(step.shell, line)
    if (assignment && !isReservedName(assignment.name) && (asksAlways || !environment[assignment.name]))
      found.set(assignment.name, assignment.preset)
  }
  return [...found].map(([name, preset]) => ({ name, preset, hidden: isPasswordName(name) }))
}

/** Whether the name of a variable says that its value is not to be seen. */
export function isPasswordName(name: string): boolean {
  return /PASS(WORD|WD|PHRASE|CODE)?(_|\d|$)|SECRET|TOKEN|CREDENTIAL|(API|ACCESS|PRIVATE|SECRET)_?KEY|(^|_)PIN(_|$)/i.test(
    name,
  )
}

/** The step's text without the lines that set `names`, each line in its place. */
export function withoutAssignments(step: CommandStep, names: ReadonlySet<string>): string {
  if (names.size === 0) return step.text
  const lines = step.text.split('\n').map((line) => {
    const assignment = readAssignment(step.shell, line)
    return assignment && names.has(assignment.name) ? '' : line
  })
  return lines.join('\n')
}

function readAssignment(shell: string, line: string): Pick<PromptedVariable, 'name' | 'preset'> | undefined {
  const [, , name, written] = assignments[shell]?.exec(line) ?? []
  if (name === undefined || written === undefined) return undefined
  const preset = literal(written.trim())
  return preset === undefined ? undefined : { name, preset }
}

/** What a word stands for when nothing in it has to be worked out. */
function literal(word: string): string | undefined {
  if (word === '') return ''
  const [, single] = /^'([^']*)'$/.exec(word) ?? []
  if (single !== undefined) return single
  const [, double] = /^"([^"$`\\]*)"$/.exec(word) ?? []
  if (double !== undefined) return double
  // Runme's documentation writes placeholders as `[Enter your name]`.
  const [, placeholder] = /^(\[[^\]$`"']*\])$/.exec(word) ?? []
  if (placeholder !== undefined) return placeholder
  return /^[^\s"'$`\\;&|<>(){}]+$/.test(word) ? word : undefined
}
