/** Where the values of secrets are kept. */
export interface SecretStore {
  /** `keychain` is the operating system's; `editor` is VS Code's SecretStorage; `environment` is `BATON_SECRET_<NAME>`. */
  readonly kind: 'keychain' | 'editor' | 'environment'
  get(name: string): Promise<SecretLookup>
  set(name: string, value: string): Promise<SecretFailure | undefined>
  delete(name: string): Promise<SecretFailure | undefined>
}

/** A store that can say which values it has without giving one away. */
export interface SeenSecretStore extends SecretStore {
  /** Reads no value, opens no prompt, and waits for none that another call has opened. Never rejects. */
  look(names: readonly string[]): Promise<SecretSight>
}

export type SecretSight =
  | {
      readonly kind: 'seen'
      /** Whether the operator must unlock the store before a value can be read or written. */
      readonly locked: boolean
      /** Every name that was asked about. `unknown`: a locked store need not say what is in it. */
      readonly presence: Readonly<Record<string, SecretPresence>>
    }
  | { readonly kind: 'failed'; readonly failure: SecretFailure }

export type SecretPresence = 'set' | 'missing' | 'unknown'

export type SecretLookup =
  | { readonly kind: 'found'; readonly value: string }
  /** `setAt`: it was put here then (milliseconds since the epoch), and somebody took it away with another program. */
  | { readonly kind: 'missing'; readonly setAt?: number }
  | { readonly kind: 'failed'; readonly failure: SecretFailure }

/** Told apart because each has another remedy. */
export interface SecretFailure {
  readonly code:
    | 'locked'
    /** The operator dismissed what it asked. */
    | 'refused'
    | 'unavailable'
    /** It gave no answer in time: it may wait for one of the operator. */
    | 'timeout'
    /** This waited behind a question that got none. */
    | 'busy'
    | 'failed'
    | 'read-only'
    | 'too-long'
  /** What the keychain said, for the log; never a value. */
  readonly detail: string
}
