import * as vscode from 'vscode'
import { attachmentFolder } from '../record/attachment.ts'
import { nothingRelated, type RelatedRecords, relatedRecords } from '../record/related.ts'
import type { Transcript } from '../record/transcript.ts'
import type { TrustedRecord } from '../record/trust.ts'
import { actTitle } from '../wording/acts.ts'
import { formatDateTime } from '../wording/dates.ts'
import { HumanError, registerCommands } from './command-boundary.ts'
import { locale, t } from './language.ts'
import { previewEditor } from './pages.ts'
import type { RunActivity } from './run-activity.ts'
import type { RunHistory } from './run-history.ts'
import { shortTitle } from './short-title.ts'
import { targetOf } from './target.ts'

/** Pages that show a record; read only, because nothing can write to a scheme that has no file system. */
export const recordScheme = 'baton-record'

/** What a page is made of. */
export interface RecordSources {
  readonly history: RunHistory
  /** A record whose outputs are what a terminal shows of them in the end. */
  readonly transcriptOf: (record: vscode.Uri) => Promise<Transcript>
  /** Whether it is what was written, and what stands outside of it. */
  readonly trustOf: (record: vscode.Uri) => Promise<TrustedRecord>
}

/** The command that shows a record: its argument is a Uri, an absolute path, or an element of the view "Runs". */
export function registerRecordPage(
  sources: RecordSources,
  activity: Pick<RunActivity, 'last' | 'lastRun'>,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>()
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    provideTextDocumentContent: (page) => recordPage(vscode.Uri.parse(page.query), sources),
  }

  function showAnew(): void {
    for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === recordScheme) changed.fire(uri)
  }

  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(recordScheme, provider),
    // A run that goes on writes its record while somebody reads it.
    sources.history.onDidChange(showAnew),
    // What stands outside of a record tells nobody when it changes, as when a commit is pushed: who comes back sees it.
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) showAnew()
    }),
    vscode.window.tabGroups.onDidChangeTabs(({ changed: tabs }) => {
      if (tabs.some(isShownPage)) showAnew()
    }),
    registerCommands(log, {
      'baton.openRecord': (argument) => open(argument, sources.history),
      'baton.openLastRecord': (argument) => openLast(argument, activity, sources.history),
    }),
  )
}

function isShownPage({ isActive, input }: vscode.Tab): boolean {
  const isPage = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText
  return isActive && isPage && input.uri.scheme === recordScheme
}

/** Of a step of the tree its own last run, else that of the runbook. */
async function openLast(
  argument: unknown,
  activity: Pick<RunActivity, 'last' | 'lastRun'>,
  history: RunHistory,
): Promise<void> {
  const { uri, stepId } = targetOf(argument) ?? {}
  if (uri === undefined) throw new HumanError(t('Open a runbook first.'))
  const last = stepId === undefined ? activity.lastRun(uri) : activity.last(uri, stepId)
  if (last === undefined) throw new HumanError(t('This runbook has not run yet.'))
  await open(last.recordPath, history)
}

async function open(argument: unknown, history: RunHistory): Promise<void> {
  const record = recordOf(argument)
  if (!record) return
  try {
    await vscode.workspace.fs.stat(record)
  } catch {
    throw unreadable(record)
  }
  await vscode.commands.executeCommand('vscode.openWith', await pageUri(record, history), previewEditor)
}

/** A record as a Markdown page, with what was written to it later. */
export async function recordPage(record: vscode.Uri, sources: RecordSources): Promise<string> {
  const { recordMarkdown } = await import('./record-markdown.ts')
  try {
    const [transcript, trust] = await Promise.all([sources.transcriptOf(record), sources.trustOf(record)])
    const language = { t, locale, now: Date.now() }
    const folder = vscode.workspace.asRelativePath(record.with({ path: attachmentFolder(record.path) }))
    return recordMarkdown(transcript, trust, language, await relatedTo(record, sources.history), folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw unreadable(record)
    throw error
  }
}

async function relatedTo(record: vscode.Uri, history: RunHistory): Promise<RelatedRecords> {
  const summary = (await history.at(record))?.summary
  if (summary === undefined) return nothingRelated
  const records = await history.records()
  return relatedRecords(
    summary,
    records.map((entry) => entry.summary),
  )
}

/** The page's name is what its tab says, so it holds what and when. */
async function pageUri(record: vscode.Uri, history: RunHistory): Promise<vscode.Uri> {
  const known = (await history.at(record))?.summary
  const what = known?.outcome === 'act' ? actTitle(known, t) : known && 'runbook' in known && known.runbook.title
  const name = what || record.path.slice(record.path.lastIndexOf('/') + 1)
  // The kind, by which the manifest knows what can be done with the page; the tab shows the name alone.
  const kind = known?.outcome === 'act' ? known.act : known && 'runbook' in known ? 'run' : 'file'
  const title = what && known ? `${shortTitle(name)} ${formatDateTime(known.startedAt, Date.now(), locale)}` : name
  return vscode.Uri.from({
    scheme: recordScheme,
    // Neither separators nor control characters belong into a name.
    path: `/${kind.replace(/[^\w-]+/gu, ' ')}/${title.replace(/[/\\\p{Cc}]+/gu, ' ')}`,
    query: record.toString(),
  })
}

function unreadable(record: vscode.Uri): HumanError {
  return new HumanError(t('The record cannot be read: {0}', vscode.workspace.asRelativePath(record)))
}

/** The record that a command is about: its own Uri or that of its page, an absolute path, or an element of the view "Runs". */
export function recordOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) {
    return argument.scheme === recordScheme ? vscode.Uri.parse(argument.query) : argument
  }
  if (typeof argument === 'string') return vscode.Uri.file(argument)
  if (typeof argument !== 'object' || argument === null || !('record' in argument)) return undefined
  return argument.record instanceof vscode.Uri ? argument.record : undefined
}
