import type { CredentialHit } from '../secrets/credentials/hit.ts'
import type { Translate } from './translate.ts'

/** What a tainted line of a runbook is said to hold, and the thing to do. Never shows a value. */
export function credentialSentence(hits: readonly CredentialHit[], t: Translate, locale: string): string {
  return t(
    'This line seems to hold {0} in plain text. Move the value to the keychain and use its name.',
    credentialKinds(hits, t, locale),
  )
}

/** The same of a line of a record, which nobody has committed yet. */
export function recordedCredentialSentence(hits: readonly CredentialHit[], t: Translate, locale: string): string {
  return t(
    'This line of the record seems to hold {0} in plain text. Do not commit it before you have looked.',
    credentialKinds(hits, t, locale),
  )
}

/**
 * Said once, when a run has ended.
 * @param record as it is shown
 * @param lines from 1
 */
export function taintedRecordSentence(record: string, lines: readonly number[], t: Translate, locale: string): string {
  const shown = lines.slice(0, 5).map((line) => new Intl.NumberFormat(locale).format(line))
  const list = new Intl.ListFormat(locale, { type: 'unit' }).format(shown)
  return t(
    'The record seems to hold credentials in plain text. Look at it before you commit it: {0}, line {1}.',
    record,
    lines.length > shown.length ? `${list} …` : list,
  )
}

/** What hits are, in words: "a password and credentials of AWS". */
export function credentialKinds(hits: readonly CredentialHit[], t: Translate, locale: string): string {
  const kinds = [...new Set(hits.map((hit) => kindOf(hit, t)))]
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(kinds)
}

function kindOf({ kind, rule }: CredentialHit, t: Translate): string {
  switch (kind) {
    case 'password':
      return t('a password')
    case 'password-plain-text':
      return t('a password for ConvertTo-SecureString')
    case 'password-in-url':
      return t('a password in an address')
    case 'azure-key':
      return t('a key of Azure')
    case 'client-secret':
      return t('a client secret of Microsoft Entra ID')
    case 'json-web-token':
      return t('a JSON Web Token')
    case 'authorization':
      return t('credentials of an Authorization header')
    case 'private-key':
      return t('a private key')
    case 'service':
      return t('credentials of {0}', serviceOf(rule))
  }
}

const services: Readonly<Record<string, string>> = {
  aws: 'AWS',
  gcp: 'Google Cloud',
  npm: 'npm',
  openai: 'OpenAI',
  huggingface: 'Hugging Face',
  sendgrid: 'SendGrid',
  github: 'GitHub',
  gitlab: 'GitLab',
  '1password': '1Password',
  'hashicorp-vault': 'HashiCorp Vault',
  'database-connection-string': 'SQL',
}

function serviceOf(rule: string): string {
  const id = rule.replace('secretlint-', '')
  return services[id] ?? `${id.charAt(0).toUpperCase()}${id.slice(1)}`
}
