import type { AttachmentFault } from '../record/attachment.ts'
import { recordAttributes } from '../record/attributes.ts'
import { allowedSignersPath, type Signature, type SigningProblem } from '../record/signature.ts'
import { isUnanchored, type TrustedRecord, type TrustObstacle } from '../record/trust.ts'
import { systemReason } from './execution-problems.ts'
import type { Translate } from './translate.ts'
import { verificationSentence } from './verification.ts'

type Trust = Pick<TrustedRecord, 'verification' | 'signature' | 'anchor' | 'attachments'>

/** What was found of one record: the worst of it first. */
export function trustSentence(record: Trust, t: Translate): string {
  const { verification, signature, anchor } = record
  const isWhole = verification.kind === 'ok' || verification.kind === 'abandoned'
  if (isWhole && signature.kind === 'wrong') return `✗ ${wrongSignature(signature, t)}`
  if (isWhole && anchor.kind === 'rewritten') {
    return `✗ ${t('This record was written anew: commit {0}, which was pushed, has lines that are gone.', anchor.commit.slice(0, 10))}`
  }
  const [fault] = record.attachments ?? []
  if (isWhole && fault) return `✗ ${attachmentFaultSentence(fault, t)}`
  return verificationSentence(verification, t)
}

/** A file beside the record that is not what was attached. */
function attachmentFaultSentence({ name, what }: AttachmentFault, t: Translate): string {
  switch (what) {
    case 'missing':
      return t('The attachment {0} is missing.', name)
    case 'changed':
      return t('The attachment {0} was changed.', name)
    case 'unreadable':
      return t('The attachment {0} cannot be read.', name)
  }
}

function wrongSignature(signature: Extract<Signature, { kind: 'wrong' }>, t: Translate): string {
  switch (signature.reason) {
    case 'other-person':
      return t('The signature is wrong: {0} signed, who is not the operator.', signature.signer)
    case 'other-content':
      return t('The signature is wrong: something else was signed than this record.')
    case 'no-signature':
      return t('The signature is wrong: the file beside the record is none.')
  }
}

/** What stands behind a record that is no mistake, in a few words each. */
export function trustDetails(record: Trust, t: Translate): readonly string[] {
  const { signature, anchor } = record
  return [
    ...(signature.kind === 'good' ? [t('signed by {0}', signature.signer)] : []),
    ...(signature.kind === 'unknown' ? [unknownSignature(signature.reason, t)] : []),
    ...(anchor.kind === 'pushed' ? [t('in a pushed commit')] : []),
    ...(isUnanchored(record) && anchor.kind !== 'rewritten' ? [t('not anchored')] : []),
  ]
}

function unknownSignature(reason: Extract<Signature, { kind: 'unknown' }>['reason'], t: Translate): string {
  switch (reason) {
    case 'signers-missing':
      return t('signed by an unknown key: there is no {0}', allowedSignersPath)
    case 'signer-unlisted':
      return t('signed by an unknown key: it is not in {0}', allowedSignersPath)
    case 'email-missing':
      return t('signed, but the record names no e-mail address of its operator')
    case 'unchecked':
      return t('signed, but the signature could not be checked')
  }
}

export function obstacleSentence(obstacle: TrustObstacle, t: Translate): string {
  switch (obstacle) {
    case 'git-unavailable':
      return t('Git does not answer for this folder, so nobody knows which records were pushed.')
    case 'nothing-pushed':
      return t('Nothing was pushed from this repository yet, so git vouches for no record.')
    case 'ssh-keygen-unavailable':
      return t('Signatures could not be checked: that takes ssh-keygen of OpenSSH 8.9 or newer.')
  }
}

/** What a repo does well to have before others clone it. */
export function attributesAdvice(t: Translate): string {
  return t(
    'Git may change line ends in records. To keep it from that, add this line to .gitattributes: {0}',
    recordAttributes,
  )
}

/** Why a record is not signed, and what to do. */
export function signingSentence(problem: SigningProblem, t: Translate): string {
  return `${t('The record is not signed.')} ${signingReason(problem, t)}`
}

function signingReason(problem: SigningProblem, t: Translate): string {
  switch (problem.code) {
    case 'key-unset':
      return t('Git names no SSH key: set gpg.format to ssh and user.signingkey to your key.')
    case 'email-unset':
      return t('Git has no e-mail address of yours, by which others find your key: set user.email.')
    case 'key-missing':
      return t('The key {0} is not there.', problem.key)
    case 'key-locked':
      return t('The key {0} needs a passphrase: add it to your SSH agent with ssh-add.', problem.key)
    case 'program-missing':
      return t('{0} was not found. It comes with OpenSSH.', problem.program)
    case 'failed':
      return t('Signing failed: {0}', systemReason(problem.detail, t))
  }
}
