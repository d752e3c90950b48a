import type { TransferProblem } from './problem.ts'

/** A file may be tried out on any computer, for as long as its finder likes: each try takes a second and 256 MiB. */
export const minimumPassphrase = 12

const minimumDifferent = 6

/** Whether a new passphrase is good enough; undefined when it is. */
export function checkPassphrase(passphrase: string): TransferProblem | undefined {
  const characters = Array.from(passphrase)
  if (characters.length < minimumPassphrase) {
    return { code: 'passphrase-short', values: { minimum: String(minimumPassphrase) } }
  }
  if (new Set(characters).size < minimumDifferent) return { code: 'passphrase-simple', values: {} }
  return undefined
}
