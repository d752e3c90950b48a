import * as vscode from 'vscode'
import { notesByRun } from '../record/annotations.ts'
import { openBatches } from '../record/batches.ts'
import { runsById } from '../record/related.ts'
import { isReadable } from '../record/summary.ts'
import { formatDay } from '../wording/dates.ts'
import { registerCommands } from './command-boundary.ts'
import { locale, t } from './language.ts'
import type { RunActivity } from './run-activity.ts'
import type { RunHistory } from './run-history.ts'
import { type DayNode, dayItem, moreItem, type RunNode, type RunsTogether, runItem } from './run-items.ts'
import { fileName } from './runbook-library.ts'
import { targetOf } from './target.ts'

type RunsNode = DayNode | RunNode | MoreNode

interface MoreNode {
  readonly kind: 'more'
  readonly left: number
}

/** How many runs a page of the view holds. */
const pageSize = 200

/** The view "Runs": what runs now, then what ran, newest first, by day. */
export function registerRunsTree(
  history: RunHistory,
  activity: Pick<RunActivity, 'active' | 'onDidChange'>,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<RunsNode | undefined>()
  let shown = pageSize
  let only: vscode.Uri | undefined
  let hasRunning = false
  let together: RunsTogether = { batches: new Set(), notes: new Map(), runOf: () => undefined }

  async function roots(): Promise<RunsNode[]> {
    const all = await history.records()
    const runs = (only ? all.filter(({ runbook }) => runbook?.toString() === only?.toString()) : all).map(
      (entry): RunNode => ({ kind: 'run', ...entry }),
    )
    const summaries = all.map(({ summary }) => summary)
    together = {
      batches: openBatches(summaries.filter(isReadable)),
      notes: notesByRun(summaries),
      runOf: runsById(summaries),
    }
    const page = runs.slice(0, shown)
    const running = page.filter(({ summary }) => summary.outcome === 'running')
    hasRunning = running.length > 0
    void vscode.commands.executeCommand('setContext', 'baton.runs.isLoaded', true)
    view.message = only && runs.length === 0 ? t('This runbook has not run yet.') : undefined
    const left = runs.length - page.length
    return [
      ...running,
      ...byDay(page.filter(({ summary }) => summary.outcome !== 'running')),
      ...(left > 0 ? [{ kind: 'more' as const, left }] : []),
    ]
  }

  const view = vscode.window.createTreeView<RunsNode>('baton.runs', {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => (node === undefined ? roots() : node.kind === 'day' ? [...node.runs] : []),
      getTreeItem: (node) =>
        node.kind === 'day'
          ? dayItem(node)
          : node.kind === 'more'
            ? moreItem(node.left)
            : runItem(node, activity, together),
    },
  })

  function refresh(): void {
    changed.fire(undefined)
  }

  function showOnly(uri: vscode.Uri | undefined): void {
    only = uri
    shown = pageSize
    view.description = uri && fileName(uri)
    void vscode.commands.executeCommand('setContext', 'baton.runs.isFiltered', uri !== undefined)
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
      'baton.runs.refresh': refresh,
      'baton.runs.showMore': () => {
        shown += pageSize
        refresh()
      },
      'baton.runs.showAll': () => showOnly(undefined),
      'baton.showHistory': async (argument) => {
        const target = targetOf(argument)
        if (!target) return
        showOnly(target.uri)
        await vscode.commands.executeCommand('baton.runs.focus')
      },
      'baton.runs.openRunbook': (argument) => open(isRun(argument) ? argument.runbook : undefined, 'vscode.open'),
      'baton.runs.revealFile': (argument) => open(isRun(argument) ? argument.record : undefined, 'revealInExplorer'),
    }),
  )
}

async function open(uri: vscode.Uri | undefined, command: string): Promise<void> {
  if (uri) await vscode.commands.executeCommand(command, uri)
}

function isRun(argument: unknown): argument is RunNode {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && argument.kind === 'run'
}

function byDay(runs: readonly RunNode[]): readonly DayNode[] {
  const days = Map.groupBy(runs, ({ summary }) => formatDay(summary.startedAt, Date.now(), t, locale))
  return [...days].map(([label, ofDay], index) => ({ kind: 'day', label, runs: ofDay, expanded: index < 2 }))
}
