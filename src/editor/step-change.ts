import * as vscode from 'vscode'
import { textOf } from '../execution/step-text.ts'
import { HumanError } from './command-boundary.ts'
import { t } from './language.ts'
import type { RunHistory } from './run-history.ts'
import type { RunbookLibrary } from './runbook-library.ts'
import { sidesOfDiff } from './terminal-diff.ts'

/** The last execution of a step in a record's file: its text, and how its output differed from what was expected. */
export type RecordedStepOf = (
  record: vscode.Uri,
  stepId: string,
) => Promise<{ readonly text: string; readonly difference?: string | undefined } | undefined>

const scheme = 'baton-step'

export interface StepChange extends vscode.Disposable {
  /** Shows what changed in a step since it last ran, as a diff. */
  show(uri: vscode.Uri, stepId: string): Promise<void>
  /**
   * Shows what a step was expected to print beside what it printed.
   * @param difference as a unified diff; without one that of the last record
   */
  showDifference(uri: vscode.Uri, stepId: string, difference: string | undefined): Promise<void>
  /** Shows texts beside each other, as one diff or as a page of several. */
  compare(title: string, texts: readonly Comparison[]): Promise<void>
}

export interface Comparison {
  readonly stepId: string
  /** Empty for what was not there. */
  readonly before: string
  readonly now: string
}

export function createStepChange(
  library: RunbookLibrary,
  history: RunHistory,
  recordedStepOf: RecordedStepOf,
): StepChange {
  const texts = new Map<string, string>()
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => texts.get(uri.query) ?? '',
  })

  function page(side: string, stepId: string, text: string): vscode.Uri {
    // A new text is a new document: VS Code keeps the content of an address that it has shown.
    const query = `${side}:${texts.size}`
    texts.set(query, text === '' ? '' : `${text}\n`)
    return vscode.Uri.from({ scheme, path: `/${stepId}`, query })
  }

  async function compare(title: string, comparisons: readonly Comparison[]): Promise<void> {
    const pages = comparisons.map(({ stepId, before, now }) => {
      const right = page('now', stepId, now)
      return [right, page('before', stepId, before), right] as const
    })
    const [first, ...others] = pages
    if (first === undefined) return
    if (others.length > 0) await vscode.commands.executeCommand('vscode.changes', title, pages)
    else await vscode.commands.executeCommand('vscode.diff', first[1], first[2], title, { preview: false })
  }

  async function stepOf(uri: vscode.Uri, stepId: string) {
    const document = await vscode.workspace.openTextDocument(uri)
    return (await library.ofDocument(document)).steps.find(({ id }) => id === stepId)
  }

  async function recorded(uri: vscode.Uri, stepId: string) {
    const entry = (await history.list()).find(
      ({ runbook, summary }) =>
        runbook?.toString() === uri.toString() && summary.outcome !== 'unreadable' && summary.steps.includes(stepId),
    )
    return entry && (await recordedStepOf(entry.record, stepId))
  }

  return {
    compare,
    async showDifference(uri, stepId, known) {
      const step = await stepOf(uri, stepId)
      const difference = known ?? (await recorded(uri, stepId))?.difference
      if (difference === undefined) throw new HumanError(t('This step printed what was expected.'))
      const { before, after } = sidesOfDiff(difference)
      await compare(t('{0}: expected ↔ printed', step?.title ?? stepId), [{ stepId, before, now: after }])
    },
    async show(uri, stepId) {
      const step = await stepOf(uri, stepId)
      const before = (await recorded(uri, stepId))?.text
      if (step === undefined || before === undefined) throw new HumanError(t('This step has not run yet.'))
      await compare(t('{0}: last run ↔ now', step.title), [{ stepId, before, now: textOf(step) }])
    },
    dispose: () => provider.dispose(),
  }
}
