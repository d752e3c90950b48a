import type { SecretFailure } from '../secrets/store.ts'
import type { ExecutionProblem } from './problem.ts'

/** Why a secret could not be had, as a problem of the run that needs it. */
export function problemOfSecret(name: string, { code, detail }: SecretFailure): ExecutionProblem {
  const values = { name, detail }
  switch (code) {
    case 'locked':
      return { code: 'keychain-locked', values }
    case 'unavailable':
      return { code: 'keychain-unavailable', values }
    case 'timeout':
      return { code: 'keychain-timeout', values }
    case 'refused':
      return { code: 'keychain-refused', values }
    case 'busy':
      return { code: 'keychain-busy', values }
    case 'too-long':
      return { code: 'secret-too-long', values: { name } }
    case 'failed':
    case 'read-only':
      return { code: 'keychain-failed', values }
  }
}

/** That a secret is not there, as a problem of the run that needs it. `setAt`: see `SecretLookup`. */
export function problemOfMissing(name: string, setAt: number | undefined): ExecutionProblem {
  if (setAt === undefined) return { code: 'secret-missing', values: { name } }
  return { code: 'secret-removed', values: { name, setOn: dayOf(setAt) } }
}

/** ISO 8601, in the local time zone. */
function dayOf(time: number): string {
  const day = new Date(time)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}
