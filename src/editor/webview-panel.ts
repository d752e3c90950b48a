import * as vscode from 'vscode'
import { isHumanError } from './command-boundary.ts'
import { locale, t } from './language.ts'

export interface WebviewPanelSetup<FromPanel> {
  /** The folder of the panel in `src/webview`, and the bundle in `dist/webview`. */
  readonly panel: string
  readonly title: string
  readonly extension: vscode.Uri
  /** Folders beside the extension's own whose files (pictures) the page may show. */
  readonly roots?: readonly vscode.Uri[]
  readonly column: vscode.ViewColumn
  readonly icon?: vscode.ThemeIcon
  /** A panel that VS Code kept while the window was loaded anew, in place of a new one. */
  readonly restored?: vscode.WebviewPanel | undefined
  /** The page runs WebAssembly, and sets styles as attributes: what a player or a terminal does. */
  readonly rendersTerminal?: true
  /** The page is there, for the first time or anew: it knows nothing and has to be sent everything. */
  readonly onReady: () => void
  /** The message as the panel's union type; undefined for what is none: a page is not trusted to send what it should. */
  readonly read: (message: unknown) => FromPanel | undefined
  readonly onMessage: (message: FromPanel) => void
  readonly onClose: () => void
}

export interface OpenedPanel<ToPanel, Shown> extends vscode.Disposable {
  send(message: ToPanel): void
  /** Brings it to the front; `focus` false leaves the keyboard where it is. */
  reveal(focus?: boolean): void
  setTitle(title: string): void
  /** The address under which the page may load a file of its roots. */
  addressOf(file: vscode.Uri): string
  isVisible(): boolean
  /** Has the page keep plain data that says what is shown: `rememberedOf` has it when the window was loaded anew. */
  remember(shown: Shown): void
}

/** Opens a panel whose page is a bundle of `src/webview`. It stays as it is while it is hidden. */
export function openWebviewPanel<ToPanel, FromPanel, Shown>(
  setup: WebviewPanelSetup<FromPanel>,
): OpenedPanel<ToPanel, Shown> {
  const scripts = vscode.Uri.joinPath(setup.extension, 'dist', 'webview')
  const options = { enableScripts: true, localResourceRoots: [scripts, ...(setup.roots ?? [])] }
  const panel = setup.restored ?? createPanel(setup, options)
  panel.webview.options = options
  panel.title = setup.title
  if (setup.icon) panel.iconPath = setup.icon
  panel.webview.onDidReceiveMessage((received: unknown) => {
    if (isReady(received)) return setup.onReady()
    const message = setup.read(received)
    if (message !== undefined) setup.onMessage(message)
  })
  panel.onDidDispose(setup.onClose)
  panel.webview.html = pageOf(panel.webview, scripts, setup)
  return {
    send: (message) => void panel.webview.postMessage(message),
    reveal: (focus = true) => panel.reveal(undefined, !focus),
    setTitle(title) {
      panel.title = title
    },
    addressOf: (file) => panel.webview.asWebviewUri(file).toString(),
    isVisible: () => panel.visible,
    remember: (remembered) => void panel.webview.postMessage({ type: 'remember', remembered }),
    dispose: () => panel.dispose(),
  }
}

function createPanel(
  { panel, title, column }: Pick<WebviewPanelSetup<unknown>, 'panel' | 'title' | 'column'>,
  options: vscode.WebviewOptions,
): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(`baton.${panel}`, title, column, {
    ...options,
    retainContextWhenHidden: true,
  })
}

/** @param state what VS Code kept of a page */
export function rememberedOf(state: unknown): unknown {
  return typeof state === 'object' && state !== null && 'remembered' in state ? state.remembered : undefined
}

/** Shows in a panel that VS Code kept what it showed; a sentence in it says why, where that cannot be. */
export async function restorePanel(
  panel: vscode.WebviewPanel,
  show: () => Promise<void>,
  log: vscode.LogOutputChannel,
): Promise<void> {
  try {
    await show()
  } catch (error) {
    const isExpected = isHumanError(error)
    if (!isExpected) log.error('restore', error instanceof Error ? (error.stack ?? error.message) : String(error))
    const sentence = isExpected ? error.message : t('Something unexpected happened in Baton. The log says more.')
    panel.webview.html = `<!DOCTYPE html><html lang="${escapeHtml(locale)}"><body><p>${escapeHtml(sentence)}</p></body></html>`
  }
}

function isReady(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready'
}

function pageOf(
  webview: vscode.Webview,
  scripts: vscode.Uri,
  { panel, title, rendersTerminal }: Pick<WebviewPanelSetup<unknown>, 'panel' | 'title' | 'rendersTerminal'>,
): string {
  const nonce = crypto.randomUUID()
  const address = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(scripts, name)).toString()
  const policy = [
    "default-src 'none'",
    // `blob:` is a picture that somebody pasted.
    `img-src ${webview.cspSource} data: blob:`,
    `font-src ${webview.cspSource} data:`,
    `style-src ${webview.cspSource}${rendersTerminal ? " 'unsafe-inline'" : ''}`,
    `script-src 'nonce-${nonce}'${rendersTerminal ? " 'wasm-unsafe-eval'" : ''}`,
  ].join('; ')
  // Data, not a script: nothing in it can end its element.
  const facts = JSON.stringify({ locale, bundle: vscode.l10n.bundle ?? {} }).replaceAll('<', '\\u003c')
  return `<!DOCTYPE html>
<html lang="${escapeHtml(locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escapeHtml(address(`${panel}.css`))}">
<title>${escapeHtml(title)}</title>
</head>
<body>
<div id="root"></div>
<script type="application/json" id="facts">${facts}</script>
<script nonce="${nonce}" src="${escapeHtml(address(`${panel}.js`))}"></script>
</body>
</html>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
