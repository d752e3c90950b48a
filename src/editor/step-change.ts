import * as vscode from 'vscode'
import { textOf } from '../execution/step-text.ts'
import { HumanError } from './command-boundary.ts'
import { t } from './language.ts'
import type { RunHistory } from './run-history.ts'
import type { RunbookLibrary } from './runbook-library.ts'

/** The last recorded text of a step, from a record's file. */
export type RecordedTextOf = (record: vscode.Uri, stepId: string) => Promise<string | undefined>

const scheme = 'baton-step'

export interface StepChange extends vscode.Disposable {
  /** Shows what changed in a step since it last ran, as a diff. */
  show(uri: vscode.Uri, stepId: string): Promise<void>
}

export function createStepChange(
  library: RunbookLibrary,
  history: RunHistory,
  recordedTextOf: RecordedTextOf,
): StepChange {
  const texts = new Map<string, string>()
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => texts.get(uri.query) ?? '',
  })

  function page(side: string, stepId: string, text: string): vscode.Uri {
    // A new text is a new document: VS Code keeps the content of an address that it has shown.
    const query = `${side}:${texts.size}`
    texts.set(query, `${text}\n`)
    return vscode.Uri.from({ scheme, path: `/${stepId}`, query })
  }

  return {
    async show(uri, stepId) {
      const document = await vscode.workspace.openTextDocument(uri)
      const step = (await library.ofDocument(document)).steps.find(({ id }) => id === stepId)
      const entry = (await history.list()).find(
        ({ runbook, summary }) =>
          runbook?.toString() === uri.toString() && summary.outcome !== 'unreadable' && stepId in summary.results,
      )
      const before = entry && (await recordedTextOf(entry.record, stepId))
      if (step === undefined || before === undefined) throw new HumanError(t('This step has not run yet.'))
      await vscode.commands.executeCommand(
        'vscode.diff',
        page('before', stepId, before),
        page('now', stepId, textOf(step)),
        t('{0}: last run ↔ now', step.title),
      )
    },
    dispose: () => provider.dispose(),
  }
}
