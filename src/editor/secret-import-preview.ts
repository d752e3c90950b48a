import * as vscode from 'vscode'
import { type SecretTrace, setInStore } from '../secrets/memory.ts'
import type { SecretStore } from '../secrets/store.ts'
import type { TransferContent, TransferredSecret } from '../secrets/transfer/content.ts'
import type { ComparedSecret } from '../secrets/transfer/takeover.ts'
import { formatDate, formatDateTime } from '../wording/dates.ts'
import { locale, sentences, t } from './language.ts'
import type { DeclaredSecret } from './secret-states.ts'

export interface Incoming {
  readonly content: TransferContent
  readonly compared: readonly ComparedSecret[]
  readonly declared: readonly DeclaredSecret[]
  readonly traces: ReadonlyMap<string, SecretTrace>
  /** The kind of the store that they would go to. */
  readonly kept: SecretStore['kind']
  /** What of the file cannot be taken over, in sentences. */
  readonly remarks: readonly string[]
}

/**
 * What a file would bring, with a box for each: what is new is ticked; what would take the place of another value is not,
 * and says so. Undefined when the operator withdrew.
 */
export async function chooseIncoming(incoming: Incoming): Promise<readonly TransferredSecret[] | undefined> {
  const { content, compared, remarks } = incoming
  const { name, email } = content.from
  const sender = (email === undefined ? name : `${name} (${email})`) || '?'
  const when = content.time === 0 ? '?' : formatDateTime(content.time, Date.now(), locale)
  const same = compared.filter(({ state }) => state === 'same')
  const placeHolder = sentences(
    t('Tick what is to be taken over.'),
    ...(same.length > 0 ? [t('Here already: {0}.', same.map(({ secret }) => secret.name).join(', '))] : []),
    ...remarks,
  )
  const items = [
    ...section(t('New here'), 'new', incoming),
    ...section(t('Another value is here: tick it to replace it'), 'other', incoming),
  ]
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Handed over by {0} on {1}, as the file says', sender, when),
    placeHolder,
    canPickMany: true,
    ignoreFocusOut: true,
  })
  return picked?.flatMap(({ secret }) => secret ?? [])
}

interface IncomingPick extends vscode.QuickPickItem {
  readonly secret?: TransferredSecret
}

function section(title: string, state: ComparedSecret['state'], incoming: Incoming): readonly IncomingPick[] {
  const found = incoming.compared.filter((compared) => compared.state === state)
  if (found.length === 0) return []
  return [
    { label: title, kind: vscode.QuickPickItemKind.Separator },
    ...found.map(({ secret }) => ({
      label: secret.name,
      description: secret.label ?? '',
      detail: detailOf(secret, state, incoming),
      picked: state === 'new',
      secret,
    })),
  ]
}

function detailOf(
  { name, setAt }: TransferredSecret,
  state: ComparedSecret['state'],
  { declared, traces, kept }: Incoming,
): string {
  const day = (time: number | undefined) => (time === undefined ? t('unknown') : formatDate(time, Date.now(), locale))
  const mine = setInStore(traces.get(name), kept)
  const isDated = state === 'other' && (mine !== undefined || setAt !== undefined)
  const value = isDated ? t('Set here: {0}. Set by the predecessor: {1}.', day(mine), day(setAt)) : ''
  const strange = declared.some((secret) => secret.name === name) ? '' : t('No runbook here declares it.')
  return sentences(value, strange)
}
