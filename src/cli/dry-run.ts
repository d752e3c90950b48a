import { approvedContent } from '../execution/approval.ts'
import { reachableSteps } from '../execution/flow.ts'
import { resolveParameters } from '../execution/parameters.ts'
import { type Branch, type PlannedStep, planRun } from '../execution/plan.ts'
import { emptySelection, errorInText } from '../execution/requirements.ts'
import type { RunSite } from '../execution/run-site.ts'
import { sha256 } from '../execution/step-text.ts'
import { MASK } from '../secrets/mask.ts'
import { formatDuration } from '../wording/durations.ts'
import { shellName } from '../wording/shell-names.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import { tellProblem } from './problem-text.ts'
import { variableLines } from './question-text.ts'
import { readableLines } from './readable.ts'
import { type ParameterValues, refuseWrongValues } from './run-parameters.ts'
import {
  type PrerequisiteOptions,
  type Prerequisites,
  prerequisiteLines,
  problemOfPrerequisites,
} from './run-prerequisites.ts'
import type { Target } from './run-target.ts'
import { type Style, styleFor } from './style.ts'

export interface Rehearsal {
  readonly target: Target
  readonly site: RunSite
  /** As far as they were given. */
  readonly given: ParameterValues
  readonly prerequisites: Prerequisites
}

/** A planned step, and whether its text ran here before. */
interface Rehearsed extends PlannedStep {
  readonly isNew: boolean
}

/** `baton run --dry-run`: what would run, in which order, with which values. Starts nothing and asks nothing. */
export async function dryRun(
  { target, site, given, prerequisites }: Rehearsal,
  options: Pick<PrerequisiteOptions, 'json' | 'skipPrerequisites'>,
  line: CommandLine,
): Promise<ExitCode> {
  const { file, selection } = target
  const { parameters: declarations } = file.runbook.frontmatter
  const reached = reachableSteps(file.runbook, selection)
  const problem =
    (reached.length === 0 ? emptySelection(selection) : undefined) ??
    errorInText(file.runbook, reached) ??
    problemOfPrerequisites(prerequisites, options)
  if (problem !== undefined) return tellProblem(problem, options, line)
  refuseWrongValues(declarations, given, line)

  const { values } = resolveParameters(declarations, given)
  const unasked = declarations.map(({ name }) => [name, values[name] === '' ? undefined : values[name]])
  const parameters: Readonly<Record<string, string | undefined>> = Object.fromEntries(unasked)
  const sensitive = declarations.flatMap((declaration) => (declaration.sensitive ? [declaration.name] : []))
  const unknown = new Set<string>()
  for (const step of reached) {
    if (step.kind !== 'command') continue
    const { approved } = await line.runs.approvals.find('', approvedContent(step))
    if (!approved) unknown.add(step.id)
  }
  const plan = planRun(file.runbook, selection, { parameters, sensitive })
  const steps = plan.map((step): Rehearsed => ({ ...step, isNew: unknown.has(step.id) }))
  if (!options.json) {
    print(steps, prerequisites, target, line)
    return exitCodes.fine
  }
  const shown = Object.entries(parameters).map(([name, value]) => [
    name,
    value && sensitive.includes(name) ? MASK : value,
  ])
  const result = {
    runbook: { path: site.path, title: file.runbook.title, sha256: sha256(file.text) },
    parameters: Object.fromEntries(shown),
    prerequisites: prerequisites.checks,
    steps,
  }
  line.out.write(`${JSON.stringify(result, null, 2)}\n`)
  return exitCodes.fine
}

