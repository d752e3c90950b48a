import * as vscode from 'vscode'
import { nothingRelated, type RelatedRecords, relatedRecords } from '../record/related.ts'
import { readTranscript, type Transcript } from '../record/transcript.ts'
import { verifyRecord } from '../record/verify.ts'
import { actTitle } from '../wording/acts.ts'
import { formatDateTime } from '../wording/dates.ts'
import { HumanError, registerCommands } from './command-boundary.ts'
import { locale, t } from './language.ts'
import { previewEditor } from './pages.ts'
import { recordMarkdown } from './record-markdown.ts'
import type { RunActivity } from './run-activity.ts'
import type { RunHistory } from './run-history.ts'
import { shortTitle } from './short-title.ts'
import { targetOf } from './target.ts'

/** Pages that show a record; read only, because nothing can write to a scheme that has no file system. */
const recordScheme = 'baton-record'

/** What a page is made of. */
export interface RecordSources {
  readonly history: RunHistory
  /** A record whose outputs are what a terminal shows of them in the end. */
  readonly transcriptOf: (record: vscode.Uri) => Promise<Transcript>
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

  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(recordScheme, provider),
    // A run that goes on writes its record while somebody reads it.
    sources.history.onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === recordScheme) changed.fire(uri)
    }),
    registerCommands(log, {
      'baton.openRecord': open,
      'baton.openLastRecord': (argument) => openLast(argument, activity),
    }),
  )
}

/** Of a step of the tree its own last run, else that of the runbook. */
async function openLast(argument: unknown, activity: Pick<RunActivity, 'last' | 'lastRun'>): Promise<void> {
  const { uri, stepId } = targetOf(argument) ?? {}
  if (uri === undefined) throw new HumanError(t('Open a runbook first.'))
  const last = stepId === undefined ? activity.lastRun(uri) : activity.last(uri, stepId)
  if (last === undefined) throw new HumanError(t('This runbook has not run yet.'))
  await open(last.recordPath)
}

async function open(argument: unknown): Promise<void> {
  const record = recordOf(argument)
  if (record) await vscode.commands.executeCommand('vscode.openWith', await pageUri(record), previewEditor)
}

/** A record as a Markdown page, with what was written to it later. */
export async function recordPage(record: vscode.Uri, { history, transcriptOf }: RecordSources): Promise<string> {
  const bytes = await read(record)
  const language = { t, locale, now: Date.now() }
  const transcript = await transcriptOf(record)
  return recordMarkdown(transcript, verifyRecord(bytes), language, await relatedTo(record, history))
}

async function relatedTo(record: vscode.Uri, history: RunHistory): Promise<RelatedRecords> {
  const records = await history.records()
  const summary = records.find((entry) => entry.record.path === record.path)?.summary
  return summary
    ? relatedRecords(
        summary.path,
        records.map((entry) => entry.summary),
      )
    : nothingRelated
}

/** The page's name is what its tab says, so it holds what and when. */
async function pageUri(record: vscode.Uri): Promise<vscode.Uri> {
  const { run, act, startedAt } = readTranscript(await read(record))
  const what = act ? actTitle(act, t) : run?.runbook.title
  const name = what || record.path.slice(record.path.lastIndexOf('/') + 1)
  const title = run || act ? `${shortTitle(name)} ${formatDateTime(startedAt, Date.now(), locale)}` : name
  return vscode.Uri.from({
    scheme: recordScheme,
    // Neither separators nor control characters belong into a name.
    path: `/${title.replace(/[/\\\p{Cc}]+/gu, ' ')}`,
    query: record.toString(),
  })
}

async function read(record: vscode.Uri): Promise<Uint8Array> {
  try {
    return await vscode.workspace.fs.readFile(record)
  } catch {
    throw new HumanError(t('The record cannot be read: {0}', vscode.workspace.asRelativePath(record)))
  }
}

function recordOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument
  if (typeof argument === 'string') return vscode.Uri.file(argument)
  if (typeof argument !== 'object' || argument === null || !('record' in argument)) return undefined
  return argument.record instanceof vscode.Uri ? argument.record : undefined
}
