import type { Tampering, Verification } from '../record/verify.ts'
import { systemReason } from './execution-problems.ts'
import type { Translate } from './translate.ts'

/** What checking one record found. It promises no more than a chain alone can prove. */
export function verificationSentence(
  verification: Verification | { readonly kind: 'unreadable'; readonly reason: string },
  t: Translate,
): string {
  switch (verification.kind) {
    case 'ok':
      if (verification.pruned) return t('✓ The chain of its {0} lines is whole; output was pruned', verification.lines)
      // A run has two at least.
      if (verification.lines === 1) return t('✓ Its one line is as it was written')
      return t('✓ The chain of its {0} lines is whole', verification.lines)
    case 'abandoned':
      if (verification.pruned)
        return t('✓ The chain of its {0} lines is whole; the run was abandoned, and output pruned', verification.lines)
      return t('✓ The chain of its {0} lines is whole; the run was abandoned', verification.lines)
    case 'incomplete':
      return t('The chain is whole as far as it goes ({0} lines), and has no end', verification.lines)
    case 'tampered':
      return `✗ ${t('This record was changed: line {0} ({1}).', verification.line, tamperingWords(verification.what, t))}`
    case 'unreadable':
      return `✗ ${t('The record cannot be read: {0}', systemReason(verification.reason, t))}`
  }
}

function tamperingWords(what: Tampering, t: Translate): string {
  switch (what) {
    case 'altered':
      return t('not what was written')
    case 'lines-missing':
      return t('lines before it are missing')
    case 'line-inserted':
      return t('put in, or in the wrong place')
    case 'not-a-line':
      return t('no line of a record')
    case 'not-a-record':
      return t('not the start of a record')
    case 'after-end':
      return t('after the end of the record')
    case 'output-removed':
      return t('its output was taken out, and no pruning on record says so')
  }
}
