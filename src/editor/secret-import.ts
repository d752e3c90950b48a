import * as vscode from 'vscode'
import { longestValue } from '../secrets/secret-value.ts'
import { readAgeFile } from '../secrets/transfer/age-file.ts'
import type { ReadContent } from '../secrets/transfer/content.ts'
import { identitiesIn, identityName, ownIdentity } from '../secrets/transfer/identity.ts'
import type { TransferProblem } from '../secrets/transfer/problem.ts'
import { compareSecrets, takeOver } from '../secrets/transfer/takeover.ts'
import type { TransferProof } from '../secrets/transfer/transfer.ts'
import { secretCount, secretTestSentence, unchangedSentence } from '../wording/secrets.ts'
import { refusedSecretSentence, transferProblemSentence } from '../wording/transfer-problems.ts'
import { askChecked } from './checked-input.ts'
import { HumanError, type Remedy } from './command-boundary.ts'
import { locale, sentences, t } from './language.ts'
import { fileName } from './runbook-library.ts'
import { requireTrust } from './secret-acts.ts'
import { busy, type SecretTransferSetup } from './secret-export.ts'
import { chooseIncoming } from './secret-import-preview.ts'
import { copyRecipient } from './secret-recipients.ts'

type Opened = Extract<ReadContent, { kind: 'content' }>

/** Takes over what somebody else has encrypted: all of it, or what is chosen of it. */
export async function importSecrets(setup: SecretTransferSetup): Promise<void> {
  requireTrust()
  const file = await chooseFile(t('Take over secrets: the file that was handed over'), setup.home, {
    age: ['age'],
    '*': ['*'],
  })
  if (file === undefined) return
  const bytes = await vscode.workspace.fs.readFile(file)
  const read = await open(bytes, setup)
  if (read) await takeOverFrom(file, read, setup)
}

async function takeOverFrom(file: vscode.Uri, { content, refused }: Opened, setup: SecretTransferSetup): Promise<void> {
  const { states, vault, memory, acts } = setup
  const store = await vault.store()
  const compared = await busy(compareSecrets(content.secrets, store))
  if ('failure' in compared) {
    const lookup = { kind: 'failed', failure: compared.failure } as const
    const sentence = secretTestSentence(compared.name, lookup, await vault.place(), Date.now(), t, locale)
    throw new HumanError(sentence, [again(() => takeOverFrom(file, { kind: 'content', content, refused }, setup))])
  }
  const remarks = refused.map((secret) => refusedSecretSentence(secret, t))
  if (compared.every(({ state }) => state === 'same')) {
    const nothing = compared.length === 0 ? t('There is nothing to take over.') : t('Everything is here already.')
    void vscode.window.showInformationMessage(sentences(nothing, ...remarks))
    return
  }
  const declared = states.secrets().map(({ secret }) => secret)
  const traces = await memory.recall()
  const chosen = await chooseIncoming({ content, compared, declared, traces, kept: store.kind, remarks })
  if (chosen === undefined || chosen.length === 0) return
  const { taken, failed } = await busy(takeOver(chosen, store, memory))
  // What was noted last is when the values were set, not when they came here.
  void states.refresh()
  if (taken.length > 0) {
    const act = { act: 'secrets-imported', file: fileName(file) } as const
    await acts.record(
      act,
      taken.map((name) => declared.find((secret) => secret.name === name) ?? { name, uses: [] }),
    )
  }
  const count = secretCount(taken.length, t, locale)
  const done =
    taken.length > 0 ? [`${t('{0} taken over into: {1}', count, await vault.place())}: ${taken.join(', ')}`] : []
  if (failed.length > 0) {
    const failures = failed.map(({ name, failure }) => unchangedSentence(name, failure, t))
    throw new HumanError(sentences(...failures, ...done))
  }
  const remove = t('Delete the file')
  if ((await vscode.window.showInformationMessage(sentences(...done, ...remarks), remove)) !== remove) return
  await vscode.workspace.fs.delete(file)
}

async function open(bytes: Uint8Array, setup: SecretTransferSetup): Promise<Opened | undefined> {
  const found = readAgeFile(bytes)
  if (found.kind === 'problem') throw new HumanError(transferProblemSentence(found.problem, t))
  const { transfers } = await setup.machine()
  const attempt = (proof: TransferProof) => busy(transfers.open(bytes, proof, longestValue(process.platform)))
  if (found.opensWith === 'passphrase') return openWithPassphrase(attempt)
  const own = await ownIdentity(await setup.vault.store(), transfers)
  switch (own.kind) {
    case 'failed':
      throw new HumanError(secretTestSentence(identityName, own, await setup.vault.place(), Date.now(), t, locale), [
        again(async () => void (await open(bytes, setup))),
      ])
    case 'missing':
      return openWithFile({ code: 'identity-needed', values: {} }, attempt, setup)
    case 'unusable':
      return openWithFile({ code: 'identity-invalid', values: {} }, attempt, setup)
    case 'identity': {
      const read = await attempt({ identities: [own.identity] })
      if (read.kind === 'content') return read
      return openWithFile(read.problem, attempt, setup)
    }
  }
}

type Attempt = (proof: TransferProof) => Thenable<ReadContent>

/** Asked for until it is right, or the operator withdraws. */
async function openWithPassphrase(attempt: Attempt): Promise<Opened | undefined> {
  const found: { read?: ReadContent } = {}
  const typed = await askChecked({
    title: t('Take over secrets'),
    prompt: t('Passphrase of the file'),
    password: true,
    async check(passphrase) {
      const read = await attempt({ identities: [], passphrase })
      found.read = read
      const isWrong = read.kind === 'problem' && read.problem.code === 'passphrase-wrong'
      return isWrong ? transferProblemSentence(read.problem, t) : undefined
    },
    keepsWrong: () => false,
  })
  if (typed === undefined || found.read === undefined) return undefined
  if (found.read.kind === 'content') return found.read
  throw new HumanError(transferProblemSentence(found.read.problem, t))
}

/** What the identity of this user does not open, that of a file may. */
async function openWithFile(
  problem: TransferProblem,
  attempt: Attempt,
  setup: SecretTransferSetup,
): Promise<Opened | undefined> {
  const [choose, copy] = [t('Choose an identity file…'), t('Copy my recipient')]
  const isAboutIdentity = /^(identity|not-for-this)/.test(problem.code)
  const buttons = isAboutIdentity ? [choose, copy] : []
  const answer = await vscode.window.showErrorMessage(transferProblemSentence(problem, t), ...buttons)
  if (answer === copy) await copyRecipient(setup.vault, (await setup.machine()).transfers)
  if (answer !== choose) return undefined
  const file = await chooseFile(t('Take over secrets: your identity file'), setup.home, { '*': ['*'] })
  if (file === undefined) return undefined
  const found = identitiesIn(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)))
  if ('code' in found) return openWithFile(found, attempt, setup)
  const read = await attempt(found)
  return read.kind === 'content' ? read : openWithFile(read.problem, attempt, setup)
}

async function chooseFile(
  title: string,
  home: vscode.Uri,
  filters: Readonly<Record<string, string[]>>,
): Promise<vscode.Uri | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ title, defaultUri: home, filters })) ?? []
  return file
}

function again(run: () => Promise<void>): Remedy {
  return { label: t('Try again'), run }
}
