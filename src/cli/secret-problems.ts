import type { ExecutionProblem } from '../execution/problem.ts'
import { problemOfSecret } from '../execution/secret-problem.ts'
import type { Act } from '../record/act.ts'
import type { SecretFailure } from '../secrets/store.ts'
import type { TransferProblem } from '../secrets/transfer/problem.ts'
import { executionProblemSentence, systemReason } from '../wording/execution-problems.ts'
import { transferProblemSentence } from '../wording/transfer-problems.ts'
import { type ExitCode, exitCodeOfProblem, exitCodes } from './exit-codes.ts'
import { plain } from './plain.ts'
import type { CommandLine } from './ports.ts'
import type { DeclaredSecrets } from './secrets-declared.ts'
import { styleFor } from './style.ts'

/** Says what the keychain answered about a secret. */
export function tellFailure(name: string, failure: SecretFailure, { t, err }: CommandLine): ExitCode {
  const problem = problemOfSecret(name, failure)
  err.write(`${styleFor(err).bad(`${name}: ${plain(executionProblemSentence(problem, t))}`)}\n`)
  return exitCodeOfProblem(problem)
}

/** Says why a file cannot be made or opened. */
export function tellTransferProblem(problem: TransferProblem, { t, err }: CommandLine): ExitCode {
  err.write(`${styleFor(err).bad(plain(transferProblemSentence(problem, t)))}\n`)
  if (problem.code === 'identity-needed') {
    err.write(`${t('An identity file: --identity FILE. An identity of your own: baton secrets identity')}\n`)
  }
  return exitCodeOfTransfer(problem)
}

function exitCodeOfTransfer({ code }: TransferProblem): ExitCode {
  switch (code) {
    case 'recipient-missing':
    case 'recipient-invalid':
    case 'recipient-private':
    case 'recipient-ssh':
    case 'passphrase-beside-recipients':
    case 'passphrase-short':
    case 'passphrase-simple':
    case 'passphrase-needed':
    case 'identity-needed':
    case 'identity-invalid':
    case 'identity-encrypted':
      return exitCodes.usage
    case 'not-age':
    case 'damaged':
    case 'passphrase-wrong':
    case 'not-for-this-identity':
    case 'not-secrets':
      return exitCodes.failed
    case 'newer-age':
    case 'newer-format':
    case 'too-costly':
      return exitCodes.unable
  }
}

/** Keeps on record what was done; says so where that is not possible. */
export async function keepAct(
  act: Act,
  { root, keepsRecords }: Pick<DeclaredSecrets, 'root' | 'keepsRecords'>,
  line: CommandLine,
): Promise<ExitCode> {
  const { t, err, secrets } = line
  if (!keepsRecords) {
    err.write(`${t('Not on record: this folder is in no repository.')}\n`)
    return exitCodes.fine
  }
  const failure = await secrets.recordAct(root, act)
  if (failure === undefined) return exitCodes.fine
  const { path, reason } = recordFailure(failure.problem, line)
  err.write(`${styleFor(err).bad(t('Done, and not on record: {0} ({1}).', reason, path))}\n`)
  return exitCodes.unable
}

/** Where the record should be, and why it is not there. */
export function recordFailure({ values }: ExecutionProblem, { t }: Pick<CommandLine, 't'>) {
  return { path: plain(values.path ?? ''), reason: systemReason(values.reason ?? '', t) }
}
