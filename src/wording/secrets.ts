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
