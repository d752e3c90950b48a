import type { Procedure, Runbook, Step } from '../runbook/runbook.ts'
import { procedureById } from './runbook-places.ts'
import type { Visible } from './tree-filter.ts'

/** An element of the tree "Runbooks". `uri` is what commands of the tree get; ids stay the same as long as a file does. */
export type TreeNode<Uri> = FolderNode<Uri> | RunbookNode<Uri> | ProcedureNode<Uri> | StepNode<Uri>

export interface FolderNode<Uri> {
  readonly kind: 'folder'
  readonly id: string
  /** Several names when a folder holds nothing but one other folder: `servers/linux`. */
  readonly label: string
  readonly parent: FolderNode<Uri> | undefined
  readonly children: (FolderNode<Uri> | RunbookNode<Uri>)[]
  /** Runbooks below, however deep. */
  readonly count: number
  readonly workspaceFolder: boolean
}

export interface RunbookNode<Uri> {
  readonly kind: 'runbook'
  readonly id: string
  readonly uri: Uri
  /** Relative to the workspace folder, with `/`. */
  readonly path: string
  readonly parent: FolderNode<Uri> | undefined
}

export interface ProcedureNode<Uri> {
  readonly kind: 'procedure'
  readonly id: string
  readonly uri: Uri
  readonly procedureId: string
  readonly parent: RunbookNode<Uri> | ProcedureNode<Uri>
}

export interface StepNode<Uri> {
  readonly kind: 'step'
  readonly id: string
  readonly uri: Uri
  readonly stepId: string
  readonly parent: RunbookNode<Uri> | ProcedureNode<Uri>
}

/** A file of the tree, and where it is. */
export interface TreeFile<Uri> {
  readonly uri: Uri
  /** The name of the workspace folder, where there are several. */
  readonly workspaceFolder?: string
  /** Relative to the workspace folder, with `/`. */
  readonly path: string
}

interface Draft<Uri> {
  readonly label: string
  readonly workspaceFolder: boolean
  readonly folders: Map<string, Draft<Uri>>
  readonly files: TreeFile<Uri>[]
}

/** The folders that hold runbooks, folders first, numbers in names in their order. `prefix` makes ids of another tree. */
export function buildFolders<Uri extends { toString(): string }>(
  files: readonly TreeFile<Uri>[],
  locale: string,
  prefix = '',
): readonly (FolderNode<Uri> | RunbookNode<Uri>)[] {
  const root: Draft<Uri> = { label: '', workspaceFolder: false, folders: new Map(), files: [] }
  for (const file of files) {
    let folder = root
    if (file.workspaceFolder !== undefined) folder = subfolder(folder, file.workspaceFolder, true)
    for (const name of file.path.split('/').slice(0, -1)) folder = subfolder(folder, name, false)
    folder.files.push(file)
  }
  const order = new Intl.Collator(locale, { numeric: true })
  return childrenOf(root, undefined, prefix, order)
}

function subfolder<Uri>(parent: Draft<Uri>, name: string, workspaceFolder: boolean): Draft<Uri> {
  // A name holds no slash, so the key of a workspace folder is no other's.
  const key = workspaceFolder ? `/${name}` : name
  const known = parent.folders.get(key)
  if (known) return known
  const created: Draft<Uri> = { label: name, workspaceFolder, folders: new Map(), files: [] }
  parent.folders.set(key, created)
  return created
}

