import * as vscode from 'vscode'
import { HumanError } from './command-boundary.ts'
import { t } from './language.ts'
import type { RunController } from './run-controller.ts'

export interface BackgroundTarget {
  readonly uri: vscode.Uri
  readonly stepId: string
}

/** The step that runs in the background, or the one that is chosen of several. Undefined when the operator withdrew. */
export async function chooseBackgroundStep(controller: RunController): Promise<BackgroundTarget | undefined> {
  const steps = controller.sessions().flatMap(({ uri, view }) => {
    const { title: description, background } = view()
    return background.map(({ stepId, title: label }) => ({ label, description, uri, stepId }))
  })
  if (steps.length === 0) throw new HumanError(t('No step runs in the background.'))
  if (steps.length === 1) return steps[0]
  return vscode.window.showQuickPick(steps, { placeHolder: t('Which step should be stopped?') })
}
