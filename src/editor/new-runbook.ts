import { dirname } from 'node:path'
import * as vscode from 'vscode'
import { HumanError } from './command-boundary.ts'
import { t } from './language.ts'

/**
 * Asks what the runbook is for, and makes a file of that name that can be run at once: beside the runbook that is open, else in
 * the workspace folder. The cursor stands where the writing begins.
 */
export async function newRunbook(): Promise<void> {
  const folder = await folderForIt()
  if (folder === undefined) return
  const fileOf = (title: string) => vscode.Uri.joinPath(folder, `${fileName(title)}.md`)
  const title = await vscode.window.showInputBox({
    title: t('New runbook'),
    prompt: t('What is it for? The file gets this name.'),
    placeHolder: t('Such as: account for a new colleague'),
    ignoreFocusOut: true,
    async validateInput(typed) {
      if (typed.trim() === '') return undefined
      if (fileName(typed) === '') return t('Use letters or digits.')
      return (await isThere(fileOf(typed))) ? t('The file {0} is there already.', `${fileName(typed)}.md`) : undefined
    },
  })
  if (title === undefined || fileName(title) === '') return
  const uri = fileOf(title)
  const text = templateOf(title.trim())
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text))
  const line = text.split('\n').indexOf(`# ${title.trim()}`) + 2
  const place = new vscode.Range(line, 0, line, text.split('\n')[line]?.length ?? 0)
  await vscode.window.showTextDocument(uri, { selection: place })
}

async function folderForIt(): Promise<vscode.Uri | undefined> {
  const open = vscode.window.activeTextEditor?.document.uri
  if (open?.scheme === 'file' && vscode.workspace.getWorkspaceFolder(open) !== undefined) {
    return vscode.Uri.file(dirname(open.fsPath))
  }
  const folders = vscode.workspace.workspaceFolders ?? []
  if (folders.length === 0) {
    const remedy = { label: t('Open a folder'), run: () => vscode.commands.executeCommand('vscode.openFolder') }
    throw new HumanError(t('Open the folder that your runbooks are to lie in first.'), [remedy])
  }
  return folders.length === 1 ? folders[0]?.uri : (await vscode.window.showWorkspaceFolderPick())?.uri
}

/** Without what a file name may not have on Windows, where a colleague may clone the repository. */
function fileName(title: string): string {
  return title
    .replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ .]+|[ .]+$/g, '')
    .slice(0, 80)
}

async function isThere(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  )
}

function templateOf(title: string): string {
  // A title with a sign that means something in YAML is quoted, as JSON is.
  const isPlain =
    /^[\p{L}\p{N}][\p{L}\p{N} ・_-]*$/u.test(title) && !/^[\d.]+$|^(?:true|false|null|yes|no)$/i.test(title)
  const isWindows = process.platform === 'win32'
  return [
    '---',
    `title: ${isPlain ? title : JSON.stringify(title)}`,
    'schedule: on-demand',
    '---',
    `# ${title}`,
    '',
    t('Write here what this is for, and when it is done.'),
    '',
    `## ${t('First procedure')}`,
    '',
    isWindows ? '```powershell {name=first}' : '```bash {name=first}',
    isWindows ? `Write-Output '${t('Commands stand here')}'` : `echo '${t('Commands stand here')}'`,
    '```',
    '',
    `- [ ] ${t('Write here what a person does and confirms')}`,
    '',
  ].join('\n')
}
