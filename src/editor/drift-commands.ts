import type * as vscode from 'vscode'
import { HumanError, registerCommands } from './command-boundary.ts'
import type { DriftSetup } from './drift-list.ts'
import { t } from './language.ts'
import { targetOf } from './target.ts'

/** Where runbooks and what was last done by them go apart: of all of them as a list, of one as a diff. */
export function registerDriftCommands(setup: DriftSetup, log: vscode.LogOutputChannel): vscode.Disposable {
  return registerCommands(log, {
    'baton.drift': async () => (await import('./drift-list.ts')).listDrift(setup),
    async 'baton.showDrift'(argument) {
      const uri = targetOf(argument)?.uri
      if (uri === undefined) throw new HumanError(t('Open a runbook first.'))
      await (await import('./drift-list.ts')).showDrift(uri, setup)
    },
  })
}
