import * as vscode from 'vscode'
import { HumanError, registerCommands } from './command-boundary.ts'
import { t } from './language.ts'
import { recordOf } from './record-page.ts'
import type { Replays, ReplaysSetup } from './replays.ts'
import type { RunActivity } from './run-activity.ts'
import { targetOf } from './target.ts'

/** The commands that play a run back; what they open is loaded when somebody first does. */
export function registerReplayCommands(setup: ReplaysSetup, activity: Pick<RunActivity, 'lastRun'>): vscode.Disposable {
  let loaded: Promise<Replays> | undefined
  const replays = () => {
    loaded ??= import('./replay-panel.ts').then(({ createReplays }) => createReplays(setup))
    return loaded
  }
  return vscode.Disposable.from(
    registerCommands(setup.log, {
      async 'baton.replayRun'(argument) {
        const record = recordOf(argument)
        if (record) await (await replays()).open(record)
      },
      async 'baton.replayLastRun'(argument) {
        const { uri } = targetOf(argument) ?? {}
        if (uri === undefined) throw new HumanError(t('Open a runbook first.'))
        const last = activity.lastRun(uri)
        if (last === undefined) throw new HumanError(t('This runbook has not run yet.'))
        await (await replays()).open(vscode.Uri.file(last.recordPath))
      },
    }),
    vscode.window.registerWebviewPanelSerializer('baton.replay', {
      deserializeWebviewPanel: async (panel, state) => (await replays()).restore(panel, state),
    }),
    { dispose: () => void loaded?.then((open) => open.dispose()) },
  )
}