function print(steps: readonly Rehearsed[], prerequisites: Prerequisites, { file }: Target, line: CommandLine): void {
  const { t, out } = line
  // Everything here is the result of the command: what else goes to the other stream goes here as well.
  const here: CommandLine = { ...line, err: out }
  const style = styleFor(out)
  out.write(`${style.strong(plain(file.runbook.title || file.shown))} ${style.quiet(`· ${plain(file.shown)}`)}\n`)
  for (const text of prerequisiteLines(prerequisites, here)) out.write(`${text}\n`)
  steps.forEach((step, index) => {
    const indent = '  '.repeat(step.branches.length)
    const before = steps[index - 1]?.branches ?? []
    for (const branch of step.branches.slice(common(before, step.branches))) {
      out.write(`${'  '.repeat(step.branches.indexOf(branch))}  ${style.notice(branchText(branch, line))}\n`)
    }
    const details = [
      step.shell === undefined ? undefined : shellName(plain(step.shell)),
      `${plain(file.shown)}:${step.line}`,
      ...traitsOf(step, line),
    ]
    const header = `${indent}${String(index + 1).padStart(2)} ${style.strong(plain(step.title))}`
    out.write(`${header} ${style.quiet(`· ${details.filter(Boolean).join(' · ')}`)}\n`)
    for (const text of bodyOf(step, style, here)) out.write(`${indent}     ${text}\n`)
  })
  line.err.write(`${t('Nothing was run.')}\n`)
}

function bodyOf(step: Rehearsed, style: Style, line: CommandLine): readonly string[] {
  switch (step.kind) {
    case 'command': {
      const expected = step.expectedOutput?.text.split('\n') ?? []
      return [
        ...readableLines(step.text, style),
        ...variableLines(step.variables, line),
        ...Object.entries(step.secretCommands ?? {}).map(([name, command]) =>
          style.quiet(line.t('{0} is printed by: {1}', name, plain(command))),
        ),
        ...(expected.length === 0 ? [] : [style.quiet(line.t('Expected output:'))]),
        ...expected.map((text) => style.quiet(`  ${plain(text)}`)),
      ]
    }
    case 'manual':
      return step.text === step.title ? [] : step.text.split('\n').map(plain)
    case 'decision':
      return (step.choices ?? []).map(({ label, target }) => `${plain(label)} → #${plain(target)}`)
  }
}

/** How many branches two steps have in common, from the outermost on. */
function common(one: readonly Branch[], other: readonly Branch[]): number {
  const same = (a: Branch | undefined, b: Branch) => JSON.stringify(a) === JSON.stringify(b)
  const at = other.findIndex((branch, index) => !same(one[index], branch))
  return at < 0 ? other.length : at
}

function branchText(branch: Branch, { t }: CommandLine): string {
  return branch.kind === 'choice'
    ? t('Only if “{0}” is chosen:', plain(branch.label))
    : t('Only if “{0}” fails:', plain(branch.step.title))
}

/** What is special about how a step runs. */
function traitsOf(step: Rehearsed, { t, locale }: CommandLine): readonly (string | undefined)[] {
  if (step.kind !== 'command') return [step.kind === 'manual' ? t('by hand') : t('decision')]
  const { timeoutMs, cwd, check, undo, retries, onFailure, capture, sensitive } = step
  return [
    step.skip ? t('always skipped') : undefined,
    step.isNew ? t('has not run here before') : undefined,
    step.confirm ? t('asks first') : undefined,
    step.interactive ? t('interactive') : undefined,
    step.background ? t('in the background') : undefined,
    check && t('skipped if “{0}” succeeds', plain(check.title)),
    undo && t('undone by “{0}”', plain(undo.title)),
    retries === undefined ? undefined : t('retries: {0}', retries),
    onFailure && t('after a failure: {0}', onFailure === 'continue' ? t('go on') : plain(onFailure)),
    step.errors === 'continue' ? t('goes on after errors') : undefined,
    timeoutMs === undefined ? undefined : t('time limit {0}', formatDuration(timeoutMs, t, locale)),
    cwd === undefined ? undefined : t('in {0}', plain(cwd)),
    capture === undefined
      ? undefined
      : sensitive
        ? t('output unseen into {0}', capture)
        : t('output into {0}', capture),
  ]
}
