import * as vscode from 'vscode'
import type { ExecutionProblem } from '../execution/problem.ts'
import { executionProblemSentence } from '../wording/execution-problems.ts'
import { HumanError, type Remedy } from './command-boundary.ts'
import { t } from './language.ts'

export interface Retreat {
  /** What the operator asked for, once more. */
  readonly again: () => Promise<unknown>
  /** Runs one step of the same runbook. */
  readonly runStep?: (stepId: string) => Promise<unknown>
  /** Shows the run that is in the way. */
  readonly show?: () => void
}

/** A run that did not start, or could not go on, for a reason that has a code. */
export class Refusal extends HumanError {
  readonly problem: ExecutionProblem
  constructor(problem: ExecutionProblem, buttons: readonly Remedy[]) {
    super(executionProblemSentence(problem, t), buttons)
    this.problem = problem
  }
}

/** Why something did not run, as it is shown: one sentence, with the buttons that do what it says. */
export function refusal(problem: ExecutionProblem, retreat: Retreat): Refusal {
  return new Refusal(problem, remedies(problem, retreat))
}

/** Leads to VS Code's page about the folder's trust. */
export function manageTrust(): Remedy {
  return { label: t('Manage Trust'), run: () => vscode.commands.executeCommand('workbench.trust.manage') }
}

function remedies(problem: ExecutionProblem, { again, runStep, show }: Retreat): readonly Remedy[] {
  switch (problem.code) {
    case 'untrusted':
      return [manageTrust()]
    case 'captured-missing': {
      const { step = '', stepId = '' } = problem.values
      return runStep === undefined ? [] : [{ label: t('Run “{0}”', step), run: () => runStep(stepId) }]
    }
    case 'busy':
      return show === undefined ? [] : [{ label: t('Show'), run: show }]
    case 'interpreter-missing':
    case 'interpreter-unusable': {
      const page = installationPages[problem.values.shell ?? '']
      return page === undefined
        ? []
        : [{ label: t('How to get it'), run: () => vscode.env.openExternal(vscode.Uri.parse(page)) }]
    }
    case 'keychain-locked':
    case 'keychain-refused':
    case 'keychain-busy':
    case 'keychain-unavailable':
    case 'keychain-timeout':
    case 'keychain-failed':
    case 'secret-command-failed':
    case 'secret-command-timeout':
    case 'secret-command-empty':
    case 'secret-command-missing':
    case 'record-unwritable':
      return [{ label: t('Try again'), run: again }]
    case 'runbook-invalid':
      return [
        { label: t('Show problems'), run: () => vscode.commands.executeCommand('workbench.actions.view.problems') },
      ]
    case 'secret-too-short':
    case 'secret-has-nul':
      return [
        {
          label: t('Set value'),
          run: () => vscode.commands.executeCommand('baton.setSecret', problem.values.name),
        },
      ]
    default:
      return []
  }
}

const installationPages: Readonly<Record<string, string>> = {
  pwsh: 'https://learn.microsoft.com/powershell/scripting/install/installing-powershell',
  python: 'https://www.python.org/downloads/',
  node: 'https://nodejs.org/',
  bash: 'https://gitforwindows.org/',
}
