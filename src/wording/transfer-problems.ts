import type { RefusedSecret, TransferProblem } from '../secrets/transfer/problem.ts'
import type { Translate } from './translate.ts'

/** Why secrets cannot be handed over or taken over, and the one thing to do. */
export function transferProblemSentence({ code, values }: TransferProblem, t: Translate): string {
  const value = (key: string) => values[key] ?? ''
  switch (code) {
    case 'recipient-missing':
      return t('Say to whom the secrets go: the successor’s recipient (age1…), or a passphrase.')
    case 'recipient-invalid':
      return t('“{0}” is no recipient of age. Copy all of it again: it begins with age1.', value('recipient'))
    case 'recipient-private':
      return t(
        'This is an identity, which must stay with its owner. Ask for the recipient that belongs to it (age1…), and for a new pair if it was sent to you.',
      )
    case 'recipient-ssh':
      return t('Keys of SSH are not supported. Ask the successor for a recipient of age (age1…).')
    case 'passphrase-beside-recipients':
      return t('Choose one: recipients, or a passphrase.')
    case 'passphrase-short':
      return t('This passphrase is too short: it needs at least {0} characters.', value('minimum'))
    case 'passphrase-simple':
      return t('This passphrase is too easy to guess: use more different characters, such as several words.')
    case 'not-age':
      return t('This is no file of secrets: it was not encrypted with age. Ask for the file that was handed over.')
    case 'newer-age':
      return t('This file was encrypted with a newer age than this version reads. Update Baton.')
    case 'damaged':
      return t('This file is damaged or cut off. Ask for it again, as an attachment.')
    case 'too-costly':
      return t('Opening this file takes more memory than Baton uses. Decrypt it with the age tool.')
    case 'passphrase-needed':
      return t('This file opens with a passphrase. Ask its sender for it, by another way than the file came.')
    case 'passphrase-wrong':
      return t('The passphrase is wrong. Type it again, and mind capital letters and the input method.')
    case 'identity-needed':
      return t(
        'This file is encrypted to a recipient, and there is no identity here that belongs to it. Name the identity file, or make an identity and send its recipient to the sender.',
      )
    case 'not-for-this-identity':
      return value('recipient') === ''
        ? t('This file is encrypted to somebody else: no identity here opens it. Ask for one that is for you.')
        : t('This file is encrypted to somebody else. Ask for one that is for you: {0}', value('recipient'))
    case 'identity-invalid':
      return t('This is no identity of age. It is a text file with a line that begins with AGE-SECRET-KEY-1.')
    case 'identity-encrypted':
      return t('This identity file is encrypted itself. Decrypt it with the age tool first.')
    case 'not-secrets':
      return t('This file was decrypted, and holds nothing that Baton wrote. Ask for the file that was handed over.')
    case 'newer-format':
      return t('This file was written by a newer version of Baton (format {0}). Update Baton.', value('format'))
  }
}

/** Why one secret of a file cannot be taken over. The name may be any text. */
export function refusedSecretSentence({ name, code }: RefusedSecret, t: Translate): string {
  switch (code) {
    case 'name-foreign':
      return t('“{0}” is not taken over: no runbook can declare such a name.', name)
    case 'name-reserved':
      return t('{0} is not taken over: a variable of this name changes how programs run.', name)
    case 'name-twice':
      return t('{0} is in the file more than once: the first value counts.', name)
    case 'secret-too-short':
      return t('{0} is not taken over: its value is too short to be masked safely. Ask for a longer one.', name)
    case 'secret-has-nul':
      return t('{0} is not taken over: its value holds a NUL character, which no program can be given.', name)
    case 'secret-too-long':
      return t('{0} is not taken over: its value is longer than the keychain of this computer keeps.', name)
  }
}
