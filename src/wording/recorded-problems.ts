import type { ExecutionProblemCode } from '../execution/problem.ts'
import { executionProblemSentence } from './execution-problems.ts'
import type { Translate } from './translate.ts'

/** A problem as a record keeps it: a newer version may have written a code that this one has no sentence for. */
export function recordedProblemSentence(
  { code, values }: { readonly code: string; readonly values: Readonly<Record<string, string>> },
  t: Translate,
): string {
  return isKnown(code)
    ? executionProblemSentence({ code, values }, t)
    : t('A problem that this version of Baton has no words for: {0}', code)
}

function isKnown(code: string): code is ExecutionProblemCode {
  return Object.hasOwn(known, code)
}

const known: Readonly<Record<ExecutionProblemCode, true>> = {
  'shell-unknown': true,
  'interpreter-missing': true,
  'interpreter-unusable': true,
  'step-too-long': true,
  'encoding-unknown': true,
  'temp-unwritable': true,
  'cwd-missing': true,
  'session-ended': true,
  'session-not-started': true,
  'execution-policy': true,
  'syntax-error': true,
  'value-unsafe-in-cmd': true,
  'cwd-on-share': true,
  'terminal-missing': true,
  'output-differs': true,
  'prerequisite-missing': true,
  'prerequisite-circular': true,
  'prerequisite-failed': true,
  'approval-needed': true,
  'attribute-unsupported': true,
  'parameter-missing': true,
  'parameter-unknown': true,
  'parameter-invalid': true,
  'secret-missing': true,
  'secret-removed': true,
  'secret-too-short': true,
  'secret-has-nul': true,
  'secret-command-unapproved': true,
  'secret-command-missing': true,
  'secret-command-failed': true,
  'secret-command-timeout': true,
  'secret-command-empty': true,
  'secret-command-too-long': true,
  'secret-command-too-short': true,
  'secret-command-has-nul': true,
  'captured-too-short': true,
  'captured-has-nul': true,
  'captured-too-long': true,
  'captured-missing': true,
  'keychain-locked': true,
  'keychain-unavailable': true,
  'keychain-refused': true,
  'keychain-busy': true,
  'secret-too-long': true,
  'keychain-timeout': true,
  'keychain-failed': true,
  'record-unwritable': true,
  'attachment-too-large': true,
  'attachment-unreadable': true,
  'attachment-unwritable': true,
  untrusted: true,
  'step-unknown': true,
  'procedure-unknown': true,
  'runbook-invalid': true,
  'nothing-to-run': true,
  'runbook-changed': true,
  busy: true,
  'operator-absent': true,
  withdrawn: true,
}
