import * as vscode from 'vscode'

/** Pages to read that are in no file, shown as Markdown previews. */
export interface Pages extends vscode.Disposable {
  /** @param title what the tab says */
  show(title: string, markdown: string): Promise<void>
}

const scheme = 'baton-page'

export function createPages(): Pages {
  const texts = new Map<string, string>()
  let count = 0
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => texts.get(uri.query) ?? '',
  })
  return {
    async show(title, markdown) {
      const query = String(++count)
      texts.set(query, markdown)
      // Neither separators nor control characters belong into a name.
      const path = `/${title.replace(/[/\\\p{Cc}]+/gu, ' ')}`
      await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.from({ scheme, path, query }))
    },
    dispose() {
      provider.dispose()
    },
  }
}
