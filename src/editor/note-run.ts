import * as vscode from 'vscode'
import type { RecordFailure } from '../execution/run-api.ts'
import type { RunNote } from '../record/act.ts'
import { draftNote } from '../record/note-draft.ts'
import type { CredentialScanner } from '../secrets/credentials/scanner.ts'
import type { SeenSecretStore } from '../secrets/store.ts'
import { systemReason } from '../wording/execution-problems.ts'
import { noteConcernSentence, noteRefusalSentence } from '../wording/note-drafts.ts'
import { HumanError } from './command-boundary.ts'
import { locale, sentences, t } from './language.ts'
import { askForNote } from './note-input.ts'
import { chooseSubject, type NoteSubject, type NoteSubjects } from './note-subject.ts'
import { manageTrust } from './run-refusal.ts'

export interface NoteSetup extends NoteSubjects {
  readonly store: () => Promise<SeenSecretStore>
  readonly credentials: () => Promise<CredentialScanner>
  readonly recordAct: (root: string, act: RunNote) => Promise<RecordFailure | undefined>
}

/** Notes of several lines that are being written, by the address of their documents. */
const beingWritten = new Map<string, NoteSubject>()

/**
 * Asks what should be known of a run that is over, and of which of its steps; keeps it in a record of its own.
 * @param argument see `chooseSubject`
 */
export async function noteRun(argument: unknown, setup: NoteSetup): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new HumanError(t('This folder is not trusted, so nothing is written there. You can read everything.'), [
      manageTrust(),
    ])
  const subject = await chooseSubject(argument, setup)
  if (subject === undefined) return
  const keep = (typed: string) => keepText(typed, subject, setup)
  const long = await askForNote(titleOf(subject), keep)
  if (long !== undefined) await writeInEditor(long, subject)
}

/** Keeps the note of several lines that the active editor holds. */
export async function keepNote(setup: NoteSetup): Promise<void> {
  const document = vscode.window.activeTextEditor?.document
  const subject = document && beingWritten.get(document.uri.toString())
  if (subject === undefined) throw new HumanError(t('Begin a note with “Add Note to Run”.'))
  const wrong = await keepText(withoutHint(document?.getText() ?? '', subject), subject, setup)
  if (wrong === 'withdrawn') return
  if (wrong !== undefined) throw new HumanError(wrong)
  beingWritten.delete(document?.uri.toString() ?? '')
  tellEditors()
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
}

/** Undefined when it is kept; else what is wrong, in a sentence; `withdrawn` when the operator wants to look at it again. */
async function keepText(
  typed: string,
  { run, root, secrets, step }: NoteSubject,
  { store, credentials, recordAct, history }: NoteSetup,
): Promise<string | undefined> {
  const kept = await store()
  const draft = await draftNote(typed, secrets, { secret: kept.get, credentials: await credentials() })
  if (draft.kind === 'refused') return noteRefusalSentence(draft, t, locale)
  if (draft.concerns.length > 0) {
    const concerns = draft.concerns.map((concern) => noteConcernSentence(concern, t, locale))
    const detail = t('A note is kept for good, and goes to everybody who has the repository.')
    const keep = t('Keep it as it is')
    const chosen = await vscode.window.showWarningMessage(sentences(...concerns), { modal: true, detail }, keep)
    if (chosen !== keep) return 'withdrawn'
  }
  const failure = await recordAct(root, {
    act: 'run-noted',
    about: { run: run.id, head: run.head },
    ...(step && { execution: step.execution }),
    text: draft.text,
  })
  if (failure) {
    const { reason = '', path = '' } = failure.problem.values
    return t('The note could not be kept: {0} ({1}).', systemReason(reason, t), path)
  }
  history.refresh()
  vscode.window.setStatusBarMessage(`$(check) ${t('The note is kept.')}`, 10_000)
  return undefined
}

async function writeInEditor(begun: string, subject: NoteSubject): Promise<void> {
  const content = `${hintOf(subject)}\n${begun}`
  const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content })
  beingWritten.set(document.uri.toString(), subject)
  tellEditors()
  const end = document.positionAt(content.length)
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(end, end) })
}

/** By it the manifest knows in which editors a note can be kept. */
function tellEditors(): void {
  void vscode.commands.executeCommand('setContext', 'baton.notes', [...beingWritten.keys()])
}

function titleOf({ run, step }: NoteSubject): string {
  const title = run.runbook.title || run.runbook.path
  return step ? `${title} · ${step.title}` : title
}

/** The first line of a note's document, which does not belong to it. */
function hintOf(subject: NoteSubject): string {
  const key = process.platform === 'darwin' ? 'Cmd+Enter' : 'Ctrl+Enter'
  const about = titleOf(subject).replace(/\s+/g, ' ')
  return `# ${t('{0}: write the note below, then press {1} or ✓ at the top right.', about, key)}`
}

function withoutHint(text: string, subject: NoteSubject): string {
  const [first, ...others] = text.split(/\r?\n/)
  return first === hintOf(subject) ? others.join('\n') : text
}
