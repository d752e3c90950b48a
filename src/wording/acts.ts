import type { RecordedAct } from '../record/act.ts'
import type { Translate } from './translate.ts'

type Told = Pick<RecordedAct, 'act' | 'secrets' | 'to' | 'file'>

/** What was done, with the names: "2 secrets handed over to age1qyqszqg…x9dd: A, B". */
export function actSentence({ act, secrets, to, file }: Told, t: Translate): string {
  const names = secrets.join(', ')
  const count = secrets.length
  switch (act) {
    case 'secrets-set':
      return count === 1 ? t('Secret set: {0}', names) : t('Secrets set: {0}', names)
    case 'secrets-changed':
      return count === 1 ? t('Secret changed: {0}', names) : t('Secrets changed: {0}', names)
    case 'secrets-deleted':
      return count === 1 ? t('Secret deleted: {0}', names) : t('Secrets deleted: {0}', names)
    case 'secrets-exported': {
      const recipients = (to ?? []).map(shortRecipient).join(', ')
      if (recipients === 'passphrase') {
        return count === 1
          ? t('Secret handed over with a passphrase: {0}', names)
          : t('{0} secrets handed over with a passphrase: {1}', count, names)
      }
      return count === 1
        ? t('Secret handed over to {0}: {1}', recipients, names)
        : t('{0} secrets handed over to {1}: {2}', count, recipients, names)
    }
    case 'secrets-imported':
      return count === 1
        ? t('Secret taken over from {0}: {1}', file ?? '?', names)
        : t('{0} secrets taken over from {1}: {2}', count, file ?? '?', names)
    default:
      // Of a newer version.
      return names === '' ? act : `${act}: ${names}`
  }
}

/** A recipient's first and last characters, which tell it from the others; the page of the record has all of it. */
export function shortRecipient(recipient: string): string {
  return recipient.length > 24 ? `${recipient.slice(0, 12)}…${recipient.slice(-4)}` : recipient
}
