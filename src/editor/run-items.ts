import * as vscode from 'vscode'
import { annotationsOf, type NotesByRun } from '../record/annotations.ts'
import { isStopped } from '../record/resume.ts'
import { type ActSummary, isReadable, type ReadableRun, type RecordSummary } from '../record/summary.ts'
import { actDetail, actSentence, actSubject, actTitle } from '../wording/acts.ts'
import { formatDateTime } from '../wording/dates.ts'
import { formatClock } from '../wording/durations.ts'
import { followsSentence } from '../wording/follow.ts'
import { noteCount } from '../wording/notes.ts'
import { outcomeWord, succeededOfAll } from '../wording/outcomes.ts'
import { outcomeIcon, runningIcon } from './icons.ts'
import { duration, locale, t } from './language.ts'
import { markedRecord, markOf } from './record-marks.ts'
import type { RunActivity } from './run-activity.ts'
import type { HistoryEntry } from './run-history.ts'
import { fileName } from './runbook-library.ts'

/** A run, or an act that is no run. */
export interface RunNode extends HistoryEntry<RecordSummary> {
  readonly kind: 'run'
}

/** What all records together say of one. */
export interface RunsTogether {
  /** Ids of batches that have rows left to run. */
  readonly batches: ReadonlySet<string>
  readonly notes: NotesByRun
  /** Finds a run by its id. Few rows name another run, and what finds it takes its time to make. */
  runs(): Promise<RunOf>
}

type RunOf = (id: string) => ReadableRun | undefined

export async function runItem(
  node: RunNode,
  activity: Pick<RunActivity, 'active'>,
  { batches, notes, runs }: RunsTogether,
): Promise<vscode.TreeItem> {
  const { summary, record, runbook } = node
  if (summary.outcome === 'unreadable') return unreadableItem(node)
  if (summary.outcome === 'act') return actItem(record, summary, await runs())
  const active = runbook && activity.active(runbook)
  const isHere = active?.id === summary.id
  const name = summary.runbook.title || summary.runbook.path
  // Of a run that was cut off in its first step, a count would say nothing.
  const counted = summary.tally.all === 0 ? [] : [succeededOfAll(summary.tally, t)]
  const steps = isHere ? [`${active.done}/${active.total}`] : counted
  const took = summary.durationMs === undefined ? [] : [briefly(summary.durationMs)]
  const { count } = annotationsOf(summary, notes)
  const noted = count === 0 ? [] : [noteCount(count, t, locale)]
  const item = new vscode.TreeItem(name)
  item.id = record.toString()
  item.iconPath =
    summary.outcome !== 'running'
      ? outcomeIcon(summary.outcome)
      : isHere && active.current
        ? runningIcon
        : runningElsewhere
  item.description = [...rowOf(summary), ...noted, summary.operator.name, ...took, ...steps].join(' · ')
  item.contextValue = [
    'run',
    summary.outcome !== 'running' && 'over',
    runbook && 'found',
    isHere && 'here',
    isHere && active.current && 'running',
    runbook && (isHere ? !active.current : isStopped(summary.outcome)) && 'unfinished',
    runbook && batches.has(summary.batch?.id ?? '') && 'batch',
  ]
    .filter(Boolean)
    .join(' ')
  item.command = { command: 'baton.openRecord', title: t('Open record'), arguments: [record] }
  item.resourceUri = markedRecord(record)
  const mark = markOf(record)
  item.accessibilityInformation = {
    label: [name, stateOf(summary), item.description, ...(mark ? [mark] : [])].join(', '),
  }
  return item
}

/** What is said of a run while the mouse rests on it: to make it for every row would hold up the editor. */
export async function runTooltip(
  { summary }: RunNode,
  { runs }: Pick<RunsTogether, 'runs'>,
): Promise<vscode.MarkdownString | undefined> {
  if (!isReadable(summary)) return undefined
  const followed = summary.follows === undefined ? undefined : (await runs())(summary.follows)
  return card(summary, summary.runbook.title || summary.runbook.path, followed)
}

/** Of a batch: which row of how many. */
function rowOf({ batch }: ReadableRun): readonly string[] {
  return batch ? [t('row {0}/{1}', batch.row, batch.rows)] : []
}

/** A clock for what took minutes; it would say `0:00` of what took less than a second. */
function briefly(milliseconds: number): string {
  return milliseconds < 60_000 ? duration(milliseconds) : formatClock(milliseconds)
}

const runningElsewhere = new vscode.ThemeIcon('play-circle')

function unreadableItem({ summary, record }: RunNode): vscode.TreeItem {
  const item = new vscode.TreeItem(fileName(record))
  item.id = record.toString()
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
  item.description = summary.outcome === 'unreadable' ? unreadableWords(summary.reason) : ''
  item.tooltip = summary.path
  item.contextValue = 'run'
  item.command = { command: 'baton.openRecord', title: t('Open record'), arguments: [record] }
  return item
}

function unreadableWords(reason: string): string {
  if (reason === 'newer-format') return t('of a newer format')
  if (reason === 'empty') return t('empty')
  return reason === 'not-a-record' ? t('no record') : t('cannot be read')
}

function actItem(record: vscode.Uri, summary: ActSummary, runOf: RunOf): vscode.TreeItem {
  const subject = actSubject(summary, runOf, { t, locale, now: Date.now() })
  const item = new vscode.TreeItem(actTitle(summary, t))
  item.id = record.toString()
  item.iconPath = new vscode.ThemeIcon(actIcon(summary))
  const detail = actDetail(summary, t)
  // Of a note its text says more than what it is about.
  const words = summary.act === 'run-noted' ? [detail, subject] : [subject, detail]
  const parts = [summary.secrets?.join(', ') ?? '', ...words, summary.operator.name]
  item.description = parts.filter((part) => part !== '').join(' · ')
  item.tooltip = cardOf(actSentence(summary, t), [
    ...(subject === '' ? [] : [subject]),
    formatDateTime(summary.startedAt, Date.now(), locale),
    operatorName(summary),
    summary.path,
  ])
  item.contextValue = summary.act === 'run-noted' ? 'run note' : 'run'
  item.resourceUri = markedRecord(record)
  item.command = { command: 'baton.openRecord', title: t('Open record'), arguments: [record] }
  return item
}

function actIcon({ act }: ActSummary): string {
  switch (act) {
    case 'run-noted':
      return 'note'
    case 'run-signed-off':
      return 'mortar-board'
    case 'output-pruned':
      return 'archive'
    default:
      return act.startsWith('secrets-') ? 'key' : 'history'
  }
}

function operatorName({ operator }: Pick<ReadableRun, 'operator'>): string {
  return operator.email ? `${operator.name} (${operator.email})` : operator.name
}

function stateOf({ outcome }: ReadableRun): string {
  return outcome === 'running' ? t('running') : outcomeWord(outcome, t)
}

function card(summary: ReadableRun, name: string, followed: ReadableRun | undefined): vscode.MarkdownString {
  const { startedAt, durationMs, path, follows } = summary
  return cardOf(name, [
    [stateOf(summary), ...(durationMs === undefined ? [] : [duration(durationMs)])].join(' · '),
    formatDateTime(startedAt, Date.now(), locale),
    operatorName(summary),
    ...(follows ? [followsSentence(followed, follows, { t, locale, now: Date.now() })] : []),
    path,
  ])
}

function cardOf(name: string, lines: readonly string[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString().appendMarkdown('**').appendText(name).appendMarkdown('**')
  for (const line of lines) markdown.appendMarkdown('\n\n').appendText(line)
  return markdown
}
