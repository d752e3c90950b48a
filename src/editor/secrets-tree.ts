import * as vscode from 'vscode'
import { registerCommands } from './command-boundary.ts'
import { t } from './language.ts'
import type { RunbookLibrary } from './runbook-library.ts'
import { byUrgency, childrenOf, type SecretsNode, secretsItem } from './secret-items.ts'
import type { SecretStates } from './secret-states.ts'

/** The view "Secrets": each secret that a runbook declares, how it stands here, and who uses it. */
export function registerSecretsTree(
  library: RunbookLibrary,
  states: SecretStates,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>()

  function roots(): SecretsNode[] {
    const secrets = states.secrets()
    const [failure, place] = [states.failure(), states.place()]
    view.message = library.state === 'building' && secrets.length === 0 ? t('Looking for runbooks…') : undefined
    const missing = secrets.filter(({ situation }) => situation && isMissing(situation.state.kind)).length
    setContext('baton.secrets.isEmpty', library.state === 'ready' && secrets.length === 0)
    setContext('baton.secrets.hasMissing', missing > 0)
    return [
      ...(failure && place && secrets.length > 0 ? [{ kind: 'failure' as const, failure, place }] : []),
      ...secrets.toSorted(byUrgency).map((stated) => ({ kind: 'secret' as const, place, ...stated })),
    ]
  }

  const view = vscode.window.createTreeView<SecretsNode>('baton.secrets', {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => (node === undefined ? roots() : childrenOf(node)),
      getTreeItem: secretsItem,
    },
  })

  return vscode.Disposable.from(
    view,
    changed,
    states.onDidChange(() => changed.fire(undefined)),
    // Another program may have changed the keychain while nobody looked.
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) void states.refresh()
    }),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused && view.visible) void states.refresh()
    }),
    registerCommands(log, {
      'baton.secrets.refresh': () => states.refresh(),
      'baton.openSecretDeclaration': (uri, name) => openDeclaration(library, uri, name),
    }),
  )
}

function isMissing(kind: string): boolean {
  return kind === 'missing' || kind === 'removed'
}

async function openDeclaration(library: RunbookLibrary, uri: unknown, name: unknown): Promise<void> {
  if (!(uri instanceof vscode.Uri)) return
  const document = await vscode.workspace.openTextDocument(uri)
  const { frontmatter } = await library.ofDocument(document)
  const place = frontmatter.secrets.find((secret) => secret.name === name)?.range
  const selection =
    place && new vscode.Range(place.start.line, place.start.character, place.end.line, place.end.character)
  await vscode.window.showTextDocument(document, { preview: true, ...(selection ? { selection } : {}) })
}

function setContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value)
}
