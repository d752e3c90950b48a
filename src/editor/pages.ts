import * as vscode from 'vscode'

/** Pages to read that are in no file, shown as Markdown previews. */
export interface Pages extends vscode.Disposable {
  /**
   * @param title what the tab says
   * @returns the command that shows the page again
   */
  show(title: string, markdown: string): Promise<vscode.Command>
  /** The address of a page that is made when somebody follows it, for a link in another page. */
  link(title: string, make: () => Promise<string>): string
}

/** Named in `configurationDefaults` of the manifest, too: a link in a preview then opens a preview. */
const scheme = 'baton-page'

/** VS Code's Markdown preview as an editor of its own: the other kind follows whatever Markdown file is opened next. */
export const previewEditor = 'vscode.markdown.preview.editor'

export function createPages(): Pages {
  const makers: (() => string | Promise<string>)[] = []

  function add(title: string, make: () => string | Promise<string>): string {
    const index = makers.push(make) - 1
    // Neither separators nor control characters belong into a name.
    return `${index}/${title.replace(/[/\\\p{Cc}]+/gu, ' ')}`
  }

  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: ({ path }) => makers[Number(path.split('/')[1])]?.() ?? '',
  })
  return {
    async show(title, markdown) {
      const page = vscode.Uri.from({ scheme, path: `/${add(title, () => markdown)}` })
      const again = { command: 'vscode.openWith', title, arguments: [page, previewEditor] }
      await vscode.commands.executeCommand(again.command, ...again.arguments)
      return again
    },
    // VS Code follows no link with a scheme of ours, but one that is relative to the page.
    link: (title, make) => `../${add(title, make).split('/').map(encodeURIComponent).join('/')}`,
    dispose: () => provider.dispose(),
  }
}
