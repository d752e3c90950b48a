import type { RecordFailure } from '../../execution/run-api.ts'
import type { SecretsAct } from '../../record/act.ts'
import { checkSecretValue } from '../secret-value.ts'
import type { SecretFailure, SecretStore } from '../store.ts'
import type { TransferContent, TransferredSecret } from './content.ts'
import type { TransferProblem } from './problem.ts'
import type { TransferKey, Transfers } from './transfer.ts'

/** What of the wanted secrets can be handed over. */
export interface Gathered {
  readonly secrets: readonly TransferredSecret[]
  /** Names without a value. */
  readonly missing: readonly string[]
  /** Names whose value no run could use, so that nobody needs it. */
  readonly unusable: readonly string[]
}

export interface WantedSecret {
  readonly name: string
  readonly label?: string
}

/**
 * Reads the values that are to be handed over; ends at the first that cannot be read, since the others could not either.
 * @param setAt see `TransferredSecret`, by name
 */
export async function gatherSecrets(
  wanted: readonly WantedSecret[],
  store: Pick<SecretStore, 'get'>,
  setAt: (name: string) => number | undefined,
): Promise<Gathered | { readonly name: string; readonly failure: SecretFailure }> {
  const secrets: TransferredSecret[] = []
  const missing: string[] = []
  const unusable: string[] = []
  for (const { name, label } of wanted) {
    const found = await store.get(name)
    if (found.kind === 'failed') return { name, failure: found.failure }
    if (found.kind === 'missing') missing.push(name)
    else if (checkSecretValue(found.value) !== undefined) unusable.push(name)
    else {
      const time = setAt(name)
      const details = { ...(label !== undefined && { label }), ...(time !== undefined && { setAt: time }) }
      secrets.push({ name, value: found.value, ...details })
    }
  }
  return { secrets, missing, unusable }
}

/** A file that is on the disk and does not have its name yet. */
export interface PrivateDraft {
  /** Gives it its name. The system's error when that fails, `EEXIST` when a file has it meanwhile; then nothing is left. */
  publish(): Promise<string | undefined>
  discard(): Promise<void>
}

export type DraftedFile =
  | { readonly kind: 'draft'; readonly draft: PrivateDraft }
  /** `reason` is an errno name. */
  | { readonly kind: 'failed'; readonly reason: string }

export interface HandoverPorts {
  readonly transfers: Pick<Transfers, 'seal'>
  /** Writes a file that its owner alone may read; `replace`: whether one of that name may go. */
  draftPrivateFile(path: string, text: string, replace: boolean): Promise<DraftedFile>
  recordAct(act: SecretsAct): Promise<RecordFailure | undefined>
}

export interface Handover {
  readonly content: TransferContent
  readonly key: TransferKey
  /** Absolute. */
  readonly path: string
  /** The last part of `path`. */
  readonly file: string
  readonly replace: boolean
}

export type HandedOver =
  | { readonly kind: 'done' }
  | { readonly kind: 'problem'; readonly problem: TransferProblem }
  /** `reason` is an errno name; `EEXIST`: a file of that name is there. */
  | { readonly kind: 'unwritable'; readonly reason: string }
  /** There is no file, since nothing is handed over without a record. */
  | { readonly kind: 'unrecorded'; readonly failure: RecordFailure }

/** Writes the file that goes to the successor, and keeps on record that it was written. */
export async function handOver(
  { content, key, path, file, replace }: Handover,
  { transfers, draftPrivateFile, recordAct }: HandoverPorts,
): Promise<HandedOver> {
  const sealed = await transfers.seal(content, key)
  if (sealed.kind === 'problem') return sealed
  const drafted = await draftPrivateFile(path, sealed.text, replace)
  if (drafted.kind === 'failed') return { kind: 'unwritable', reason: drafted.reason }
  const to = key.kind === 'passphrase' ? ['passphrase'] : [...new Set(key.recipients)]
  const secrets = content.secrets.map(({ name }) => name)
  const failure = await recordAct({ act: 'secrets-exported', secrets, to, file })
  if (failure !== undefined) {
    await drafted.draft.discard()
    return { kind: 'unrecorded', failure }
  }
  const reason = await drafted.draft.publish()
  return reason === undefined ? { kind: 'done' } : { kind: 'unwritable', reason }
}
