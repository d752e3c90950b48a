import { createMasker } from '../secrets/create-masker.ts'
import type { CredentialFinding } from '../secrets/credentials/findings.ts'
import type { CredentialScanner } from '../secrets/credentials/scanner.ts'
import { checkSecretValue } from '../secrets/secret-value.ts'
import type { SecretFailure, SecretLookup } from '../secrets/store.ts'

/** The most characters (code points) that a note holds. */
export const noteLimit = 10_000

/** What somebody is about to write to a run, before it is kept for good. */
export type NoteDraft =
  | { readonly kind: 'refused'; readonly reason: 'empty' }
  | { readonly kind: 'refused'; readonly reason: 'too-long'; readonly length: number }
  | {
      readonly kind: 'ready'
      /** With line ends of `\n`, without blank lines around it, and masked. */
      readonly text: string
      /** What its author should look at before it is kept; empty where there is nothing. */
      readonly concerns: readonly NoteConcern[]
    }

export type NoteConcern =
  /** It looks as if it held a credential. */
  | { readonly kind: 'credential'; readonly findings: readonly CredentialFinding[] }
  /** The value of a secret could not be read, so nobody knows whether the note holds it. */
  | { readonly kind: 'unread-secret'; readonly name: string; readonly failure: SecretFailure }

export interface NoteDraftPorts {
  /** The value of a secret that this operator has. */
  readonly secret: (name: string) => Promise<SecretLookup>
  readonly credentials: Pick<CredentialScanner, 'inMarkdown'>
}

/**
 * Makes a note of what was typed. A record is never taken back, so what must not be in it is looked for before.
 * @param secrets names of those that the run had: their values are what its operator may have before their eyes
 */
export async function draftNote(typed: string, secrets: readonly string[], ports: NoteDraftPorts): Promise<NoteDraft> {
  const plain = typed.replace(/\r\n?/g, '\n').replace(/^(?:[^\S\n]*\n)+|\s+$/g, '')
  if (plain.trim() === '') return { kind: 'refused', reason: 'empty' }
  const length = [...plain].length
  if (length > noteLimit) return { kind: 'refused', reason: 'too-long', length }

  const values: { readonly name: string; readonly value: string }[] = []
  const concerns: NoteConcern[] = []
  for (const name of secrets) {
    const found = await ports.secret(name)
    if (found.kind === 'found' && checkSecretValue(found.value) === undefined) values.push({ name, value: found.value })
    // Where there is no keychain, this operator has no value in it.
    if (found.kind === 'failed' && found.failure.code !== 'unavailable')
      concerns.push({ kind: 'unread-secret', name, failure: found.failure })
  }
  const text = createMasker(values).mask(plain)
  const { findings } = await ports.credentials.inMarkdown(text)
  if (findings.length > 0) concerns.unshift({ kind: 'credential', findings })
  return { kind: 'ready', text, concerns }
}
