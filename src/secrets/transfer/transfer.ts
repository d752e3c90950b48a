import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { readAgeFile } from './age-file.ts'
import { type ReadContent, readContent, type TransferContent, writeContent } from './content.ts'
import type { TransferProblem } from './problem.ts'

/** To whom a file is encrypted: checked before. */
export type TransferKey =
  | { readonly kind: 'recipients'; readonly recipients: readonly string[] }
  | { readonly kind: 'passphrase'; readonly passphrase: string }

/** What may open a file. */
export interface TransferProof {
  /** `AGE-SECRET-KEY-1…` */
  readonly identities: readonly string[]
  readonly passphrase?: string
}

export type Sealed =
  /** ASCII armor, with its last line end. */
  { readonly kind: 'sealed'; readonly text: string } | { readonly kind: 'problem'; readonly problem: TransferProblem }

/** A key pair of age: what is kept, and what may be sent to anybody. */
export interface AgeIdentity {
  readonly identity: string
  readonly recipient: string
}

/** The encryption that secrets are handed over with. It takes memory and time, so that a thread of its own does it. */
export interface Transfers {
  /** The first of these that nobody can be encrypted to; undefined when all are fine. */
  checkRecipients(recipients: readonly string[]): Promise<TransferProblem | undefined>
  seal(content: TransferContent, key: TransferKey): Promise<Sealed>
  /**
   * @param file as it was read from the disk
   * @param maxValueBytes see `readContent`
   */
  open(file: Uint8Array, proof: TransferProof, maxValueBytes: number): Promise<ReadContent>
  createIdentity(): Promise<AgeIdentity>
  /** Undefined for what is no identity. */
  recipientOf(identity: string): Promise<string | undefined>
}

/** With age-encryption, which the author of age wrote: what this writes, the tool `age` reads, and the other way round. */
export const transfers: Transfers = {
  async checkRecipients(recipients): Promise<TransferProblem | undefined> {
    if (recipients.length === 0) return { code: 'recipient-missing', values: {} }
    for (const recipient of recipients) {
      // Never repeated, wherever it was typed.
      if (/AGE-SECRET-KEY-/i.test(recipient)) return { code: 'recipient-private', values: {} }
      if (/^(ssh-|ecdsa-|sk-)/.test(recipient)) return { code: 'recipient-ssh', values: {} }
      if (!isRecipient(recipient)) return { code: 'recipient-invalid', values: { recipient } }
    }
    return undefined
  },

  async seal(content, key) {
    const encrypter = new Encrypter()
    if (key.kind === 'passphrase') encrypter.setPassphrase(key.passphrase)
    else {
      const problem = await this.checkRecipients(key.recipients)
      if (problem !== undefined) return { kind: 'problem', problem }
      for (const recipient of new Set(key.recipients)) encrypter.addRecipient(recipient)
    }
    return { kind: 'sealed', text: armor.encode(await encrypter.encrypt(writeContent(content))) }
  },

  async open(file, { identities, passphrase }, maxValueBytes) {
    const found = readAgeFile(file)
    if (found.kind === 'problem') return found
    const { opensWith, bytes } = found
    const decrypter = new Decrypter()
    if (opensWith === 'passphrase') {
      if (passphrase === undefined) return problem('passphrase-needed')
      decrypter.addPassphrase(passphrase)
    } else {
      if (identities.length === 0) return problem('identity-needed')
      for (const identity of identities) {
        if ((await this.recipientOf(identity)) === undefined) return problem('identity-invalid')
        decrypter.addIdentity(identity)
      }
    }
    const plain = await decrypt(decrypter, bytes)
    if (plain === 'damaged') return problem('damaged')
    if (plain === 'no-match') {
      if (opensWith === 'passphrase') return problem('passphrase-wrong')
      const [first = ''] = identities
      const recipient = identities.length === 1 ? ((await this.recipientOf(first)) ?? '') : ''
      return problem('not-for-this-identity', { recipient })
    }
    const text = decodedStrictly(plain)
    return text === undefined ? problem('not-secrets') : readContent(text, maxValueBytes)
  },

  async createIdentity() {
    // Not the hybrid ones: Debian's age and most others in use cannot read them yet.
    const identity = await generateX25519Identity()
    return { identity, recipient: await identityToRecipient(identity) }
  },

  async recipientOf(identity) {
    try {
      return await identityToRecipient(identity)
    } catch {
      return undefined
    }
  },
}

function isRecipient(text: string): boolean {
  try {
    new Encrypter().addRecipient(text)
    return true
  } catch {
    return false
  }
}

async function decrypt(decrypter: Decrypter, bytes: Uint8Array): Promise<Uint8Array | 'no-match' | 'damaged'> {
  try {
    return await decrypter.decrypt(bytes)
  } catch (error) {
    // The one message that does not say that something is wrong with the file.
    return error instanceof Error && /no identity matched/.test(error.message) ? 'no-match' : 'damaged'
  }
}

function decodedStrictly(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function problem(code: TransferProblem['code'], values: TransferProblem['values'] = {}): ReadContent {
  return { kind: 'problem', problem: { code, values } }
}
