/** Where the values of secrets are kept. */
export interface SecretStore {
  /** `keychain` is the operating system's; `editor` is VS Code's SecretStorage; `environment` is `BATON_SECRET_<NAME>`. */
  readonly kind: 'keychain' | 'editor' | 'environment'
  get(name: string): Promise<SecretLookup>
  set(name: string, value: string): Promise<SecretFailure | undefined>
  delete(name: string): Promise<SecretFailure | undefined>
}

export type SecretLookup =
  | { readonly kind: 'found'; readonly value: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly failure: SecretFailure }

/** Told apart because each has another remedy. */
export interface SecretFailure {
  readonly code: 'locked' | 'unavailable' | 'timeout' | 'refused' | 'failed' | 'read-only' | 'too-long'
  /** What the keychain said, for the log; never a value. */
  readonly detail: string
}
