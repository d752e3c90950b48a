import * as vscode from 'vscode'
import type { Selection } from '../execution/event.ts'
import { planRun } from '../execution/plan.ts'
import { MASK } from '../secrets/mask.ts'
import { HumanError } from './command-boundary.ts'
import { locale, t } from './language.ts'
import type { Pages } from './pages.ts'
import { planMarkdown } from './plan-markdown.ts'
import { parametersOf } from './run-opening.ts'
import { fileName, type RunbookLibrary } from './runbook-library.ts'
import { shortTitle } from './short-title.ts'

export interface DryRunSetup {
  readonly library: RunbookLibrary
  readonly memory: vscode.Memento
  readonly pages: Pages
}

/** Shows what a part of a runbook would run, with which values. Nothing runs, so it is there in an untrusted folder, too. */
export async function dryRun(
  uri: vscode.Uri,
  selection: Selection,
  { library, memory, pages }: DryRunSetup,
): Promise<void> {
  const runbook = await library.ofDocument(await vscode.workspace.openTextDocument(uri))
  if (runbook.kind !== 'runbook') throw new HumanError(t('Open a runbook and put the cursor into a step.'))
  const parameters = await parametersOf(uri, runbook, memory)
  if (parameters === undefined) return
  const sensitive = runbook.frontmatter.parameters.flatMap((parameter) => (parameter.sensitive ? [parameter.name] : []))
  const title = runbook.title || fileName(uri)
  const shown = Object.entries(parameters).map(([name, value]) => [name, sensitive.includes(name) ? MASK : value])
  const page = {
    title,
    path: vscode.workspace.asRelativePath(uri),
    steps: planRun(runbook, selection, { parameters, sensitive }),
    parameters: Object.fromEntries(shown),
  }
  await pages.show(t('Dry run: {0}', shortTitle(title)), planMarkdown(page, t, locale))
}
