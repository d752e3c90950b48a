import * as vscode from 'vscode'

/**
 * Offers to mend what a diagnostic of Baton's names, in Markdown files.
 * @param code of the diagnostics
 * @param fill gives the action its edit or its command
 */
export function registerQuickFix(
  code: string,
  title: (text: string) => string,
  fill: (action: vscode.CodeAction, document: vscode.TextDocument, range: vscode.Range) => void,
): vscode.Disposable {
  const kind = vscode.CodeActionKind.QuickFix
  const fixOf = (document: vscode.TextDocument, diagnostic: vscode.Diagnostic) => {
    const action = new vscode.CodeAction(title(document.getText(diagnostic.range)), kind)
    action.diagnostics = [diagnostic]
    action.isPreferred = true
    fill(action, document, diagnostic.range)
    return action
  }
  return vscode.languages.registerCodeActionsProvider(
    { language: 'markdown', scheme: 'file' },
    {
      provideCodeActions: (document, _, { diagnostics }) =>
        diagnostics
          .filter((diagnostic) => diagnostic.source === 'Baton' && diagnostic.code === code)
          .map((diagnostic) => fixOf(document, diagnostic)),
    },
    { providedCodeActionKinds: [kind] },
  )
}
