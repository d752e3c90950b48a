import * as vscode from 'vscode'
import type { Runbook } from '../runbook/runbook.ts'

/** Where a runbook stands beside a page, it scrolls to the step that the page shows. */
export function scrollAlong(uri: vscode.Uri, runbook: Runbook, stepId: string): void {
  const { range } = runbook.steps.find(({ id }) => id === stepId) ?? {}
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString())
  if (range === undefined || editor === undefined) return
  const shown = new vscode.Range(range.start.line, 0, range.end.line, 0)
  editor.revealRange(shown, vscode.TextEditorRevealType.InCenterIfOutsideViewport)
}
