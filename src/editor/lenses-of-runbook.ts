import type * as vscode from 'vscode'
import type { Answer, Outcome } from '../execution/event.ts'
import type { Procedure, Runbook, Step } from '../runbook/runbook.ts'
import { formatAge, formatClock, formatDuration } from '../wording/durations.ts'
import { outcomeSymbol, outcomeWord } from '../wording/outcomes.ts'
import type { Translate } from '../wording/translate.ts'
import type { ActiveRun, RunActivity } from './run-activity.ts'
import { type StepState, stepState, textSha256 } from './step-state.ts'

export interface Lens {
  /** Zero-based. */
  readonly line: number
  readonly command: vscode.Command
}

export interface LensLanguage {
  readonly t: Translate
  readonly locale: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * Everything that stands above the lines of one runbook, in the order in which it is drawn.
 * @param titleLine zero-based: where the runbook as a whole has its lenses
 */
export function lensesOf(
  uri: vscode.Uri,
  runbook: Runbook,
  titleLine: number,
  activity: RunActivity,
  trusted: boolean,
  language: LensLanguage,
): readonly Lens[] {
  if (runbook.kind !== 'runbook') return []
  const { t } = language
  const active = activity.active(uri)
  const lenses: Lens[] = []
  const add = (line: number, commands: readonly vscode.Command[]) => {
    for (const command of commands) lenses.push({ line, command })
  }
  add(titleLine, trusted ? runbookCommands(uri, active, language) : [manageTrust(t)])
  // One thing at a time: what cannot be done now is not offered.
  const isFree = trusted && !active?.current
  for (const procedure of trusted ? allProcedures(runbook.procedures) : []) {
    add(procedure.headingRange.start.line, [procedureCommand(uri, procedure, active, t)])
  }
  const context: StepContext = { uri, active, isFree, language }
  for (const step of runbook.steps) {
    add(step.range.start.line, stepCommands(step, stepState(activity, uri, step), context))
  }
  return lenses
}

function allProcedures(procedures: readonly Procedure[]): readonly Procedure[] {
  return procedures.flatMap((procedure) => [procedure, ...allProcedures(procedure.procedures)])
}

/** While something runs, every lens keeps its line, for text that jumps away under the pointer is worse than a plain word. */
function procedureCommand(
  uri: vscode.Uri,
  procedure: Procedure,
  active: ActiveRun | undefined,
  t: Translate,
): vscode.Command {
  if (!active?.current) return command(t('$(play) Run procedure'), 'baton.runProcedure', uri, procedure.id)
  const ids = [procedure, ...allProcedures(procedure.procedures)].flatMap(({ stepIds }) => stepIds)
  return command(`${ids.filter((id) => active.outcomes.has(id)).length}/${ids.length}`, '')
}

function runbookCommands(
  uri: vscode.Uri,
  active: ActiveRun | undefined,
  { t, now }: LensLanguage,
): readonly vscode.Command[] {
  if (!active) return [command(t('$(play) Run runbook'), 'baton.runRunbook', uri)]
  const finish = command(t('$(pass) Finish run'), 'baton.finish', uri)
  if (!active.current) return [command(t('$(play) Run runbook'), 'baton.runRunbook', uri), finish]
  const progress = `${active.done}/${active.total} · ${formatClock(now - active.startedAt)}`
  return [
    command(t('$(loading~spin) Running {0}', progress), 'baton.showTerminal', uri),
    command(t('$(debug-stop) Stop'), 'baton.cancel', uri),
    finish,
  ]
}

interface StepContext {
  readonly uri: vscode.Uri
  readonly active: ActiveRun | undefined
  readonly isFree: boolean
  readonly language: LensLanguage
}

function stepCommands(step: Step, state: StepState, context: StepContext): readonly vscode.Command[] {
  const { uri, active, isFree, language } = context
  const { t, now } = language
  const { current } = state
  if (current?.question) return answers(uri, current.question, t)
  if (current) {
    return [
      command(t('$(loading~spin) Running {0}', formatClock(now - current.startedAt)), 'baton.showTerminal', uri),
      command(t('$(debug-stop) Stop'), 'baton.cancel', uri),
    ]
  }
  const result = resultCommands(step, state, context)
  if (!isFree) return result.length > 0 || !active ? result : [command(`○ ${t('never run')}`, '')]
  // The hash of what is drawn goes along, so that the click runs what was on the screen or nothing.
  const run = (title: string) => command(title, 'baton.runStep', uri, step.id, textSha256(step))
  if (isFailure(state.outcome)) return [...result, run(t('Run again')), fromHere(uri, step, t)]
  return [run(t('$(play) Run step')), fromHere(uri, step, t), ...result]
}

function fromHere(uri: vscode.Uri, step: Step, t: Translate): vscode.Command {
  return command(t('Run from here'), 'baton.runFromHere', uri, step.id)
}

function isFailure(outcome: Outcome | undefined): boolean {
  return outcome === 'failed' || outcome === 'timed-out'
}

/** How it went last, and what changed since. */
function resultCommands(
  step: Step,
  { outcome, last, changed }: StepState,
  context: StepContext,
): readonly vscode.Command[] {
  if (!outcome) return []
  const { uri, active, language } = context
  const { t, locale, now } = language
  const output: [string, unknown] | undefined = active
    ? ['baton.showTerminal', uri]
    : last !== undefined
      ? ['baton.openRecord', last.recordPath]
      : undefined
  const show = (title: string) => (output ? command(title, ...output) : command(title, ''))
  const change = changed ? [command(t('△ changed'), 'baton.step.showChange', uri, step.id)] : []
  if (isFailure(outcome))
    return [show(failureTitle(outcome, last?.exitCode, t)), ...(output ? [show(t('Output'))] : []), ...change]
  const parts = last
    ? [
        formatAge(last.time, now, t, locale),
        ...(outcome === 'succeeded' ? [formatDuration(last.durationMs, t, locale)] : []),
      ]
    : []
  const word = outcome === 'succeeded' ? [] : [outcomeWord(outcome, t)]
  return [show(`${outcomeSymbol(outcome)} ${[...word, ...parts].join(' · ')}`.trim()), ...change]
}

function failureTitle(outcome: Outcome, exitCode: number | undefined, t: Translate): string {
  if (outcome === 'timed-out') return t('$(watch) Timed out')
  return exitCode === undefined ? t('$(error) Failed') : t('$(error) Failed: exit code {0}', exitCode)
}

function answers(
  uri: vscode.Uri,
  question: NonNullable<NonNullable<ActiveRun['current']>['question']>,
  t: Translate,
): readonly vscode.Command[] {
  const answer = (title: string, value: Answer, askNote = false) => command(title, 'baton.answer', uri, value, askNote)
  switch (question.kind) {
    case 'manual':
      return [
        answer(t('$(check) Done'), { kind: 'done' }),
        answer(t('Note'), { kind: 'done' }, true),
        answer(t('Skip'), { kind: 'skip' }),
        answer(t('Fail'), { kind: 'fail' }, true),
        command(t('$(debug-stop) Stop'), 'baton.cancel', uri),
      ]
    case 'decision':
      return [
        ...question.choices.map(({ label, target }) => answer(`$(arrow-right) ${label}`, { kind: 'choice', target })),
        command(t('$(debug-stop) Stop'), 'baton.cancel', uri),
      ]
    case 'confirm':
      return [
        answer(t('$(play) Run step'), { kind: 'done' }),
        answer(t('Skip'), { kind: 'skip' }),
        command(t('$(debug-stop) Stop'), 'baton.cancel', uri),
      ]
  }
}

function manageTrust(t: Translate): vscode.Command {
  return command(t('$(shield) Not trusted: read only'), 'workbench.trust.manage')
}

function command(title: string, id: string, ...args: readonly unknown[]): vscode.Command {
  return { title, command: id, arguments: [...args] }
}
