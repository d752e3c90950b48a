import * as vscode from 'vscode'
import { HumanError } from './command-boundary.ts'
import { t } from './language.ts'
import { runbookName } from './runbook-library.ts'
import { byUrgency, secretNameOf, stateWords } from './secret-items.ts'
import type { DeclaredSecret, SecretStates, StatedSecret } from './secret-states.ts'

/** How long a list waits for what the keychain says: it is of use without that, too. */
const patience = 1_500

/**
 * The secret that a command was called for, else one of a list. Undefined when the operator withdrew.
 * @throws HumanError when there is none to choose from
 */
export async function chooseSecret(
  states: SecretStates,
  argument: unknown,
  placeHolder: string,
): Promise<DeclaredSecret | undefined> {
  const name = secretNameOf(argument)
  if (name !== undefined) {
    const found = states.secrets().find(({ secret }) => secret.name === name)
    // Of a document that was never saved: no runbook of the workspace declares it.
    return found?.secret ?? { name, uses: [] }
  }
  if (states.secrets().length === 0) throw new HumanError(t('No runbook of this workspace declares a secret.'))
  const items = seenSecrets(states).then((secrets) => secrets.toSorted(byUrgency).map(secretPick))
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true, matchOnDetail: true }))
    ?.secret
}

/** The secrets as they stand now, or as far as that is known soon. */
export async function seenSecrets(states: SecretStates): Promise<readonly StatedSecret[]> {
  await Promise.race([states.refresh(), new Promise((resolve) => setTimeout(resolve, patience))])
  return states.secrets()
}

export interface SecretPick extends vscode.QuickPickItem {
  readonly secret: DeclaredSecret
}

export function secretPick({ secret, situation }: StatedSecret): SecretPick {
  return {
    label: secret.label ?? secret.name,
    description: [secret.label === undefined ? undefined : secret.name, stateWords(situation)]
      .filter(Boolean)
      .join(' · '),
    detail: secret.uses.map(({ entry }) => runbookName(entry)).join(' · '),
    secret,
  }
}
