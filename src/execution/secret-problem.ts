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
    case 'failed':
    case 'read-only':
    case 'too-long':
      return { code: 'keychain-failed', values }
  }
}
