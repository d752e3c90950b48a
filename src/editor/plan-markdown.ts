import type { Variable } from '../execution/event.ts'
import type { Branch, PlannedStep } from '../execution/plan.ts'
import { formatDuration } from '../wording/durations.ts'
import { stepCount } from '../wording/outcomes.ts'
import { shellName } from '../wording/shell-names.ts'
import type { Translate } from '../wording/translate.ts'
import { escapeMarkdown, fence, quote } from './markdown-escape.ts'

export interface PlanPage {
  readonly title: string
  /** Where the runbook is, as people read it. */
  readonly path: string
  readonly steps: readonly PlannedStep[]
  /** Values of the run, by name: sensitive ones are masked. */
  readonly parameters: Readonly<Record<string, string>>
}

/** What a run would do, as a Markdown page: nothing of the runbook becomes Markdown or HTML. */
export function planMarkdown(page: PlanPage, t: Translate, locale: string): string {
  const { title, path, steps, parameters } = page
  return [
    `# ${escapeMarkdown(t('Dry run: {0}', title))}`,
    `**${escapeMarkdown(t('Nothing has run.'))}** ${escapeMarkdown(`${stepCount(steps.length, t, locale)} · ${path}`)}`,
    ...table(
      t('With these values'),
      Object.entries(parameters).map(([name, value]) => ({ name, value })),
      t,
    ),
    ...steps.flatMap((step, index) => [...branchHeading(steps, index, t), stepSection(step, index + 1, t, locale)]),
  ].join('\n\n')
}

/** Said once, where the branch that a step is in is another one than that of the step before. */
function branchHeading(steps: readonly PlannedStep[], index: number, t: Translate): readonly string[] {
  const words = (branches: readonly Branch[] = []) =>
    branches.map((branch) =>
      branch.kind === 'choice'
        ? t('if “{0}” is chosen at “{1}”', branch.label, branch.step.title)
        : t('if “{0}” fails', branch.step.title),
    )
  const here = words(steps[index]?.branches).join(' → ')
  if (here === words(steps[index - 1]?.branches).join(' → ')) return []
  return [`---\n\n*${escapeMarkdown(here === '' ? t('in every case') : here)}*`]
}

function stepSection(step: PlannedStep, position: number, t: Translate, locale: string): string {
  const facts = factsOf(step, t, locale)
  return [
    `## ${position}. ${escapeMarkdown(step.title)}`,
    escapeMarkdown(
      [step.procedure, step.shell && shellName(step.shell), t('line {0}', step.line)].filter(Boolean).join(' · '),
    ),
    step.kind === 'command' ? fence(step.text, step.shell) : quote(step.text),
    ...(facts.length > 0 ? [facts.map((fact) => `- ${escapeMarkdown(fact)}`).join('\n')] : []),
    ...table(t('Variables'), step.variables, t),
    ...(step.expectedOutput ? [`${escapeMarkdown(t('Expected output'))}\n\n${fence(step.expectedOutput.text)}`] : []),
  ].join('\n\n')
}

/** How it would run, as far as that is more than "it runs". */
function factsOf(step: PlannedStep, t: Translate, locale: string): readonly string[] {
  const { cwd, timeoutMs, retries, check, undo, onFailure, capture, sensitive, encoding } = step
  return [
    step.skip && t('Is passed over (skip).'),
    step.confirm && t('Asks before it runs.'),
    step.interactive && t('Runs at a keyboard: you type in its terminal.'),
    step.background && t('Runs in the background until the run ends.'),
    check && t('Is passed over if “{0}” succeeds.', check.title),
    undo && t('Can be undone by “{0}”.', undo.title),
    cwd !== undefined && t('Runs in the folder {0}.', cwd),
    timeoutMs !== undefined && t('Is ended after {0}.', formatDuration(timeoutMs, t, locale)),
    retries !== undefined && t('Is tried again up to {0} times.', retries),
    onFailure === 'continue' && t('When it fails, the run goes on.'),
    onFailure?.startsWith('#') && t('When it fails, the run goes on at “{0}”.', onFailure.slice(1)),
    capture !== undefined && !sensitive && t('Its output goes into {0}.', capture),
    capture !== undefined && sensitive && t('Its output goes into {0} and is shown nowhere.', capture),
    encoding !== undefined && t('Its output is read as {0}.', encoding),
    ...Object.entries(step.secretCommands ?? {}).map(([name, command]) => t('{0} is printed by: {1}', name, command)),
  ].filter((fact) => typeof fact === 'string')
}

function table(heading: string, variables: readonly Variable[], t: Translate): readonly string[] {
  if (variables.length === 0) return []
  const rows = variables.map(({ name, value }) => {
    const shown = value === undefined || value === '' ? t('(empty)') : value
    return `| ${escapeMarkdown(name)} | ${escapeMarkdown(shown)} |`
  })
  return [[`| ${escapeMarkdown(heading)} | |`, '|---|---|', ...rows].join('\n')]
}
