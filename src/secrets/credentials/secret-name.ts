import { isReservedName, isVariableName } from '../../runbook/reserved-names.ts'

const spelledOut: Readonly<Record<string, string>> = {
  PASS: 'PASSWORD',
  PASSWD: 'PASSWORD',
  PWD: 'PASSWORD',
  PW: 'PASSWORD',
}

/**
 * A name that a secret may have, made from what the value is given to: `db_password`, `--client-secret`, `adminPwd`.
 * @param fallback a valid one, for a key that gives none
 */
export function secretNameFrom(key: string, fallback: string): string {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => (Object.hasOwn(spelledOut, word) ? (spelledOut[word] ?? word) : word))
  const name = words.join('_').replace(/^[0-9_]+/, '')
  return isSecretName(name) && name.length <= 40 ? name : fallback
}

/** Whether a secret may be called so. */
export function isSecretName(name: string): boolean {
  return isVariableName(name) && !isReservedName(name)
}
