/** Why secrets could not be handed over or taken over, as a code; `values` say what the sentence about it needs. */
export interface TransferProblem {
  readonly code: TransferProblemCode
  readonly values: Readonly<Record<string, string>>
}

export type TransferProblemCode =
  /** There is nobody to encrypt to. */
  | 'recipient-missing'
  /** `recipient` is none that age knows: mistyped, or cut. */
  | 'recipient-invalid'
  /** It is an identity: what the other side must never give away. */
  | 'recipient-private'
  /** It is a key of SSH. */
  | 'recipient-ssh'
  /** age takes recipients or a passphrase, never both. */
  | 'passphrase-beside-recipients'
  /** It has fewer than `minimum` characters. */
  | 'passphrase-short'
  /** It is made of too few different characters. */
  | 'passphrase-simple'
  /** No file of age. */
  | 'not-age'
  /** Of a version of age that is newer than this one. */
  | 'newer-age'
  /** Cut off, or not what was written. */
  | 'damaged'
  /** Its passphrase was made so costly to try out that it takes too much memory here. */
  | 'too-costly'
  | 'passphrase-needed'
  /** Wrong, or the file is damaged in the few bytes that tell. */
  | 'passphrase-wrong'
  /** It is encrypted to recipients, and there is no identity here. */
  | 'identity-needed'
  /** It is encrypted to somebody else: `recipient` is who this is, where there is one identity. */
  | 'not-for-this-identity'
  /** No `AGE-SECRET-KEY-1…`. */
  | 'identity-invalid'
  /** The identity file is encrypted itself. */
  | 'identity-encrypted'
  /** What was decrypted is nothing that Baton wrote. */
  | 'not-secrets'
  /** Baton wrote it in a `format` that is newer than this version. */
  | 'newer-format'

/** A secret that a file holds and that cannot be taken over. */
export interface RefusedSecret {
  /** As the file says it: may be any text. */
  readonly name: string
  readonly code: RefusalCode
}

export type RefusalCode =
  /** Not `[A-Z][A-Z0-9_]*`: no runbook can declare it. */
  | 'name-foreign'
  /** Of a variable that changes how programs run. */
  | 'name-reserved'
  /** The file has it more than once; the first one counts. */
  | 'name-twice'
  | 'secret-too-short'
  | 'secret-has-nul'
  /** Longer than this computer's keychain keeps. */
  | 'secret-too-long'
