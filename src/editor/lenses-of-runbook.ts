import type * as vscode from 'vscode'
import type { Outcome } from '../execution/event.ts'
import { textSha256 } from '../execution/step-text.ts'
import type { Procedure, Runbook, Step } from '../runbook/runbook.ts'
import { formatAge, formatClock, formatDuration } from '../wording/durations.ts'
import { outcomeSymbol, outcomeWord } from '../wording/outcomes.ts'
import type { Translate } from '../wording/translate.ts'
import { lensesOfQuestion } from './lenses-of-question.ts'
import type { ActiveRun, LiveDrift, RunActivity } from './run-activity.ts'
import { runbookSha256, type StepState, stepState } from './step-state.ts'

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
  const drawn = runbookSha256(runbook)
  add(titleLine, trusted ? runbookCommands(uri, active, drawn, activity, language) : [manageTrust(t)])
  if (!active) add(titleLine, driftCommands(uri, activity.drift(uri, runbook), t))
  // One thing at a time: what cannot be done now is not offered.
  const isFree = trusted && !active?.current
  for (const procedure of trusted ? allProcedures(runbook.procedures) : []) {
    add(procedure.headingRange.start.line, [procedureCommand(uri, procedure, active, drawn, t)])
  }
  const context: StepContext = { uri, active, isFree, drawn, language }
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
  drawn: string,
  t: Translate,
): vscode.Command {
  if (!active?.current) return command(t('$(play) Run procedure'), 'baton.runProcedure', uri, procedure.id, drawn)
  const ids = [procedure, ...allProcedures(procedure.procedures)].flatMap(({ stepIds }) => stepIds)
  return command(`${ids.filter((id) => active.outcomes.has(id)).length}/${ids.length}`, '')
}

function runbookCommands(
  uri: vscode.Uri,
  active: ActiveRun | undefined,
  drawn: string,
  activity: Pick<RunActivity, 'lastRun'>,
  { t, now }: LensLanguage,
): readonly vscode.Command[] {
  const run = command(t('$(play) Run runbook'), 'baton.runRunbook', uri, drawn)
  if (!active) {
    const hasRun = activity.lastRun(uri) !== undefined
    return hasRun ? [run, command(t('Replay last run'), 'baton.replayLastRun', uri)] : [run]
  }
  const finish = command(t('$(pass) Finish run'), 'baton.finish', uri)
  if (!active.current) return [run, finish]
  const progress = `${active.done}/${active.total} · ${formatClock(now - active.startedAt)}`
  return [
    active.current.question
      ? command(t('$(bell-dot) Waiting for you {0}', `${active.done}/${active.total}`), 'baton.showTerminal', uri)
      : command(t('$(loading~spin) Running {0}', progress), 'baton.showTerminal', uri),
    command(t('$(debug-stop) Stop'), 'baton.cancel', uri),
    finish,
  ]
}

function driftCommands(
  uri: vscode.Uri,
  { changed, gone, overdue }: LiveDrift,
  t: Translate,
): readonly vscode.Command[] {
  return [
    ...(changed.length + gone.length > 0 ? [command(`△ ${t('changed · not run since')}`, 'baton.showDrift', uri)] : []),
    ...(overdue ? [command(`$(clock) ${t('overdue')}`, 'baton.showHistory', uri)] : []),
  ]
}

interface StepContext {
  readonly uri: vscode.Uri
  readonly active: ActiveRun | undefined
  readonly isFree: boolean
  /** What all steps say, as it is drawn. */
  readonly drawn: string
  readonly language: LensLanguage
}

