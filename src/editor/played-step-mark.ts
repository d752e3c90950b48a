import * as vscode from 'vscode'
import type { RunbookLibrary } from './runbook-library.ts'

/** Shows in a runbook, wherever it is open, which of its steps is played. */
export interface PlayedStepMark extends vscode.Disposable {
  /** Scrolls there without taking the keyboard. Nothing is marked where the runbook has no such step any more. */
  show(stepId: string | undefined): Promise<void>
}

export function markPlayedStep(runbook: vscode.Uri, library: RunbookLibrary): PlayedStepMark {
  const decoration = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    borderWidth: '0 0 0 3px',
    borderStyle: 'solid',
    borderColor: new vscode.ThemeColor('focusBorder'),
    overviewRulerColor: new vscode.ThemeColor('focusBorder'),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
  })
  let shown: string | undefined

  async function draw(scrolls: boolean): Promise<void> {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() !== runbook.toString()) continue
      const { steps } = await library.ofDocument(editor.document)
      const place = steps.find(({ id }) => id === shown)?.range
      const range = place && new vscode.Range(place.start.line, 0, place.end.line, 0)
      editor.setDecorations(decoration, range ? [range] : [])
      if (range && scrolls) editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport)
    }
  }

  const opened = vscode.window.onDidChangeVisibleTextEditors(() => void draw(false))
  return {
    show(stepId) {
      shown = stepId
      return draw(true)
    },
    dispose() {
      opened.dispose()
      decoration.dispose()
    },
  }
}
