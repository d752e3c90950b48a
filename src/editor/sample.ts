import * as vscode from 'vscode'
import { HumanError } from './command-boundary.ts'
import { locale, t } from './language.ts'

/**
 * Copies the sample company's runbooks into a folder that the operator chooses and opens it: an own copy, because runs
 * leave records beside the runbooks.
 */
export async function openSample(extension: vscode.Uri): Promise<void> {
  const language = locale.startsWith('ja') ? 'ja' : 'en'
  const [parent] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      canSelectMany: false,
      title: t('Where should the sample be put?'),
      openLabel: t('Put the sample here'),
    })) ?? []
  if (parent === undefined) return
  const target = vscode.Uri.joinPath(parent, t('baton-sample'))
  try {
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(extension, 'runbooks-sample', language), target, {
      overwrite: false,
    })
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileExists') {
      const open = { label: t('Open it'), run: () => vscode.commands.executeCommand('vscode.openFolder', target) }
      throw new HumanError(t('There is a folder {0} already.', target.fsPath), [open])
    }
    throw error
  }
  await vscode.commands.executeCommand('vscode.openFolder', target)
}