function stepCommands(step: Step, state: StepState, context: StepContext): readonly vscode.Command[] {
  const { uri, active, isFree, language } = context
  const { t, now } = language
  const { current, besideSince } = state
  const question = active?.current?.question
  const answers = question ? lensesOfQuestion(uri, question, step.id, t) : []
  if (answers.length > 0) return answers
  if (current) {
    const clock = formatClock(now - current.startedAt)
    return [
      current.interactive
        ? command(t('$(keyboard) Type in the terminal {0}', clock), 'baton.showTerminal', uri)
        : command(t('$(loading~spin) Running {0}', clock), 'baton.showTerminal', uri),
      command(t('$(debug-stop) Stop'), 'baton.cancel', uri),
    ]
  }
  if (besideSince !== undefined) {
    const clock = formatClock(now - besideSince)
    return [
      command(t('$(loading~spin) Running in the background {0}', clock), 'baton.showTerminal', uri),
      command(t('$(debug-stop) Stop'), 'baton.stopBackground', uri, step.id),
    ]
  }
  const result = resultCommands(step, state, context)
  if (!isFree) return result.length > 0 || !active ? result : [command(`○ ${t('never run')}`, '')]
  // The hash of what is drawn goes along, so that the click runs what was on the screen or nothing.
  const run = (title: string) => command(title, 'baton.runStep', uri, step.id, textSha256(step))
  const fromHere = command(t('Run from here'), 'baton.runFromHere', uri, step.id, context.drawn)
  if (isFailure(state.outcome)) {
    // While its run is open, "from here" goes on in it; afterwards a new run has to take up where that one stopped.
    const resume =
      active || state.last === undefined
        ? []
        : [command(t('$(debug-continue) Resume'), 'baton.resumeRun', state.last.recordPath)]
    return [...result, run(t('Run again')), ...resume, fromHere]
  }
  return [run(t('$(play) Run step')), fromHere, ...result]
}

function isFailure(outcome: Outcome | undefined): boolean {
  return outcome === 'failed' || outcome === 'timed-out'
}

/** How it went last, and what changed since. */
function resultCommands(
  step: Step,
  { outcome, last, changed, failure }: StepState,
  context: StepContext,
): readonly vscode.Command[] {
  const { uri, active, language } = context
  const { t, locale, now } = language
  if (!outcome && last?.undone && !active) {
    return [command(t('↩ undone · {0}', formatAge(last.time, now, t, locale)), 'baton.openRecord', last.recordPath)]
  }
  if (!outcome) return []
  const output: [string, unknown] | undefined = active
    ? ['baton.showTerminal', uri]
    : last !== undefined
      ? ['baton.openRecord', last.recordPath]
      : undefined
  const show = (title: string) => (output ? command(title, ...output) : command(title, ''))
  const change = changed ? [command(t('△ changed'), 'baton.step.showChange', uri, step.id)] : []
  if (isFailure(outcome)) {
    const differs = (failure?.problem?.code ?? last?.problemCode) === 'output-differs'
    const title = failureTitle(outcome, differs, last?.exitCode, t)
    return [
      show(title),
      ...(output ? [show(t('Output'))] : []),
      ...(differs ? [command(t('$(diff) Changes'), 'baton.step.showDifference', uri, step.id)] : []),
      ...change,
    ]
  }
  const parts = last
    ? [
        formatAge(last.time, now, t, locale),
        ...(outcome === 'succeeded' ? [formatDuration(last.durationMs, t, locale)] : []),
      ]
    : []
  const word = outcome === 'succeeded' ? [] : [outcomeWord(outcome, t)]
  return [show(`${outcomeSymbol(outcome)} ${[...word, ...parts].join(' · ')}`.trim()), ...change]
}

function failureTitle(outcome: Outcome, differs: boolean, exitCode: number | undefined, t: Translate): string {
  if (outcome === 'timed-out') return t('$(watch) Timed out')
  if (differs) return t('$(error) Failed: other output than expected')
  return exitCode === undefined ? t('$(error) Failed') : t('$(error) Failed: exit code {0}', exitCode)
}

function manageTrust(t: Translate): vscode.Command {
  return command(t('$(shield) Not trusted: read only'), 'workbench.trust.manage')
}

function command(title: string, id: string, ...args: readonly unknown[]): vscode.Command {
  return { title, command: id, arguments: [...args] }
}