function childrenOf<Uri extends { toString(): string }>(
  draft: Draft<Uri>,
  parent: FolderNode<Uri> | undefined,
  prefix: string,
  order: Intl.Collator,
): (FolderNode<Uri> | RunbookNode<Uri>)[] {
  const folders = [...draft.folders.values()]
    .map(compacted)
    .toSorted((a, b) => order.compare(a.label, b.label))
    .map((folder) => {
      const id = `${parent?.id ?? `${prefix}folder:`}/${folder.label}`
      const { label, workspaceFolder } = folder
      const node = {
        kind: 'folder' as const,
        id,
        label,
        parent,
        workspaceFolder,
        children: [],
        count: countFiles(folder),
      }
      const filled: FolderNode<Uri> = node
      filled.children.push(...childrenOf(folder, filled, prefix, order))
      return filled
    })
  const runbooks = draft.files
    .toSorted((a, b) => order.compare(a.path, b.path))
    .map(({ uri, path }) => ({ kind: 'runbook' as const, id: `${prefix}${uri.toString()}`, uri, path, parent }))
  return [...folders, ...runbooks]
}

function compacted<Uri>(folder: Draft<Uri>): Draft<Uri> {
  const [only] = folder.folders.values()
  if (folder.workspaceFolder || folder.files.length > 0 || folder.folders.size !== 1 || !only) return folder
  const below = compacted(only)
  return { ...below, label: `${folder.label}/${below.label}` }
}

function countFiles<Uri>(folder: Draft<Uri>): number {
  return [...folder.folders.values()].reduce((sum, child) => sum + countFiles(child), folder.files.length)
}

/** What is directly under a runbook or a procedure, in document order. */
export function contentsOf<Uri>(
  node: RunbookNode<Uri> | ProcedureNode<Uri>,
  runbook: Runbook,
  visible: Visible,
): readonly (ProcedureNode<Uri> | StepNode<Uri>)[] {
  const place = node.kind === 'runbook' ? topOf(runbook) : levelOf(procedureById(runbook.procedures, node.procedureId))
  const base = node.kind === 'runbook' ? node.id : node.id.slice(0, node.id.lastIndexOf('#'))
  const ids = new Set(place.stepIds)
  const steps = runbook.steps
    .filter((step) => ids.has(step.id) && isVisible(step.id, visible))
    .map((step) => ({
      start: step.range.start.offset,
      child: { kind: 'step' as const, id: `${base}#step:${step.id}`, uri: node.uri, stepId: step.id, parent: node },
    }))
  const procedures = place.procedures
    .filter((procedure) => holdsVisible(procedure, visible))
    .map((procedure) => ({
      start: procedure.range.start.offset,
      child: {
        kind: 'procedure' as const,
        id: `${base}#${procedure.id}`,
        uri: node.uri,
        procedureId: procedure.id,
        parent: node,
      },
    }))
  return [...steps, ...procedures].toSorted((a, b) => a.start - b.start).map(({ child }) => child)
}

interface Level {
  readonly stepIds: readonly string[]
  readonly procedures: readonly Procedure[]
}

function topOf(runbook: Runbook): Level {
  const loose = runbook.steps.filter((step) => step.procedureId === undefined).map((step) => step.id)
  return { stepIds: loose, procedures: runbook.procedures }
}

function levelOf(procedure: Procedure | undefined): Level {
  return { stepIds: procedure?.stepIds ?? [], procedures: procedure?.procedures ?? [] }
}

function isVisible(stepId: string, visible: Visible): boolean {
  return visible === 'all' || visible.has(stepId)
}

function holdsVisible(procedure: Procedure, visible: Visible): boolean {
  return (
    procedure.stepIds.some((id) => isVisible(id, visible)) ||
    procedure.procedures.some((child) => holdsVisible(child, visible))
  )
}

/** The node of a step with all above it; undefined when it is not shown. */
export function stepNode<Uri>(
  runbookNode: RunbookNode<Uri>,
  runbook: Runbook,
  visible: Visible,
  step: Step,
): StepNode<Uri> | undefined {
  const search = (node: RunbookNode<Uri> | ProcedureNode<Uri>): StepNode<Uri> | undefined => {
    for (const child of contentsOf(node, runbook, visible)) {
      const found = child.kind === 'procedure' ? search(child) : child.stepId === step.id ? child : undefined
      if (found) return found
    }
    return undefined
  }
  return search(runbookNode)
}
