import * as vscode from 'vscode'
import type { Outcome } from '../execution/event.ts'
import type { Step } from '../runbook/runbook.ts'

/** The codicon of what a step is. */
export function stepIcon(step: Step): string {
  switch (step.kind) {
    case 'manual':
      return 'checklist'
    case 'decision':
      return 'git-branch'
    case 'command':
      return shellIcon(step.shell)
  }
}

function shellIcon(shell: string): string {
  switch (shell) {
    case 'pwsh':
    case 'powershell':
      return 'terminal-powershell'
    case 'bash':
    case 'sh':
    case 'zsh':
    case 'fish':
      return 'terminal-bash'
    case 'cmd':
      return 'terminal-cmd'
    default:
      return 'code'
  }
}

/** The codicon of how something ended. */
export function outcomeIcon(outcome: Outcome | 'abandoned'): vscode.ThemeIcon {
  switch (outcome) {
    case 'succeeded':
      return new vscode.ThemeIcon('pass', outcomeColor(outcome))
    case 'failed':
      return new vscode.ThemeIcon('error', outcomeColor(outcome))
    case 'timed-out':
      return new vscode.ThemeIcon('watch', outcomeColor(outcome))
    case 'cancelled':
      return new vscode.ThemeIcon('circle-slash', outcomeColor(outcome))
    case 'skipped':
      return new vscode.ThemeIcon('debug-step-over', outcomeColor(outcome))
    case 'abandoned':
      return new vscode.ThemeIcon('question', outcomeColor(outcome))
  }
}

export function outcomeColor(outcome: Outcome | 'abandoned'): vscode.ThemeColor {
  switch (outcome) {
    case 'succeeded':
      return new vscode.ThemeColor('testing.iconPassed')
    case 'failed':
    case 'timed-out':
      return new vscode.ThemeColor('testing.iconFailed')
    case 'cancelled':
    case 'skipped':
    case 'abandoned':
      return new vscode.ThemeColor('testing.iconSkipped')
  }
}

export const runningIcon = new vscode.ThemeIcon('loading~spin')
export const waitingIcon = new vscode.ThemeIcon('bell-dot', new vscode.ThemeColor('list.warningForeground'))
export const changedIcon = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
export const overdueIcon = new vscode.ThemeIcon('clock', new vscode.ThemeColor('list.warningForeground'))
