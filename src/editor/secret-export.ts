import * as vscode from 'vscode'
import type { RecordFailure } from '../execution/run-api.ts'
import type { SecretsAct } from '../record/act.ts'
import { type SecretMemory, setInStore } from '../secrets/memory.ts'
import type { TransferContent } from '../secrets/transfer/content.ts'
import { gatherSecrets, type HandedOver, type HandoverPorts, handOver } from '../secrets/transfer/handover.ts'
import type { TransferKey, Transfers } from '../secrets/transfer/transfer.ts'
import { systemReason } from '../wording/execution-problems.ts'
import { secretCount, secretTestSentence } from '../wording/secrets.ts'
import { transferProblemSentence } from '../wording/transfer-problems.ts'
import { HumanError } from './command-boundary.ts'
import { locale, sentences, t } from './language.ts'
import { fileName } from './runbook-library.ts'
import { requireTrust, type SecretActs } from './secret-acts.ts'
import { type SecretPick, secretPick, seenSecrets } from './secret-choice.ts'
import { askForKey } from './secret-recipients.ts'
import type { DeclaredSecret, SecretStates, StatedSecret } from './secret-states.ts'
import type { SecretVault } from './secret-vault.ts'

/** What handing over and taking over need of this computer. */
export interface TransferMachine extends Pick<HandoverPorts, 'draftPrivateFile'> {
  readonly transfers: Transfers
  repositoryRoot(path: string): Promise<string | undefined>
  operatorOf(folder: string): Promise<TransferContent['from']>
}

export interface SecretTransferSetup {
  readonly states: SecretStates
  readonly vault: SecretVault
  readonly memory: SecretMemory
  readonly acts: SecretActs
  readonly machine: () => Promise<TransferMachine>
  /** The user's own folder: outside of every repo, as a rule. */
  readonly home: vscode.Uri
}

/** Encrypts chosen secrets for somebody else, in one file. */
export async function exportSecrets(setup: SecretTransferSetup): Promise<void> {
  const { states, vault, memory, acts } = setup
  requireTrust()
  const chosen = await chooseSecrets(await seenSecrets(states))
  if (chosen === undefined || chosen.length === 0) return
  const machine = await setup.machine()
  const key = await askForKey(machine.transfers, t('Hand over secrets ({0}/3)', 2))
  if (key === undefined) return
  const file = await chooseFile(setup.home, machine)
  if (file === undefined) return

  const store = await vault.store()
  const traces = await memory.recall()
  const setAt = (name: string) => setInStore(traces.get(name), store.kind)
  const gathered = await busy(gatherSecrets(chosen, store, setAt))
  if ('failure' in gathered) {
    const lookup = { kind: 'failed', failure: gathered.failure } as const
    throw new HumanError(secretTestSentence(gathered.name, lookup, await vault.place(), Date.now(), t, locale), [
      { label: t('Try again'), run: () => exportSecrets(setup) },
    ])
  }
  const absent = [...gathered.missing, ...gathered.unusable]
  if (gathered.secrets.length === 0) {
    throw new HumanError(t('Nothing was handed over, because there is no value here for: {0}', absent.join(', ')))
  }
  const [folder = setup.home] = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? []
  const content = { from: await machine.operatorOf(folder.fsPath), time: Date.now(), secrets: gathered.secrets }
  const handed = await busy(
    handOver(
      // The dialog asked about a file that is there already.
      { content, key, path: file.fsPath, file: fileName(file), replace: true },
      { ...machine, recordAct: (act) => recordFor(acts, act, chosen) },
    ),
  )
  const names = gathered.secrets.map(({ name }) => name)
  await tell(handed, file, key, names, absent)
}

function recordFor(
  acts: SecretActs,
  act: SecretsAct,
  chosen: readonly DeclaredSecret[],
): Promise<RecordFailure | undefined> {
  const { secrets, ...rest } = act
  return acts.tryRecord(
    rest,
    chosen.filter(({ name }) => secrets.includes(name)),
  )
}

async function chooseSecrets(secrets: readonly StatedSecret[]): Promise<readonly DeclaredSecret[] | undefined> {
  const items = secrets.filter(isPerhapsThere).map((stated): SecretPick => ({ ...secretPick(stated), picked: true }))
  if (items.length === 0) throw new HumanError(t('No secret is set here that could be handed over.'))
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Hand over secrets ({0}/3)', 1),
    placeHolder: t('Which ones does the successor get?'),
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
  })
  return picked?.map(({ secret }) => secret)
}

function isPerhapsThere({ situation }: StatedSecret): boolean {
  const kind = situation?.state.kind
  return kind === 'set' || kind === 'overdue' || kind === 'unknown'
}

/** Where the file goes; in a repo only once that was confirmed. */
async function chooseFile(home: vscode.Uri, machine: TransferMachine): Promise<vscode.Uri | undefined> {
  for (let suggested = vscode.Uri.joinPath(home, `secrets-${today()}.age`); ; ) {
    const file = await vscode.window.showSaveDialog({
      defaultUri: suggested,
      title: t('Hand over secrets ({0}/3)', 3),
      saveLabel: t('Encrypt and save'),
      filters: { age: ['age'] },
    })
    if (file === undefined) return undefined
    const root = await machine.repositoryRoot(vscode.Uri.joinPath(file, '..').fsPath)
    if (root === undefined) return file
    const [there, elsewhere] = [t('Save it there'), t('Choose another place')]
    const question = t(
      '{0} lies in the repository {1}. Save secrets there, although nobody should commit them?',
      fileName(file),
      root,
    )
    const answer = await vscode.window.showWarningMessage(question, { modal: true }, elsewhere, there)
    if (answer === there) return file
    if (answer !== elsewhere) return undefined
    suggested = vscode.Uri.joinPath(home, fileName(file))
  }
}

async function tell(
  handed: HandedOver,
  file: vscode.Uri,
  key: TransferKey,
  names: readonly string[],
  absent: readonly string[],
): Promise<void> {
  switch (handed.kind) {
    case 'problem':
      throw new HumanError(transferProblemSentence(handed.problem, t))
    case 'unrecorded': {
      const { reason = '', path = '' } = handed.failure.problem.values
      throw new HumanError(
        t('Nothing was handed over, because the record cannot be written: {0} ({1}).', systemReason(reason, t), path),
      )
    }
    case 'unwritable':
      throw new HumanError(t('The file {0} cannot be written: {1}.', file.fsPath, systemReason(handed.reason, t)))
    case 'done': {
      const said = [
        t('{0} encrypted into {1}: {2}.', secretCount(names.length, t, locale), file.fsPath, names.join(', ')),
        ...(absent.length > 0 ? [t('Not in it, because there is no value here: {0}', absent.join(', '))] : []),
        key.kind === 'passphrase'
          ? t('Send the file, and tell the passphrase by another way. Do not commit the file.')
          : t('Send the file. Only its recipient can open it. Do not commit it.'),
      ]
      const copy = t('Copy path')
      const answer = await vscode.window.showInformationMessage(sentences(...said), copy)
      if (answer === copy) await vscode.env.clipboard.writeText(file.fsPath)
    }
  }
}

/** `20261128`, in the local time zone. */
function today(): string {
  const day = new Date()
  const two = (value: number) => String(value).padStart(2, '0')
  return `${day.getFullYear()}${two(day.getMonth() + 1)}${two(day.getDate())}`
}

/** Keychain and encryption take their time. */
export function busy<Result>(work: Promise<Result>): Thenable<Result> {
  const options = { location: vscode.ProgressLocation.Window, title: t('Handing over…') }
  return vscode.window.withProgress(options, () => work)
}
