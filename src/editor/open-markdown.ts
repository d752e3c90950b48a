import type * as vscode from 'vscode'

/** Whether a document may be a runbook that somebody writes: no page of a record, no side of a comparison. */
export function isOpenMarkdown({ languageId, uri }: vscode.TextDocument): boolean {
  return languageId === 'markdown' && ['file', 'untitled'].includes(uri.scheme)
}
