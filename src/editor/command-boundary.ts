import * as vscode from 'vscode'
import { t } from './language.ts'

/** Something that a person can mend: shown as it is, with the buttons that help. Everything else that is thrown is a bug. */
export class HumanError extends Error {
  readonly remedies: readonly Remedy[]
  constructor(sentence: string, remedies: readonly Remedy[] = []) {
    super(sentence)
    this.remedies = remedies
  }
}

export interface Remedy {
  readonly label: string
  readonly run: () => unknown
}

export type CommandHandler = (...args: readonly unknown[]) => unknown

/**
 * Registers commands. This is the one place that catches what they throw: a `HumanError` is shown, a cancellation is
 * silent, and a bug goes to the log with its stack.
 */
export function registerCommands(
  log: vscode.LogOutputChannel,
  commands: Readonly<Record<string, CommandHandler>>,
): vscode.Disposable {
  const registered = Object.entries(commands).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        return await handler(...args)
      } catch (error) {
        // Not awaited: a notification that nobody answers must not keep the command running.
        void report(error, id, log)
        return undefined
      }
    }),
  )
  return vscode.Disposable.from(...registered)
}

/** Of this bundle, or of one that is loaded on demand and has the class once more. */
export function isHumanError(error: unknown): error is HumanError {
  return error instanceof Error && 'remedies' in error
}

/** Shows what was thrown outside of a command as the boundary would. */
export async function report(error: unknown, origin: string, log: vscode.LogOutputChannel): Promise<void> {
  if (error instanceof vscode.CancellationError) return
  if (isHumanError(error)) {
    const chosen = await vscode.window.showErrorMessage(error.message, ...error.remedies.map((remedy) => remedy.label))
    const remedy = error.remedies.find(({ label }) => label === chosen)
    if (remedy === undefined) return
    try {
      await remedy.run()
    } catch (next) {
      await report(next, origin, log)
    }
    return
  }
  log.error(origin, error instanceof Error ? (error.stack ?? error.message) : String(error))
  const openLog = t('Open log')
  const sentence = t('Something unexpected happened in Baton. The log says more.')
  if ((await vscode.window.showErrorMessage(sentence, openLog)) === openLog) log.show(true)
}
