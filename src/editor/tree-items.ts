import * as vscode from 'vscode'
import type { Procedure, Runbook, Step } from '../runbook/runbook.ts'
import { outcomeSymbol, outcomeWord, stepCount } from '../wording/outcomes.ts'
import { shellName } from '../wording/shell-names.ts'
import { changedIcon, outcomeColor, outcomeIcon, overdueIcon, runningIcon, stepIcon, waitingIcon } from './icons.ts'
import { age, duration, locale, t } from './language.ts'
import type { RunActivity } from './run-activity.ts'
import { type LibraryEntry, runbookName } from './runbook-library.ts'
import { type StepState, stepState } from './step-state.ts'
import type { FolderNode, ProcedureNode, RunbookNode, StepNode } from './tree-nodes.ts'

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState

export function folderItem(node: FolderNode<vscode.Uri>, expanded: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, expanded || node.workspaceFolder ? Expanded : Collapsed)
  item.id = node.id
  item.description = new Intl.NumberFormat(locale).format(node.count)
  item.iconPath = new vscode.ThemeIcon(node.workspaceFolder ? 'root-folder' : 'folder')
  item.contextValue = 'folder'
  return item
}

export function runbookItem(
  node: RunbookNode<vscode.Uri>,
  entry: LibraryEntry,
  activity: RunActivity,
  expanded: boolean,
): vscode.TreeItem {
  const { uri, runbook } = entry
  const active = activity.active(uri)
  const last = activity.lastRun(uri)
  const left = active ? { run: false, batch: false } : activity.left(uri)
  const drift = activity.drift(uri, runbook)
  const changed = drift.changed.length + drift.gone.length > 0
  const item = new vscode.TreeItem(runbookName(entry), expanded ? Expanded : Collapsed)
  item.id = node.id
  item.iconPath = runbookIcon()
  item.description = active
    ? `${active.done}/${active.total}`
    : changed
      ? t('changed · not run since')
      : parts(drift.overdue && t('overdue'), last && age(last.time), last && duration(last.durationMs))
  item.contextValue = flags(
    'runbook',
    active && 'open',
    active?.current && 'busy',
    active?.current && 'running',
    changed && 'changed',
    runbook.frontmatter.parameters.length > 0 && 'parameters',
    last && 'recorded',
    left.run && 'unfinished',
    left.batch && 'batch',
  )
  item.command = open(node)
  const state = active ? t('running') : last ? outcomeWord(last.outcome, t) : t('never run')
  item.accessibilityInformation = { label: [runbookName(entry), state, item.description].filter(Boolean).join(', ') }
  return item

  function runbookIcon(): vscode.ThemeIcon {
    if (active?.current) return active.current.question ? waitingIcon : runningIcon
    if (active) return new vscode.ThemeIcon('play-circle')
    if (changed) return changedIcon
    if (drift.overdue) return overdueIcon
    return last ? outcomeIcon(last.outcome) : new vscode.ThemeIcon('book')
  }
}

export function procedureItem(
  node: ProcedureNode<vscode.Uri>,
  procedure: Procedure,
  runbook: Runbook,
  activity: RunActivity,
  expanded: boolean,
): vscode.TreeItem {
  const item = new vscode.TreeItem(procedure.title, expanded ? Expanded : Collapsed)
  const active = activity.active(node.uri)
  const running = active?.current !== undefined && holds(procedure, active.current.stepId)
  const beside = active?.background.some(({ stepId }) => holds(procedure, stepId))
  item.id = node.id
  item.iconPath = running || beside ? runningIcon : new vscode.ThemeIcon('list-ordered')
  item.contextValue = flags('procedure', active?.current && 'busy', running && 'running')
  item.command = open(node)
  const count = runbook.steps.filter((step) => holds(procedure, step.id)).length
  item.tooltip = `${procedure.title}\n${stepCount(count, t, locale)}`
  return item
}

function holds(procedure: Procedure, stepId: string): boolean {
  return procedure.stepIds.includes(stepId) || procedure.procedures.some((child) => holds(child, stepId))
}

export function stepItem(node: StepNode<vscode.Uri>, step: Step, activity: RunActivity): vscode.TreeItem {
  const state = stepState(activity, node.uri, step)
  const active = activity.active(node.uri)
  const item = new vscode.TreeItem(step.title, None)
  item.id = node.id
  item.iconPath = iconOf()
  item.description = describe(state)
  item.contextValue = flags(
    'step',
    active && 'open',
    active?.current && 'busy',
    state.current && 'running',
    state.besideSince !== undefined && 'beside',
    state.changed && 'changed',
    state.last && 'recorded',
  )
  item.command = open(node)
  item.tooltip = [step.title, kindOf(step), ...pastOf(state)].join('\n')
  item.accessibilityInformation = { label: [step.title, kindOf(step), ...spoken(state)].join(', ') }
  return item

  function iconOf(): vscode.ThemeIcon {
    if (state.current) return state.current.question ? waitingIcon : runningIcon
    if (state.besideSince !== undefined) return runningIcon
    const outcome = active ? active.outcomes.get(step.id) : state.outcome
    // While a part of a runbook runs, what it has not reached yet stands back.
    const greyed = active?.current ? new vscode.ThemeColor('disabledForeground') : undefined
    return new vscode.ThemeIcon(stepIcon(step), outcome ? outcomeColor(outcome) : greyed)
  }
}

function describe(state: StepState): string {
  if (state.current) return state.current.question ? t('waiting for you') : t('running')
  if (state.besideSince !== undefined) return t('running in the background')
  const { outcome, last } = state
  if (!outcome) return ''
  const exitCode = outcome === 'failed' && last?.exitCode !== undefined && t('exit code {0}', last.exitCode)
  const took = outcome === 'succeeded' && last && duration(last.durationMs)
  // What is not plain from how long it took or how it failed is said in a word.
  const word = outcome === 'succeeded' ? '' : outcomeWord(outcome, t)
  return parts(state.changed && t('changed'), `${outcomeSymbol(outcome)} ${exitCode || took || word}`.trim())
}

function pastOf({ outcome, last, changed }: StepState): readonly string[] {
  if (!outcome || !last) return []
  const past = `${outcomeSymbol(outcome)} ${parts(outcomeWord(outcome, t), age(last.time), duration(last.durationMs), last.operator)}`
  return changed ? [past, t('Changed since it last ran')] : [past]
}

/** The state without symbols, which a screen reader would spell. */
function spoken(state: StepState): readonly string[] {
  if (state.current || state.besideSince !== undefined) return [describe(state)]
  if (!state.outcome) return [t('never run')]
  return [
    outcomeWord(state.outcome, t),
    ...(state.last ? [age(state.last.time)] : []),
    ...(state.changed ? [t('changed')] : []),
  ]
}

export function kindOf(step: Step): string {
  switch (step.kind) {
    case 'manual':
      return t('Manual step')
    case 'decision':
      return t('Decision')
    case 'command':
      return t('Command ({0})', shellName(step.shell))
  }
}

function open(node: RunbookNode<vscode.Uri> | ProcedureNode<vscode.Uri> | StepNode<vscode.Uri>): vscode.Command {
  return { command: 'baton.openStep', title: t('Open'), arguments: [node] }
}

/** What `viewItem` holds, for the `when` clauses of the manifest. */
function flags(...words: readonly (string | false | undefined)[]): string {
  return words.filter(Boolean).join(' ')
}

/** The parts that there are, with ` · ` between them. */
function parts(...texts: readonly (string | false | undefined)[]): string {
  return texts.filter(Boolean).join(' · ')
}
