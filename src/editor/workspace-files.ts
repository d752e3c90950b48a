import picomatch from 'picomatch'
import * as vscode from 'vscode'

export const markdownPattern = '**/*.{md,markdown}'

/** Markdown files of all workspace folders that the settings do not exclude, as Uri strings. */
export async function* markdownFiles(): AsyncGenerator<string> {
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const pattern = new vscode.RelativePattern(folder, markdownPattern)
    const found = await vscode.workspace.findFiles(pattern, `{${excludedByBaton(folder).join(',')}}`)
    for (const uri of found) yield uri.toString()
  }
}

/** Whether `markdownFiles` would give this Uri if there were a file. */
export function isMarkdownFile(key: string): boolean {
  const uri = vscode.Uri.parse(key)
  const folder = vscode.workspace.getWorkspaceFolder(uri)
  if (folder === undefined) return false
  const path = uri.path.slice(folder.uri.path.replace(/\/$/, '').length + 1)
  if (!matches(path, [markdownPattern])) return false
  const excluded = [...excludedByBaton(folder), ...excludedFromExplorer(folder)]
  return !selfAndAbove(path).some((part) => matches(part, excluded))
}

/** Undefined when there is no file of this name. */
export async function readWorkspaceFile(key: string): Promise<Uint8Array | undefined> {
  try {
    return await vscode.workspace.fs.readFile(vscode.Uri.parse(key))
  } catch (error) {
    const code = error instanceof vscode.FileSystemError ? error.code : undefined
    if (code === 'FileNotFound' || code === 'FileIsADirectory') return undefined
    throw error
  }
}

/** What is never a runbook: Baton's own files, which may be a hundred thousand records and Markdown that was attached to one. */
const ownFiles = '**/.baton/**'

function excludedByBaton(folder: vscode.WorkspaceFolder): readonly string[] {
  return [ownFiles, ...(vscode.workspace.getConfiguration('baton', folder.uri).get<string[]>('runbooks.exclude') ?? [])]
}

/** What `findFiles` leaves out on its own. */
function excludedFromExplorer(folder: vscode.WorkspaceFolder): readonly string[] {
  const excluded = vscode.workspace.getConfiguration('files', folder.uri).get<Record<string, unknown>>('exclude') ?? {}
  // A condition on sibling files (`{ "when": … }`) is for what compilers write, which is no Markdown.
  return Object.keys(excluded).filter((pattern) => excluded[pattern] === true)
}

/** A pattern that matches a folder excludes what is in it. */
function selfAndAbove(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function matches(path: string, patterns: readonly string[]): boolean {
  return picomatch.isMatch(path, [...patterns], { dot: true })
}
