import type { Translate } from './translate.ts'

/** @param setOn a day in words */
export function secretRemoved(name: string, setOn: string, t: Translate): string {
  return t('{0} was set on {1} and is gone from the keychain: set it again.', name, setOn)
}
