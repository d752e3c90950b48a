import * as vscode from 'vscode'
import type { RunbookLibrary } from './runbook-library.ts'
import { procedureById } from './runbook-places.ts'
import { targetOf } from './target.ts'

/** Opens the file of a runbook at the step or the procedure that `argument` names (see `targetOf`), as the text is now. */
export async function openTarget(
  library: RunbookLibrary,
  argument: unknown,
  options: vscode.TextDocumentShowOptions,
): Promise<void> {
  const target = targetOf(argument)
  if (!target) return
  const document = await vscode.workspace.openTextDocument(target.uri)
  const runbook = await library.ofDocument(document)
  const place =
    target.stepId !== undefined
      ? runbook.steps.find(({ id }) => id === target.stepId)
      : target.procedureId !== undefined && procedureById(runbook.procedures, target.procedureId)
  const start = place ? new vscode.Position(place.range.start.line, 0) : undefined
  await vscode.window.showTextDocument(document, {
    ...options,
    ...(start ? { selection: new vscode.Range(start, start) } : {}),
  })
}
