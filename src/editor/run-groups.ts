import * as vscode from 'vscode'
import { groupInTurns } from '../record/in-turns.ts'
import type { RecordSummary } from '../record/summary.ts'
import { calendarDay, formatDay } from '../wording/dates.ts'
import { locale, t } from './language.ts'
import type { HistoryEntry } from './run-history.ts'
import type { RunNode } from './run-items.ts'

/** What runs stand together by. */
export type Grouping = 'day' | 'runbook' | 'operator'

export const groupings = ['day', 'runbook', 'operator'] as const satisfies readonly Grouping[]

export interface GroupNode {
  readonly kind: 'group'
  readonly grouping: Grouping
  /** Tells it from the others of its kind. */
  readonly key: string
  readonly label: string
  readonly entries: readonly HistoryEntry<RecordSummary>[]
  readonly expanded: boolean
}

export interface MoreNode {
  readonly kind: 'more'
  readonly left: number
  /** The key of the group that has more; missing where it is the view. */
  readonly group?: string
}

/** How many runs a page holds, of the view or of a group. */
export const pageSize = 200

/** Only what is on the page: to find out the days of a hundred thousand takes its time. */
export function groupsByDay(entries: readonly HistoryEntry<RecordSummary>[]): readonly GroupNode[] {
  const now = Date.now()
  const days = Map.groupBy(entries, ({ summary }) => calendarDay(summary.startedAt))
  return [...days.values()].map((ofDay, index) => {
    const label = formatDay(ofDay[0]?.summary.startedAt ?? now, now, t, locale)
    return { kind: 'group', grouping: 'day', key: label, label, entries: ofDay, expanded: index < 2 }
  })
}

/** In the order of what happened last. */
export async function groupsBy(
  grouping: Exclude<Grouping, 'day'>,
  entries: readonly HistoryEntry<RecordSummary>[],
): Promise<readonly GroupNode[]> {
  const groups = await groupInTurns(entries, (entry) =>
    grouping === 'runbook' ? runbookKey(entry) : operatorKey(entry),
  )
  return [...groups].map(([key, ofGroup], index) => ({
    kind: 'group',
    grouping,
    key: `${grouping}:${key}`,
    label: key === '' ? t('Everything else') : labelOf(grouping, ofGroup),
    entries: ofGroup,
    expanded: index === 0,
  }))
}

function runbookKey({ runbook }: HistoryEntry<RecordSummary>): string {
  return runbook?.toString() ?? ''
}

function operatorKey({ summary }: HistoryEntry<RecordSummary>): string {
  return 'operator' in summary ? summary.operator.name : ''
}

/** The newest says what a runbook is called. */
function labelOf(grouping: Exclude<Grouping, 'day'>, [first]: readonly HistoryEntry<RecordSummary>[]): string {
  if (first === undefined) return ''
  if (grouping === 'operator') return operatorKey(first)
  return 'runbook' in first.summary ? first.summary.runbook.title || first.summary.runbook.path : ''
}

/** The runs of a group, as far as they are shown. */
export function membersOf({ key, entries }: GroupNode, shown: number): readonly (RunNode | MoreNode)[] {
  const page = entries.slice(0, shown).map((entry): RunNode => nodeOf(entry))
  const left = entries.length - page.length
  return left > 0 ? [...page, { kind: 'more', left, group: key }] : page
}

export function nodeOf(entry: HistoryEntry<RecordSummary>): RunNode {
  const { record, runbook, summary } = entry
  return { kind: 'run', record, summary, ...(runbook && { runbook }) }
}

export function groupItem({ grouping, key, label, entries, expanded }: GroupNode): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState
  const item = new vscode.TreeItem(label, expanded ? Expanded : Collapsed)
  item.id = `${grouping}:${key}`
  item.description = new Intl.NumberFormat(locale).format(entries.length)
  item.contextValue = grouping
  if (grouping !== 'day') item.iconPath = new vscode.ThemeIcon(grouping === 'runbook' ? 'book' : 'person')
  return item
}

export function moreItem({ left, group }: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(t('Show more ({0} left)', new Intl.NumberFormat(locale).format(left)))
  item.id = `more:${group ?? ''}`
  item.iconPath = new vscode.ThemeIcon('ellipsis')
  item.command = {
    command: 'baton.runs.showMore',
    title: t('Show more'),
    ...(group !== undefined && { arguments: [group] }),
  }
  return item
}

export function groupingWord(grouping: Grouping): string {
  switch (grouping) {
    case 'day':
      return t('By day')
    case 'runbook':
      return t('By runbook')
    case 'operator':
      return t('By operator')
  }
}
