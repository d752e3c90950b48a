import * as vscode from 'vscode'
import { ensureIdentity, identityName } from '../secrets/transfer/identity.ts'
import { checkPassphrase, minimumPassphrase } from '../secrets/transfer/passphrase.ts'
import type { TransferKey, Transfers } from '../secrets/transfer/transfer.ts'
import { unchangedSentence } from '../wording/secrets.ts'
import { transferProblemSentence } from '../wording/transfer-problems.ts'
import { askChecked } from './checked-input.ts'
import { HumanError } from './command-boundary.ts'
import { sentences, t } from './language.ts'
import type { SecretVault } from './secret-vault.ts'

/** Whom a file is for: recipients of age, or whoever knows a passphrase. Undefined when the operator withdrew. */
export async function askForKey(
  transfers: Pick<Transfers, 'checkRecipients'>,
  title: string,
): Promise<TransferKey | undefined> {
  const items = [
    {
      label: `$(key) ${t('Recipient (age1…)')}`,
      detail: t('The successor sends it, and nobody else can open the file.'),
      ask: () => askForRecipients(transfers, title),
    },
    {
      label: `$(lock) ${t('Passphrase')}`,
      detail: t('It is typed twice, and told by another way than the file goes.'),
      ask: () => askForPassphrase(title),
    },
  ]
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: t('What opens the file?'),
    ignoreFocusOut: true,
  })
  return chosen?.ask()
}

async function askForRecipients(
  transfers: Pick<Transfers, 'checkRecipients'>,
  title: string,
): Promise<TransferKey | undefined> {
  const recipientsIn = (typed: string) => typed.split(/[\s,;、，]+/).filter((recipient) => recipient !== '')
  const typed = await askChecked({
    title,
    prompt: t('The successor’s recipient. Several are separated by spaces.'),
    placeholder: 'age1…',
    async check(value) {
      const problem = await transfers.checkRecipients(recipientsIn(value))
      return problem && transferProblemSentence(problem, t)
    },
    // What must stay with its owner is not left on the screen.
    keepsWrong: (value) => !/AGE-SECRET-KEY-/i.test(value),
  })
  return typed === undefined ? undefined : { kind: 'recipients', recipients: recipientsIn(typed) }
}

async function askForPassphrase(title: string): Promise<TransferKey | undefined> {
  const hidden = { title, password: true, ignoreFocusOut: true }
  const passphrase = await vscode.window.showInputBox({
    ...hidden,
    prompt: t('The passphrase: at least {0} characters, best several words.', minimumPassphrase),
    validateInput(value) {
      const problem = checkPassphrase(value)
      return problem && transferProblemSentence(problem, t)
    },
  })
  if (passphrase === undefined) return undefined
  const again = await vscode.window.showInputBox({
    ...hidden,
    prompt: t('The same once more'),
    validateInput: (value) => (value === passphrase ? undefined : t('This is not the same passphrase yet.')),
  })
  return again === undefined ? undefined : { kind: 'passphrase', passphrase }
}

/** Puts the recipient of this user into the clipboard, to be sent to who hands over; made with its identity at first. */
export async function copyRecipient(
  vault: SecretVault,
  transfers: Pick<Transfers, 'recipientOf' | 'createIdentity'>,
): Promise<void> {
  const found = await ensureIdentity(await vault.store(), transfers)
  switch (found.kind) {
    case 'failed':
      throw new HumanError(unchangedSentence(identityName, found.failure, t), [
        { label: t('Try again'), run: () => copyRecipient(vault, transfers) },
      ])
    case 'unusable':
      throw new HumanError(
        t('What the keychain holds as “{0}” is no identity. Delete that entry and run this again.', identityName),
      )
    case 'identity': {
      await vscode.env.clipboard.writeText(found.recipient)
      const place = await vault.place()
      const made = t('An identity was made. It stays in: {0}.', place)
      const copied = t(
        'Your recipient is in the clipboard. Send it to who hands the secrets over: {0}',
        found.recipient,
      )
      void vscode.window.showInformationMessage(found.created ? sentences(copied, made) : copied)
    }
  }
}
