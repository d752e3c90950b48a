import * as vscode from 'vscode'
import { tidyTask } from '../runbook/hasty-task.ts'
import type { ProblemCode } from '../runbook/problem.ts'
import { t } from './language.ts'
import { registerQuickFix } from './quick-fix.ts'

const code: ProblemCode = 'task-misspelt'

/** A quick fix for a line that was meant as a step to tick off and is none. */
export function registerTaskFix(): vscode.Disposable {
  return registerQuickFix(
    code,
    () => t('Make it a step to tick off'),
    (action, document, range) => {
      action.edit = new vscode.WorkspaceEdit()
      action.edit.replace(document.uri, range, tidyTask(document.getText(range)))
    },
  )
}
