import * as vscode from 'vscode'
import type { Runbook } from '../runbook/runbook.ts'
import type { CredentialHit } from '../secrets/credentials/hit.ts'
import type { RunbookReader } from '../secrets/credentials/move.ts'
import type { CredentialDesk } from '../secrets/credentials/scanner.ts'
import { isSecretName } from '../secrets/credentials/secret-name.ts'
import { checkSecretValue } from '../secrets/secret-value.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { unchangedSentence } from '../wording/secrets.ts'
import { HumanError, type Remedy, registerCommands } from './command-boundary.ts'
import { t } from './language.ts'
import type { RunbookLibrary } from './runbook-library.ts'
import { requireTrust, type SecretActs } from './secret-acts.ts'
import type { SecretVault } from './secret-vault.ts'

export interface MoveSetup {
  readonly library: RunbookLibrary
  readonly vault: SecretVault
  readonly credentials: () => Promise<CredentialDesk>
  readonly acts: SecretActs
  /** On demand. */
  readonly reader: () => Promise<RunbookReader>
  readonly log: vscode.LogOutputChannel
}

/** The command behind the quick fix: its arguments are the runbook's Uri and the offset of the value in its text. */
export function registerMoveCredential(setup: MoveSetup): vscode.Disposable {
  return registerCommands(setup.log, {
    'baton.moveCredential': (uri, offset) =>
      uri instanceof vscode.Uri && typeof offset === 'number' ? moveCredential(uri, offset, setup) : undefined,
  })
}

/**
 * Moves a value from a runbook into the keychain: asks for the name, keeps the value, and only then changes the text, in one
 * edit that can be undone. Where the value cannot be kept nothing is changed.
 */
async function moveCredential(uri: vscode.Uri, offset: number, setup: MoveSetup): Promise<void> {
  requireTrust()
  const { library, vault, credentials, acts, reader } = setup
  const document = await vscode.workspace.openTextDocument(uri)
  const text = document.getText()
  const runbook = await library.ofDocument(document)
  const { inMarkdown, planMove } = await credentials()
  const { findings } = await inMarkdown(text)
  const hit = findings.flatMap(({ hits }) => hits).find(({ value }) => value?.start === offset)
  if (hit === undefined) throw changed()

  for (let suggestion = freeName(hit, runbook); ; ) {
    const name = await askForName(suggestion, runbook, await vault.place())
    if (name === undefined) return
    const move = planMove(text, runbook, hit, name, await reader())
    if (move.kind !== 'move') throw new HumanError(refusalOf(move.kind))
    const again = () => moveCredential(uri, offset, setup)
    const kept = await keep(name, move.value, vault, () => document.getText() === text, again)
    if (kept === 'withdrawn') return
    if (kept === 'another-name') {
      suggestion = name
      continue
    }
    const edit = new vscode.WorkspaceEdit()
    for (const { start, end, text: added } of move.edits) {
      edit.replace(uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), added)
    }
    const isReplaced = document.getText() === text && (await vscode.workspace.applyEdit(edit))
    if (kept !== 'there-already') await acts.recordAt(uri, { act: kept, secrets: [name] })
    if (!isReplaced) throw changed()
    const sentence = t(
      '{0} is kept in: {1}. Where an older text was committed, git still has the value: change it where it is used.',
      name,
      await vault.place(),
    )
    void tell(sentence, uri)
    return
  }
}

/** With a button, so that the whole sentence is shown: what git has is not seen in the text. */
async function tell(sentence: string, uri: vscode.Uri): Promise<void> {
  const showHistory = t('Show history')
  if ((await vscode.window.showInformationMessage(sentence, showHistory)) !== showHistory) return
  await vscode.commands.executeCommand('files.openTimeline', uri)
}

async function askForName(value: string, { frontmatter }: Runbook, place: string): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title: t('Move the value to the keychain'),
    prompt: t('The name of the secret. Its value is kept in: {0}. The runbook declares the name.', place),
    value,
    ignoreFocusOut: true,
    validateInput(typed) {
      if (!isSecretName(typed))
        return t('Use capital letters, digits and _, and no name that changes how programs run.')
      const isParameter = frontmatter.parameters.some((parameter) => parameter.name === typed)
      if (isParameter) return t('{0} is a parameter of this runbook. Use another name.', typed)
      const isPrinted = frontmatter.secrets.some((secret) => secret.name === typed && secret.from !== undefined)
      return isPrinted ? t('{0} comes from a command. Use another name.', typed) : undefined
    },
  })
  return name
}

/** Keeps a value; a different one that is there is not lost without a question. */
async function keep(
  name: string,
  value: string,
  vault: SecretVault,
  isUnchanged: () => boolean,
  again: Remedy['run'],
): Promise<'secrets-set' | 'secrets-changed' | 'there-already' | 'withdrawn' | 'another-name'> {
  const wrong = checkSecretValue(value)
  if (wrong !== undefined) throw new HumanError(executionProblemSentence({ code: wrong, values: { name } }, t))
  const store = await vault.store()
  const found = await store.get(name)
  const remedies = [{ label: t('Try again'), run: again }]
  if (found.kind === 'failed') throw new HumanError(unchangedSentence(name, found.failure, t), remedies)
  if (found.kind === 'found') {
    if (found.value === value) return 'there-already'
    const [replace, another] = [t('Replace'), t('Another name…')]
    const question = t('The keychain holds another value for {0}, which other runbooks may use. Replace it?', name)
    const answer = await vscode.window.showWarningMessage(question, { modal: true }, another, replace)
    if (answer === another) return 'another-name'
    if (answer !== replace) return 'withdrawn'
  }
  if (!isUnchanged()) throw changed()
  const failure = await store.set(name, value)
  if (failure) throw new HumanError(unchangedSentence(name, failure, t), remedies)
  return found.kind === 'found' ? 'secrets-changed' : 'secrets-set'
}

/** The suggested name, with a number where the runbook has that name for something else. */
function freeName({ name }: CredentialHit, { frontmatter }: Runbook): string {
  const taken = new Set([...frontmatter.parameters, ...frontmatter.secrets].map((declaration) => declaration.name))
  for (let n = 2, free = name; ; n++) {
    if (!taken.has(free)) return free
    free = `${name}_${n}`
  }
}

function changed(): HumanError {
  return new HumanError(t('The runbook has changed meanwhile. Nothing was replaced: choose the quick fix again.'))
}

function refusalOf(kind: 'impossible' | 'frontmatter-unclear'): string {
  switch (kind) {
    case 'frontmatter-unclear':
      return t('The secret could not be declared in this frontmatter. Add a list “secrets:” to it, and try again.')
    case 'impossible':
      return t('A variable cannot stand at this place. Write the step so that it uses one.')
  }
}
