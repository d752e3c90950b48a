import * as vscode from 'vscode'
import { textOf } from '../execution/step-text.ts'
import { createBreath } from '../record/breath.ts'
import { driftOf, type RunbookDrift, type StepDrift, sourceHashes } from '../record/drift.ts'
import type { ReadableRun } from '../record/summary.ts'
import type { Transcript } from '../record/transcript.ts'
import { decodeFile } from '../runbook/file-text.ts'
import { driftSentences } from '../wording/drift.ts'
import { HumanError } from './command-boundary.ts'
import { locale, t } from './language.ts'
import type { HistoryEntry, RunHistory } from './run-history.ts'
import { type LibraryEntry, type RunbookLibrary, runbookName } from './runbook-library.ts'
import type { Comparison, StepChange } from './step-change.ts'

export interface DriftSetup {
  readonly library: RunbookLibrary
  readonly history: RunHistory
  readonly change: StepChange
  readonly transcriptOf: (record: vscode.Uri) => Promise<Transcript>
}

interface Drifted {
  readonly entry: LibraryEntry
  readonly runs: readonly RecordedRun[]
  readonly drift: RunbookDrift
}

type RecordedRun = HistoryEntry<ReadableRun>

/** Files that are read at once. */
const readAhead = 16

/** Lists every runbook of the workspace that is not what was last run, never ran, or is overdue; shows what one chooses. */
export async function listDrift(setup: DriftSetup): Promise<void> {
  if (setup.library.entries().length === 0) {
    void vscode.window.showInformationMessage(
      t('There is no runbook here. A Markdown file with one ```sh block is one already.'),
    )
    return
  }
  const options = { location: vscode.ProgressLocation.Window, title: t('Comparing runbooks with their records…') }
  const found = await vscode.window.withProgress(options, () => driftOfAll(setup.library.entries(), setup))
  const items = sections.flatMap(({ label, holds }) => {
    const inSection = found.filter(({ drift }) => sections.find((section) => section.holds(drift))?.holds === holds)
    if (inSection.length === 0) return []
    return [{ label: label(), kind: vscode.QuickPickItemKind.Separator }, ...inSection.map(itemOf)]
  })
  if (items.length === 0) {
    void vscode.window.showInformationMessage(t('Every runbook here is what was last run, and on time.'))
    return
  }
  const chosen = await vscode.window.showQuickPick<vscode.QuickPickItem & { readonly drifted?: Drifted }>(items, {
    title: t('Runbooks that differ from their records: {0}', new Intl.NumberFormat(locale).format(found.length)),
    placeHolder: t('Choose one to see what changed'),
    matchOnDescription: true,
    matchOnDetail: true,
  })
  if (chosen?.drifted) await show(chosen.drifted, setup)
}

/** What is shown together: a runbook stands in the first that holds it. */
const sections: readonly { readonly label: () => string; readonly holds: (drift: RunbookDrift) => boolean }[] = [
  { label: () => t('changed · not run since'), holds: ({ changed, gone }) => changed.length + gone.length > 0 },
  { label: () => t('overdue'), holds: ({ overdue }) => overdue !== undefined },
  { label: () => t('edited around the steps'), holds: ({ isEdited }) => isEdited },
  { label: () => t('never run'), holds: ({ isNeverRun }) => isNeverRun },
]

function itemOf(drifted: Drifted) {
  const { entry, drift } = drifted
  const sentences = drift.isNeverRun ? [] : driftSentences(drift, t, locale, Date.now())
  return {
    label: `$(${iconOf(drift)}) ${runbookName(entry)}`,
    description: vscode.workspace.asRelativePath(entry.uri),
    ...(sentences.length > 0 && { detail: sentences.join(' · ') }),
    drifted,
  }
}

function iconOf({ isNeverRun, changed, gone, overdue }: RunbookDrift): string {
  if (isNeverRun) return 'circle-outline'
  if (changed.length + gone.length > 0) return 'warning'
  return overdue ? 'clock' : 'edit'
}

