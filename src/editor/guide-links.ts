import * as vscode from 'vscode'
import { HumanError } from './command-boundary.ts'
import { t } from './language.ts'

/** Folders whose pictures the Guide of a runbook may show: those of its workspace folder, else of its own. */
export function pictureRoots(runbook: vscode.Uri): readonly vscode.Uri[] {
  return [vscode.workspace.getWorkspaceFolder(runbook)?.uri ?? vscode.Uri.joinPath(runbook, '..')]
}

/** Opens what a link in a runbook leads to: a file beside it, or an address of the web. VS Code asks before it leaves. */
export async function followLink(runbook: vscode.Uri, href: string): Promise<void> {
  if (/^(https?|mailto):/i.test(href)) {
    await vscode.env.openExternal(vscode.Uri.parse(href))
    return
  }
  const [path = ''] = href.split('#')
  if (/^[a-z][a-z0-9+.-]*:/i.test(href) || path === '') return
  const file = vscode.Uri.joinPath(runbook, '..', decoded(path))
  try {
    await vscode.workspace.fs.stat(file)
  } catch {
    throw new HumanError(t('There is no file {0}.', vscode.workspace.asRelativePath(file)))
  }
  await vscode.commands.executeCommand('vscode.open', file)
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
