/** What `ssh-keygen -Y` calls the namespace: a signature of anything else, such as a commit, is none of a record. */
export const signatureNamespace = 'baton-record'

/**
 * What is signed of a record: its head, which stands for every byte of it.
 * @param head the hash of its last line, 64 hexadecimal digits
 */
export function signedText(head: string): string {
  return `baton-record 1 ${head}\n`
}

/** Where the signature of a record lies: beside it. */
export function signaturePath(record: string): string {
  return `${record}.sig`
}

/** Who may sign: OpenSSH's own format, with e-mail addresses as principals. Relative to the root of the repo, with `/`. */
export const allowedSignersPath = '.baton/allowed_signers'

/** What the signature beside a record says about it. */
export type Signature =
  | { readonly kind: 'none' }
  /** By whoever the record names as its operator. */
  | { readonly kind: 'good'; readonly signer: string }
  | { readonly kind: 'unknown'; readonly reason: UnknownSignature }
  /** `signer` is whom the key belongs to. */
  | { readonly kind: 'wrong'; readonly reason: 'other-person'; readonly signer: string }
  | { readonly kind: 'wrong'; readonly reason: 'other-content' | 'no-signature' }

export type UnknownSignature =
  /** There is no file of allowed signers. */
  | 'signers-missing'
  /** The key is not in it, or not for that time. */
  | 'signer-unlisted'
  /** The record names no e-mail address, so nobody can tell whether its operator signed. */
  | 'email-missing'
  /** This computer has no `ssh-keygen` that checks signatures. */
  | 'unchecked'

/** Why a record that should be signed is not. */
export type SigningProblem =
  /** The repo wants signatures, and git names no SSH key of this operator. */
  | { readonly code: 'key-unset' }
  /** The operator has no e-mail address in git, by which others find the key. */
  | { readonly code: 'email-unset' }
  /** `key` is what git names. */
  | { readonly code: 'key-missing' | 'key-locked'; readonly key: string }
  | { readonly code: 'program-missing'; readonly program: string }
  /** `detail` is what the program said, or an errno name. */
  | { readonly code: 'failed'; readonly detail: string }
