import * as vscode from 'vscode'
import { notesByRun } from '../record/annotations.ts'
import { openBatches } from '../record/batches.ts'
import { filterInTurns, findInTurns } from '../record/in-turns.ts'
import { runsById } from '../record/related.ts'
import { isReadable } from '../record/summary.ts'
import { formatDateTime } from '../wording/dates.ts'
import { HumanError, registerCommands } from './command-boundary.ts'
import { locale, t } from './language.ts'
import type { RunActivity } from './run-activity.ts'
import {
  type Grouping,
  type GroupNode,
  groupItem,
  groupings,
  groupingWord,
  groupsBy,
  groupsByDay,
  type MoreNode,
  membersOf,
  moreItem,
  nodeOf,
  pageSize,
} from './run-groups.ts'
import type { RunHistory } from './run-history.ts'
import { type RunNode, type RunsTogether, runItem, runTooltip } from './run-items.ts'
import { fileName } from './runbook-library.ts'
import { describeFilter, type RunsFilter } from './runs-filter.ts'
import { createRunsList, type FoundRuns } from './runs-list.ts'
import { targetOf } from './target.ts'

type RunsNode = GroupNode | RunNode | MoreNode

const groupingKey = 'baton.runs.grouping'

/** The view "Runs": what runs now, then what ran, newest first, by day, runbook or operator, all of it or what is looked for. */
export function registerRunsTree(
  history: RunHistory,
  activity: Pick<RunActivity, 'active' | 'onDidChange'>,
  memory: vscode.Memento,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<RunsNode | undefined>()
  const list = createRunsList(history)
  /** How many are shown: of the view, and of the groups by their keys. */
  const shown = new Map<string, number>()
  let grouping = groupings.find((known) => known === memory.get(groupingKey)) ?? 'day'
  let hasRunning = false
  let together: RunsTogether = { batches: new Set(), notes: new Map(), runs: () => runsById([]) }
  let togetherOf: FoundRuns['all'] | undefined

  async function roots(): Promise<RunsNode[]> {
    const { all, found } = await list.found(reportReading)
    if (togetherOf !== all) together = await togetherAmong(all)
    togetherOf = all
    describeView({ all, found })
    if (grouping !== 'day') {
      hasRunning = (await findInTurns(found, ({ summary }) => summary.outcome === 'running')) !== undefined
      return [...(await groupsBy(grouping, found))]
    }
    const page = found.slice(0, shown.get('') ?? pageSize)
    const running = page.filter(({ summary }) => summary.outcome === 'running')
    hasRunning = running.length > 0
    const left = found.length - page.length
    return [
      ...running.map(nodeOf),
      ...groupsByDay(page.filter(({ summary }) => summary.outcome !== 'running')),
      ...(left > 0 ? [{ kind: 'more' as const, left }] : []),
    ]
  }

  function describeView({ all, found }: FoundRuns): void {
    const filter = list.filter()
    const description = describeFilter(filter)
    view.description = description
    const isOnlyRunbook = filter.runbook !== undefined && Object.keys(filter).length === 1
    view.message =
      description === ''
        ? undefined
        : found.length === 0
          ? isOnlyRunbook
            ? t('This runbook has not run yet.')
            : t('No run is like that.')
          : t('{0} of {1} records', number(found.length), number(all.length))
    void vscode.commands.executeCommand('setContext', 'baton.runs.isLoaded', true)
    void vscode.commands.executeCommand('setContext', 'baton.runs.isFiltered', description !== '')
  }

  /** Reading many records for the first time takes some seconds. */
  function reportReading(done: number, all: number): void {
    const percent = new Intl.NumberFormat(locale, { style: 'percent' }).format(all === 0 ? 1 : done / all)
    view.message = t('Reading records… {0}', percent)
  }

  function childrenOf(node: RunsNode | undefined): Thenable<RunsNode[]> | RunsNode[] {
    if (node === undefined) return vscode.window.withProgress({ location: { viewId: 'baton.runs' } }, roots)
    return node.kind === 'group' ? [...membersOf(node, shown.get(node.key) ?? pageSize)] : []
  }

  const view = vscode.window.createTreeView<RunsNode>('baton.runs', {
    showCollapseAll: true,
    canSelectMany: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: childrenOf,
      getTreeItem: (node) =>
        node.kind === 'group' ? groupItem(node) : node.kind === 'more' ? moreItem(node) : datedItem(node),
      async resolveTreeItem(item, node) {
        const tooltip = node.kind === 'run' ? await runTooltip(node, together) : undefined
        if (tooltip) item.tooltip = tooltip
        return item
      },
    },
  })

  /** Where no day stands above it, a run says itself when it was. */
  async function datedItem(node: RunNode): Promise<vscode.TreeItem> {
    const item = await runItem(node, activity, together)
    const date = formatDateTime(node.summary.startedAt, Date.now(), locale)
    if (grouping === 'operator') item.description = [date, item.description].join(' · ')
    // What it is called stands above it already.
    else if (grouping === 'runbook' && 'runbook' in node.summary) item.label = date
    return item
  }

  function refresh(): void {
    changed.fire(undefined)
  }

  function setFilter(filter: RunsFilter): void {
    list.setFilter(filter)
    shown.clear()
    // At once: to find what is looked for may take a moment.
    view.description = describeFilter(filter)
    refresh()
  }

  async function askForGrouping(): Promise<void> {
    const items = groupings.map((value) => ({
      label: groupingWord(value),
      description: value === grouping ? t('as it is now') : '',
      value,
    }))
    const picked = await vscode.window.showQuickPick(items, { title: t('Group runs') })
    if (picked === undefined) return
    grouping = picked.value
    await memory.update(groupingKey, grouping satisfies Grouping)
    shown.clear()
    refresh()
  }

  return vscode.Disposable.from(
    view,
    changed,
    history.onDidChange(refresh),
    activity.onDidChange(() => {
      if (hasRunning) refresh()
    }),
    view.onDidChangeVisibility(({ visible }) => {
      // "Today" is another day tomorrow.
      if (visible) refresh()
    }),
    registerCommands(log, {
      'baton.runs.refresh': () => history.recheck(),
      'baton.runs.showMore': (group) => {
        const key = typeof group === 'string' ? group : ''
        shown.set(key, (shown.get(key) ?? pageSize) + pageSize)
        refresh()
      },
      'baton.runs.filter': async () => {
        const { askForRunsFilter } = await import('./runs-filter-input.ts')
        await askForRunsFilter(list.filter(), () => history.records(), setFilter)
      },
      'baton.runs.group': askForGrouping,
      'baton.runs.showAll': () => setFilter({}),
      'baton.showHistory': async (argument) => {
        const target = targetOf(argument)
        if (!target) return
        setFilter({ runbook: { uri: target.uri, title: fileName(target.uri) } })
        await vscode.commands.executeCommand('baton.runs.focus')
      },
      'baton.runs.openRunbook': (argument) => openRunbook(isRun(argument) ? argument.runbook : undefined),
      'baton.runs.revealFile': (argument) => open(isRun(argument) ? argument.record : undefined, 'revealInExplorer'),
    }),
  )
}

/** A record may have been copied from another repo, or its runbook moved since. */
async function openRunbook(uri: vscode.Uri | undefined): Promise<void> {
  if (uri === undefined) return
  try {
    await vscode.workspace.fs.stat(uri)
  } catch {
    throw new HumanError(t('The runbook {0} is not here.', vscode.workspace.asRelativePath(uri)))
  }
  await open(uri, 'vscode.open')
}

async function togetherAmong(all: FoundRuns['all']): Promise<RunsTogether> {
  const summaries = all.map(({ summary }) => summary)
  let byId: ReturnType<RunsTogether['runs']> | undefined
  return {
    batches: await openBatches(await filterInTurns(summaries, isReadable)),
    notes: await notesByRun(summaries),
    runs() {
      byId ??= runsById(summaries)
      return byId
    },
  }
}

async function open(uri: vscode.Uri | undefined, command: string): Promise<void> {
  if (uri) await vscode.commands.executeCommand(command, uri)
}

function isRun(argument: unknown): argument is RunNode {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && argument.kind === 'run'
}

function number(count: number): string {
  return new Intl.NumberFormat(locale).format(count)
}
