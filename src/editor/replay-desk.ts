import * as vscode from 'vscode'
import type { Annotation, RunAnnotations } from '../record/annotations.ts'
import { castOf } from '../record/cast.ts'
import { playedCast } from '../record/played-cast.ts'
import type { OpenRecord } from '../record/timeline.ts'
import type { Transcript } from '../record/transcript.ts'
import type { FromReplay, ReplayedRun, ToReplay } from '../webview/replay/messages.ts'
import { castWords } from '../wording/cast-words.ts'
import { formatDateTime } from '../wording/dates.ts'
import { noteByline } from '../wording/notes.ts'
import { outcomeWord } from '../wording/outcomes.ts'
import { stepEndingWords } from '../wording/terminal-lines.ts'
import { HumanError, report } from './command-boundary.ts'
import { duration, locale, t } from './language.ts'
import { openTarget } from './open-target.ts'
import { markPlayedStep } from './played-step-mark.ts'
import { readReplayMessage } from './read-replay-message.ts'
import type { RunbookLibrary } from './runbook-library.ts'
import { shortTitle } from './short-title.ts'
import { openWebviewPanel } from './webview-panel.ts'

export interface ReplayDeskSetup {
  readonly library: RunbookLibrary
  readonly extension: vscode.Uri
  readonly transcriptOf: (record: vscode.Uri) => Promise<Transcript>
  readonly annotationsTo: (record: vscode.Uri) => Promise<RunAnnotations>
  readonly opened: (record: vscode.Uri) => Promise<OpenRecord>
  readonly log: vscode.LogOutputChannel
  /** A panel that VS Code kept while the window was loaded anew. */
  readonly restored?: vscode.WebviewPanel | undefined
  readonly onClose: () => void
}

/** One run that is played back: ties the page to the record, and to the runbook beside it. */
export interface ReplayDesk extends vscode.Disposable {
  reveal(): void
}

/** The most UTF-16 units of output that are sent to a page. */
const outputLimit = 16 * 1024 * 1024

/** @param runbook where it is, if it is there */
export async function createReplayDesk(
  record: vscode.Uri,
  runbook: vscode.Uri | undefined,
  { library, extension, transcriptOf, annotationsTo, opened, log, restored, onClose }: ReplayDeskSetup,
): Promise<ReplayDesk> {
  const transcript = await transcriptOf(record)
  const title = transcript.run?.runbook.title || transcript.run?.runbook.path
  if (title === undefined) throw new HumanError(t('This is not the record of a run: there is nothing to play.'))
  const mark = runbook && markPlayedStep(runbook, library)
  // What was beside it, VS Code has brought back by itself.
  if (runbook && !restored) await showBeside(runbook)
  const stepOf = (execution: number) => transcript.steps.find((step) => step.execution === execution)

  async function send(): Promise<void> {
    const cast = await playedCast(castOf(await opened(record), { words: castWords(t, locale), outputLimit }))
    panel.send({ type: 'run', run: replayedRun(title ?? '', transcript, await annotationsTo(record), cast) })
  }

  async function receive(message: FromReplay): Promise<void> {
    switch (message.type) {
      case 'at-step':
        return mark?.show(message.execution === undefined ? undefined : stepOf(message.execution)?.id)
      case 'copy-output': {
        const step = stepOf(message.execution)
        if (step === undefined) return
        await vscode.env.clipboard.writeText(`${step.output}${step.omitted?.tail ?? ''}`)
        vscode.window.setStatusBarMessage(t('The output of “{0}” is copied.', shortTitle(step.title)), 4000)
        return
      }
      case 'show-step': {
        const step = stepOf(message.execution)
        if (runbook === undefined || step === undefined) return
        const options = { viewColumn: vscode.ViewColumn.One, preserveFocus: false }
        return openTarget(library, { uri: runbook, stepId: step.id }, options)
      }
      case 'show-record':
        await vscode.commands.executeCommand('baton.openRecord', record)
    }
  }

  const caught = (work: Promise<void>) => void work.catch((error: unknown) => report(error, 'replay', log))
  const panel = openWebviewPanel<ToReplay, FromReplay, string>({
    panel: 'replay',
    title: t('Replay: {0}', shortTitle(title)),
    extension,
    column: runbook ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
    icon: new vscode.ThemeIcon('play-circle'),
    rendersTerminal: true,
    restored,
    read: readReplayMessage,
    onReady() {
      panel.remember(record.toString())
      caught(send())
    },
    onMessage: (message) => caught(receive(message)),
    onClose() {
      mark?.dispose()
      onClose()
    },
  })
  return panel
}

/** In the first column, where the panel does not cover it. */
async function showBeside(runbook: vscode.Uri): Promise<void> {
  const isVisible = vscode.window.visibleTextEditors.some(
    ({ document }) => document.uri.toString() === runbook.toString(),
  )
  if (isVisible) return
  await vscode.window.showTextDocument(runbook, { viewColumn: vscode.ViewColumn.One, preserveFocus: true })
}

function replayedRun(
  title: string,
  transcript: Transcript,
  annotations: RunAnnotations,
  cast: ReplayedRun['cast'],
): ReplayedRun {
  const later = (notes: readonly Annotation[] = []) =>
    notes.map((note) => ({ text: note.text, byline: noteByline(note, t, locale, Date.now()) }))
  const { run, startedAt, end, steps } = transcript
  return {
    title,
    facts: [
      run?.operator.name ?? '',
      formatDateTime(startedAt, Date.now(), locale),
      ...(end.kind === 'ended' ? [outcomeWord(end.outcome, t), duration(end.durationMs)] : []),
      ...(end.kind === 'abandoned' ? [outcomeWord('abandoned', t)] : []),
      ...(end.kind === 'none' ? [t('running, or cut off')] : []),
    ].filter(Boolean),
    annotations: later(annotations.ofRun),
    steps: steps.map(({ execution, title: stepTitle, result }) => ({
      execution,
      title: stepTitle,
      ...(result && { outcome: result.outcome }),
      // The note has a line of its own.
      ending: result ? stepEndingWords({ ...result, note: '' }, t, locale) : t('no end on record'),
      ...(result?.note && { note: result.note }),
      annotations: later(annotations.byExecution.get(execution)),
    })),
    cast,
  }
}
