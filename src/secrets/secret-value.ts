/** Below this, masking would hit so much ordinary text that output could not be read, and the value guessed from it. */
const MINIMUM_CHARACTERS = 4

/**
 * Whether a value may be kept as a secret; undefined when it may.
 *
 * @returns `secret-too-short` under 4 characters (code points); `secret-has-nul` because neither an environment
 *   variable nor a keychain's C string can hold U+0000.
 */
export function checkSecretValue(value: string): 'secret-too-short' | 'secret-has-nul' | undefined {
  if (value.includes('\0')) return 'secret-has-nul'
  if (Array.from(value).length < MINIMUM_CHARACTERS) return 'secret-too-short'
  return undefined
}

/** The most bytes (UTF-8) of a value that a system's keychain keeps; `platform` is Node's name of the system. */
export function longestValue(platform: string): number {
  // `CRED_MAX_CREDENTIAL_BLOB_SIZE` of Windows' wincred.h.
  return platform === 'win32' ? 5 * 512 : Number.POSITIVE_INFINITY
}
