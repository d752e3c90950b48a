import * as vscode from 'vscode'
import { annotationsOf, notesByRun } from '../record/annotations.ts'
import { findInTurns } from '../record/in-turns.ts'
import type { ReadableRun, RecordSummary } from '../record/summary.ts'
import type { Transcript } from '../record/transcript.ts'
import { formatDateTime } from '../wording/dates.ts'
import { noteCount } from '../wording/notes.ts'
import { outcomeSymbol } from '../wording/outcomes.ts'
import { HumanError } from './command-boundary.ts'
import { locale, t } from './language.ts'
import type { HistoryEntry, RunHistory } from './run-history.ts'

/** What a note is about. */
export interface NoteSubject {
  readonly run: ReadableRun
  /** Absolute: of the repo that holds the record. */
  readonly root: string
  /** Names of those that the run had. */
  readonly secrets: readonly string[]
  readonly step?: NotedStep
}

interface NotedStep {
  readonly execution: number
  readonly title: string
}

export interface NoteSubjects {
  readonly history: RunHistory
  readonly transcriptOf: (record: vscode.Uri) => Promise<Transcript>
}

/** How many of the last runs are offered where none was named. */
const offeredRuns = 100

/**
 * A run that is over, and the step of it that the note is about. Undefined when the operator withdrew.
 * @param argument an element of the view "Runs", or the address of a record's page; what is open when left out
 */
export async function chooseSubject(
  argument: unknown,
  { history, transcriptOf }: NoteSubjects,
): Promise<NoteSubject | undefined> {
  const entries = await history.records()
  const file = recordOf(argument) ?? recordOf(activePage())
  const named = file && (await history.at(file))
  if (file !== undefined && named === undefined) throw new HumanError(t('This record is in no folder that is open.'))
  const entry = named ?? (await chooseRun(entries))
  // To a note one writes another note about the same thing.
  const noted = entry?.summary.outcome === 'act' ? entry.summary : undefined
  const found = noted
    ? await findInTurns(entries, ({ summary }) => isRun(summary) && summary.id === noted.about?.run)
    : entry
  if (entry === undefined) return undefined
  if (found === undefined || !isRun(found.summary)) throw new HumanError(t('Only a run can have notes.'))
  const run = found.summary
  if (run.outcome === 'running') throw new HumanError(t('This run is going on. Write the note when it is over.'))

  const transcript = await transcriptOf(found.record)
  const subject = {
    run,
    root: vscode.Uri.joinPath(found.record, ...run.path.split('/').map(() => '..')).fsPath,
    secrets: transcript.run?.secrets ?? [],
  }
  if (transcript.steps.length === 0) return subject
  const notes = annotationsOf(run, await notesByRun(entries.map(({ summary }) => summary)))
  const count = (many = 0) => (many === 0 ? '' : noteCount(many, t, locale))
  const items: (vscode.QuickPickItem & { readonly step?: NotedStep })[] = [
    { label: `$(book) ${t('The whole run')}`, description: count(notes.ofRun.length) },
    ...transcript.steps.map(({ execution, title, result }, index) => ({
      label: `${index + 1}. ${result ? `${outcomeSymbol(result.outcome)} ` : ''}${title}`,
      description: count(notes.byExecution.get(execution)?.length),
      step: { execution, title },
    })),
  ]
  const preset = items.find(({ step }) => step !== undefined && step.execution === noted?.execution)
  const title = `${run.runbook.title || run.runbook.path} · ${formatDateTime(run.startedAt, Date.now(), locale)}`
  const ordered = preset ? [preset, ...items.filter((item) => item !== preset)] : items
  const chosen = await vscode.window.showQuickPick(ordered, { title, placeHolder: t('What is the note about?') })
  return chosen && { ...subject, ...(chosen.step && { step: chosen.step }) }
}

async function chooseRun(
  entries: readonly HistoryEntry<RecordSummary>[],
): Promise<HistoryEntry<RecordSummary> | undefined> {
  const items = entries.flatMap((entry) => {
    const { summary } = entry
    if (!isRun(summary) || summary.outcome === 'running') return []
    const { outcome, runbook, startedAt, operator } = summary
    const when = formatDateTime(startedAt, Date.now(), locale)
    const label = `${outcomeSymbol(outcome)} ${runbook.title || runbook.path}`
    return [{ label, description: `${when} · ${operator.name}`, entry }]
  })
  if (items.length === 0) throw new HumanError(t('There is no run yet that a note could be about.'))
  const placeHolder = t('Which run is the note about?')
  const options = { placeHolder, matchOnDescription: true }
  return (await vscode.window.showQuickPick(items.slice(0, offeredRuns), options))?.entry
}

function isRun(summary: RecordSummary): summary is ReadableRun {
  return summary.outcome !== 'act' && summary.outcome !== 'unreadable'
}

function activePage(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input
  return input instanceof vscode.TabInputCustom ? input.uri : undefined
}

/** The file of a record: from an element of a view, or from the address of its page. */
function recordOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri)
    return argument.scheme === 'baton-record' ? vscode.Uri.parse(argument.query) : undefined
  if (typeof argument !== 'object' || argument === null || !('record' in argument)) return undefined
  return argument.record instanceof vscode.Uri ? argument.record : undefined
}
