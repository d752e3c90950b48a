import type { Outcome } from '../execution/event.ts'
import type { ExecutionProblem } from '../execution/problem.ts'

/** What scripts can rely on; told by `--help` and docs/command-line.md. */
export const exitCodes = {
  fine: 0,
  /** A step failed, or what has to be done before did; a record is wrong; `check` found an error; a file of secrets does not open. */
  failed: 1,
  /** Nothing ran: an unknown file or step, a bad parameter, a secret that is missing, a text that nobody approved. */
  usage: 2,
  /** Not possible on this computer: no interpreter, no place for the record. */
  unable: 3,
  /** 128 + SIGINT, as shells say it. */
  cancelled: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export function exitCodeOfOutcome(outcome: Outcome): ExitCode {
  switch (outcome) {
    case 'succeeded':
    case 'skipped':
      return exitCodes.fine
    case 'failed':
    case 'timed-out':
      return exitCodes.failed
    case 'cancelled':
      return exitCodes.cancelled
  }
}

/** For a problem that kept a run from starting, or ended it from outside of its steps. */
export function exitCodeOfProblem({ code }: ExecutionProblem): ExitCode {
  switch (code) {
    case 'prerequisite-failed':
    case 'output-differs':
      return exitCodes.failed
    case 'withdrawn':
      return exitCodes.cancelled
    case 'shell-unknown':
    case 'interpreter-missing':
    case 'interpreter-unusable':
    case 'cwd-missing':
    case 'cwd-on-share':
    case 'temp-unwritable':
    case 'session-ended':
    case 'session-not-started':
    case 'execution-policy':
    case 'terminal-missing':
    case 'attribute-unsupported':
    case 'record-unwritable':
    case 'attachment-unreadable':
    case 'attachment-unwritable':
    case 'untrusted':
      return exitCodes.unable
    case 'attachment-too-large':
    case 'approval-needed':
    case 'prerequisite-missing':
    case 'prerequisite-circular':
    case 'encoding-unknown':
    case 'step-too-long':
    case 'syntax-error':
    case 'value-unsafe-in-cmd':
    case 'parameter-missing':
    case 'parameter-unknown':
    case 'parameter-invalid':
    case 'secret-missing':
    case 'secret-removed':
    case 'secret-too-short':
    case 'secret-has-nul':
    case 'secret-command-unapproved':
    case 'secret-command-missing':
    case 'secret-command-failed':
    case 'secret-command-timeout':
    case 'secret-command-empty':
    case 'secret-command-too-long':
    case 'secret-command-too-short':
    case 'secret-command-has-nul':
    case 'captured-too-short':
    case 'captured-has-nul':
    case 'captured-too-long':
    case 'captured-missing':
    case 'keychain-locked':
    case 'keychain-unavailable':
    case 'keychain-refused':
    case 'keychain-busy':
    case 'secret-too-long':
    case 'keychain-timeout':
    case 'keychain-failed':
    case 'step-unknown':
    case 'procedure-unknown':
    case 'runbook-invalid':
    case 'nothing-to-run':
    case 'runbook-changed':
    case 'busy':
    case 'operator-absent':
      return exitCodes.usage
  }
}