async function driftOfAll(entries: readonly LibraryEntry[], { history }: DriftSetup): Promise<readonly Drifted[]> {
  const breathe = createBreath()
  const all = new Map(entries.map(({ uri }) => [uri.toString(), [] as RecordedRun[]]))
  for (const run of await history.list()) {
    if (isReadable(run)) all.get(run.runbook?.toString() ?? '')?.push(run)
    await breathe()
  }
  const found: Drifted[] = []
  for (let at = 0; at < entries.length; at += readAhead) {
    const some = entries.slice(at, at + readAhead).map((entry) => {
      const runs = all.get(entry.uri.toString()) ?? []
      // A file that never ran need not be read.
      return { entry, runs, text: runs.length === 0 ? '' : textOfFile(entry.uri) }
    })
    for (const { entry, runs, text } of some) {
      const source = sourceHashes(await text)
      await breathe()
      const summaries = runs.map(({ summary }) => summary)
      const drift = driftOf(entry.runbook, source, summaries, Date.now())
      if (drift) found.push({ entry, runs, drift })
    }
  }
  return found
}

async function textOfFile(uri: vscode.Uri): Promise<string> {
  const bytes = await vscode.workspace.fs.readFile(uri).then(
    (read) => read,
    () => new Uint8Array(),
  )
  return decodeFile(bytes) ?? ''
}

function isReadable(entry: HistoryEntry): entry is RecordedRun {
  return entry.summary.outcome !== 'unreadable'
}

/** Shows how a runbook differs from what its records say was done. */
export async function showDrift(uri: vscode.Uri, setup: DriftSetup): Promise<void> {
  const entry = setup.library.entries().find((one) => one.uri.toString() === uri.toString())
  const [drifted] = entry ? await driftOfAll([entry], setup) : []
  if (drifted === undefined) throw new HumanError(t('This runbook is what was last run.'))
  await show(drifted, setup)
}

async function show(drifted: Drifted, { change, transcriptOf }: DriftSetup): Promise<void> {
  const { entry, runs, drift } = drifted
  const steps = new Map(entry.runbook.steps.map((step) => [step.id, step]))
  const transcripts = new Map<string, Promise<Transcript>>()
  async function before({ record, stepId }: StepDrift): Promise<string> {
    const file = runs.find(({ summary }) => summary.path === record)?.record
    if (file === undefined) return ''
    const transcript = transcripts.get(record) ?? transcriptOf(file)
    transcripts.set(record, transcript)
    return (await transcript).steps.findLast(({ id }) => id === stepId)?.text ?? ''
  }
  const comparisons: Comparison[] = []
  for (const one of [...drift.changed, ...drift.gone]) {
    const now = steps.get(one.stepId)
    comparisons.push({ stepId: one.stepId, before: await before(one), now: now ? textOf(now) : '' })
  }
  const title = t('{0}: last run ↔ now', runbookName(entry))
  if (comparisons.length > 0) return change.compare(title, comparisons)
  const commit = drift.isEdited ? await commitOf(drifted, transcriptOf) : undefined
  if (commit === undefined) await vscode.commands.executeCommand('vscode.open', entry.uri)
  else await vscode.commands.executeCommand('vscode.diff', inGit(entry.uri, commit), entry.uri, title)
}

/** The commit that holds the text that ran last; undefined where it was in none, or nobody can show it. */
async function commitOf({ runs }: Drifted, transcriptOf: DriftSetup['transcriptOf']): Promise<string | undefined> {
  const [last] = runs
  if (last === undefined || !vscode.extensions.getExtension('vscode.git')?.isActive) return undefined
  const git = (await transcriptOf(last.record)).run?.git
  return git?.changed === false ? git.commit : undefined
}

/** How VS Code's own git extension names a file as it was. */
function inGit(uri: vscode.Uri, ref: string): vscode.Uri {
  return uri.with({ scheme: 'git', query: JSON.stringify({ path: uri.fsPath, ref }) })
}
