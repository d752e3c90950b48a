import * as vscode from 'vscode'
import { locale } from './language.ts'
import type { RunActivity } from './run-activity.ts'
import { runbookCard } from './runbook-card.ts'
import type { LibraryEntry, RunbookLibrary } from './runbook-library.ts'
import { procedureById } from './runbook-places.ts'
import { createTreeFilter, type TreeFilter, type Visible } from './tree-filter.ts'
import { folderItem, procedureItem, runbookItem, stepItem } from './tree-items.ts'
import { buildFolders, contentsOf, type FolderNode, type RunbookNode, stepNode, type TreeNode } from './tree-nodes.ts'

export type RunbookTreeNode = TreeNode<vscode.Uri>
type RootNode = FolderNode<vscode.Uri> | RunbookNode<vscode.Uri>

export interface RunbookTree extends vscode.Disposable {
  readonly provider: vscode.TreeDataProvider<RunbookTreeNode>
  filter(): TreeFilter | undefined
  setFilter(text: string): void
  isEmpty(): boolean
  /** Takes over what the library says now, and has VS Code ask again for what changed. */
  update(): void
  /** Draws one runbook again, or everything. */
  refresh(uri: vscode.Uri | undefined): void
  /** The node of a step or, without one, of the runbook; undefined when it is not shown. */
  nodeOf(uri: vscode.Uri, stepId: string | undefined): RunbookTreeNode | undefined
}

/** The tree behind the view: what VS Code asks for, and what changed in it. */
export function createRunbookTree(library: RunbookLibrary, activity: RunActivity): RunbookTree {
  const changed = new vscode.EventEmitter<RunbookTreeNode | undefined>()
  const entries = new Map<string, LibraryEntry>()
  const runbookNodes = new Map<string, RunbookNode<vscode.Uri>>()
  let roots: readonly RootNode[] = []
  let filter: TreeFilter | undefined
  let shape = ''

  function visibleOf(node: { readonly uri: vscode.Uri }): { entry: LibraryEntry; visible: Visible } | undefined {
    const entry = entries.get(node.uri.toString())
    const visible = entry && (filter ? filter.visible(pathOf(entry.uri).path, entry.runbook) : 'all')
    return entry && visible ? { entry, visible } : undefined
  }

  /** What decides how the folders stand: everything else is in the runbooks. */
  function shapeOf(shown: readonly LibraryEntry[]): string {
    const folders = vscode.workspace.workspaceFolders ?? []
    return [...folders.map(({ name }) => name), ...shown.map(({ uri }) => uri.toString())].join('\n')
  }

  function build(shown: readonly LibraryEntry[]): void {
    shape = shapeOf(shown)
    // Another prefix makes other items for VS Code: what is open without the filter stays as it was.
    roots = buildFolders(
      shown.map(({ uri }) => pathOf(uri)),
      locale,
      filter ? 'found:' : '',
    )
    runbookNodes.clear()
    for (const node of runbooksIn(roots)) runbookNodes.set(node.uri.toString(), node)
    changed.fire(undefined)
  }

  function update(): void {
    const before = new Map(entries)
    entries.clear()
    for (const entry of library.entries()) entries.set(entry.uri.toString(), entry)
    const shown = library.entries().filter((entry) => visibleOf(entry))
    if (shapeOf(shown) !== shape) {
      build(shown)
      return
    }
    // VS Code knows the nodes that it was given, so the old ones stay: they say where things are and not what they hold.
    for (const [key, { runbook }] of entries) {
      const node = before.get(key)?.runbook === runbook ? undefined : runbookNodes.get(key)
      if (node) changed.fire(node)
    }
  }

  function contents(node: RunbookTreeNode): RunbookTreeNode[] {
    if (node.kind === 'folder') return [...node.children]
    const found = node.kind === 'step' ? undefined : visibleOf(node)
    return found && node.kind !== 'step' ? [...contentsOf(node, found.entry.runbook, found.visible)] : []
  }

  function itemOf(node: RunbookTreeNode): vscode.TreeItem {
    if (node.kind === 'folder') return folderItem(node, filter !== undefined)
    const found = visibleOf(node)
    if (!found) return new vscode.TreeItem('')
    const { entry, visible } = found
    const expanded = filter !== undefined && visible !== 'all'
    switch (node.kind) {
      case 'runbook':
        return runbookItem(node, entry, activity, expanded)
      case 'procedure': {
        const procedure = procedureById(entry.runbook.procedures, node.procedureId)
        return procedure ? procedureItem(node, procedure, entry.runbook, activity, expanded) : new vscode.TreeItem('')
      }
      case 'step': {
        const step = entry.runbook.steps.find(({ id }) => id === node.stepId)
        return step ? stepItem(node, step, activity) : new vscode.TreeItem('')
      }
    }
  }

  update()
  return {
    provider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => (node ? contents(node) : [...roots]),
      getTreeItem: itemOf,
      getParent: (node) => node.parent,
      resolveTreeItem(item, node) {
        const entry = node.kind === 'runbook' && entries.get(node.uri.toString())
        if (entry && node.kind === 'runbook') item.tooltip = runbookCard(entry, node.path, activity)
        return item
      },
    },
    filter: () => filter,
    setFilter(text) {
      filter = createTreeFilter(text)
      build(library.entries().filter((entry) => visibleOf(entry)))
    },
    isEmpty: () => roots.length === 0,
    update,
    refresh(uri) {
      const node = uri && runbookNodes.get(uri.toString())
      if (!uri || node) changed.fire(node)
    },
    nodeOf(uri, stepId) {
      const node = runbookNodes.get(uri.toString())
      const found = node && visibleOf(node)
      if (!found || stepId === undefined) return node
      const step = found.entry.runbook.steps.find(({ id }) => id === stepId)
      return step && stepNode(node, found.entry.runbook, found.visible, step)
    },
    dispose: () => changed.dispose(),
  }
}

function* runbooksIn(nodes: readonly RootNode[]): Generator<RunbookNode<vscode.Uri>> {
  for (const node of nodes) {
    if (node.kind === 'folder') yield* runbooksIn(node.children)
    else yield node
  }
}

function pathOf(uri: vscode.Uri): { uri: vscode.Uri; workspaceFolder?: string; path: string } {
  const folder = vscode.workspace.getWorkspaceFolder(uri)
  const path = vscode.workspace.asRelativePath(uri, false)
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1
  return { uri, path, ...(folder && several ? { workspaceFolder: folder.name } : {}) }
}
