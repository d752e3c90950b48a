import * as vscode from 'vscode'
import { tidyTask } from '../runbook/hasty-task.ts'
import type { ProblemCode } from '../runbook/problem.ts'
import { t } from './language.ts'

const code: ProblemCode = 'task-misspelt'

/** A quick fix for a line that was meant as a step to tick off and is none. */
export function registerTaskFix(): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    { language: 'markdown', scheme: 'file' },
    { provideCodeActions },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  )
}

function provideCodeActions(
  document: vscode.TextDocument,
  _range: vscode.Range,
  context: vscode.CodeActionContext,
): vscode.CodeAction[] {
  return context.diagnostics
    .filter((diagnostic) => diagnostic.source === 'Baton' && diagnostic.code === code)
    .map((diagnostic) => {
      const action = new vscode.CodeAction(t('Make it a step to tick off'), vscode.CodeActionKind.QuickFix)
      action.edit = new vscode.WorkspaceEdit()
      action.edit.replace(document.uri, diagnostic.range, tidyTask(document.getText(diagnostic.range)))
      action.diagnostics = [diagnostic]
      action.isPreferred = true
      return action
    })
}
