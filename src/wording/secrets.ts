import type { SecretSituation, SecretState } from '../secrets/situation.ts'
import type { SecretFailure, SecretLookup } from '../secrets/store.ts'
import { formatDate } from './dates.ts'
import type { Translate } from './translate.ts'

/** @param setOn a day in words */
export function secretRemoved(name: string, setOn: string, t: Translate): string {
  return t('{0} was set on {1} and is gone from the keychain: set it again.', name, setOn)
}

/** "1 secret", "3 secrets". */
export function secretCount(count: number, t: Translate, locale: string): string {
  const number = new Intl.NumberFormat(locale).format(count)
  return new Intl.PluralRules(locale).select(count) === 'one' ? t('{0} secret', number) : t('{0} secrets', number)
}

/** How a secret stands, in as few words as a list has room for. */
export function secretStateWords(state: SecretState, now: number, t: Translate, locale: string): string {
  switch (state.kind) {
    case 'set':
      return t('set')
    case 'overdue':
      return t('overdue since {0}', formatDate(state.since, now, locale))
    case 'missing':
      return t('missing')
    case 'removed':
      return t('gone, was set on {0}', formatDate(state.setAt, now, locale))
    case 'printed':
      return t('printed by a command')
    case 'unknown':
      return t('unknown')
  }
}

/** "30 days". @param milliseconds whole days, or nearly so */
export function daysWords(milliseconds: number, locale: string): string {
  const days = Math.max(1, Math.round(milliseconds / 86_400_000))
  const words = new Intl.NumberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(days)
  // CLDR sets a space after the number that no Japanese writer would.
  return /^(ja|zh)\b/.test(locale) ? words.replace(/\s/g, '') : words
}

/** That a value is older than a runbook allows. */
export function rotationOverdue(
  name: string,
  setAt: number,
  since: number,
  now: number,
  t: Translate,
  locale: string,
): string {
  const [from, until] = [formatDate(setAt, now, locale), formatDate(since, now, locale)]
  return t('{0} has had the same value since {1}. It had to be changed by {2}.', name, from, until)
}

/** When its value must be changed; undefined where no runbook asks for it. */
export function rotationWords(
  { rotation }: Pick<SecretSituation, 'rotation'>,
  now: number,
  t: Translate,
  locale: string,
): string | undefined {
  switch (rotation.kind) {
    case 'none':
      return undefined
    case 'unknown':
      return t('not known, because nobody knows when the value was set')
    case 'due':
      return formatDate(rotation.at, now, locale)
    case 'overdue':
      return t('overdue since {0}', formatDate(rotation.since, now, locale))
  }
}

/** Why nobody can look into the place where secrets are kept, in as few words as a list has room for. */
export function placeFailureWords(code: SecretFailure['code'], t: Translate): string {
  switch (code) {
    case 'locked':
      return t('The keychain is locked')
    case 'timeout':
      return t('The keychain does not answer')
    case 'busy':
      return t('The keychain waits for an answer')
    case 'unavailable':
      return t('There is no keychain')
    case 'refused':
    case 'failed':
    case 'read-only':
    case 'too-long':
      return t('The keychain cannot be read')
  }
}

/** What came of trying to read a secret, in one sentence. Never its value. */
export function secretTestSentence(
  name: string,
  lookup: SecretLookup,
  place: string,
  now: number,
  t: Translate,
  locale: string,
): string {
  switch (lookup.kind) {
    case 'found':
      return t('{0} can be read. It is kept in: {1}.', name, place)
    case 'missing':
      if (lookup.setAt !== undefined) return secretRemoved(name, formatDate(lookup.setAt, now, locale), t)
      return t('{0} is missing: nothing is kept under this name in: {1}.', name, place)
    case 'failed':
      return unreadableSentence(name, lookup.failure, t)
  }
}

function unreadableSentence(name: string, { code, detail }: SecretFailure, t: Translate): string {
  switch (code) {
    case 'locked':
      return t('{0} cannot be read, because the keychain is locked. Unlock it and test again.', name)
    case 'timeout':
      return t('{0} cannot be read, because the keychain did not answer. Look for a window that it opened.', name)
    case 'busy':
      return t('{0} cannot be read while the keychain waits for an answer. Look for a window that it opened.', name)
    case 'refused':
      return t('{0} cannot be read, because that was refused. Allow it in the window of the keychain.', name)
    case 'unavailable':
      return t('{0} cannot be read, because there is no keychain here any more. Start its service.', name)
    case 'failed':
    case 'read-only':
    case 'too-long':
      return t('{0} cannot be read. The keychain says: {1}', name, detail)
  }
}

/** Why a value could not be kept or deleted, and the one thing to do. */
export function unchangedSentence(name: string, { code, detail }: SecretFailure, t: Translate): string {
  switch (code) {
    case 'locked':
      return t('{0} stays as it is, because the keychain is locked. Unlock it and try again.', name)
    case 'timeout':
      return t('{0} stays as it is: the keychain did not answer. Look for a window that it opened.', name)
    case 'busy':
      return t('{0} stays as it is: the keychain waits for an answer. Look for a window that it opened.', name)
    case 'refused':
      return t('{0} stays as it is, because that was refused. Allow it in the window of the keychain.', name)
    case 'unavailable':
      return t('{0} stays as it is, because there is no keychain here any more. Start its service.', name)
    case 'too-long':
      return t('{0} stays as it is: the value is longer than the keychain of this computer keeps.', name)
    case 'failed':
    case 'read-only':
      return t('{0} stays as it is. The keychain says: {1}', name, detail)
  }
}
