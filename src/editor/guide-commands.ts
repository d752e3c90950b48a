import * as vscode from 'vscode'
import { HumanError, registerCommands } from './command-boundary.ts'
import type { Guides, GuidesSetup } from './guides.ts'
import { t } from './language.ts'
import { targetOf } from './target.ts'

/** The command that opens the Guide; what it opens is loaded when somebody first does. */
export function registerGuideCommands(setup: GuidesSetup): vscode.Disposable {
  let loaded: Promise<Guides> | undefined
  const guides = () => {
    loaded ??= import('./guide-panel.ts').then(({ createGuides }) => createGuides(setup))
    return loaded
  }
  return vscode.Disposable.from(
    registerCommands(setup.log, {
      async 'baton.openGuide'(argument) {
        const target = targetOf(argument)
        if (target === undefined) throw new HumanError(t('Open a runbook first.'))
        await (await guides()).open(target)
      },
    }),
    { dispose: () => void loaded?.then((open) => open.dispose()) },
  )
}
