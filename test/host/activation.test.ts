import assert from 'node:assert/strict'
import * as vscode from 'vscode'

const baton = () => {
  const extension = vscode.extensions.getExtension('baton.baton')
  assert.ok(extension, 'Baton is installed')
  return extension
}

const folder = () => {
  const [first] = vscode.workspace.workspaceFolders ?? []
  assert.ok(first, 'a folder is open')
  return first.uri
}

const until = async (condition: () => boolean, milliseconds = 10_000) => {
  const end = Date.now() + milliseconds
  while (!condition() && Date.now() < end) await new Promise((next) => setTimeout(next, 50))
}

describe('activation', () => {
  it('costs nothing in a window that shows no Markdown and no view of Baton', async () => {
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder(), 'notes.txt'))
    await new Promise((next) => setTimeout(next, 1000))
    assert.equal(baton().isActive, false)
  })

  it('happens with the first Markdown file', async () => {
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder(), 'hello.md'))
    await until(() => baton().isActive)
    assert.equal(baton().isActive, true)
  })

  it('takes the language of the workbench', () => {
    assert.equal(vscode.env.language, process.env.TEST_LOCALE ?? 'en')
    const { displayName } = baton().packageJSON as { displayName: string }
    assert.equal(displayName.startsWith('%'), false, 'the manifest is translated')
  })

  it('registers every command that the manifest names', async () => {
    const known = new Set(await vscode.commands.getCommands(true))
    const { contributes } = baton().packageJSON as { contributes: { commands: { command: string }[] } }
    const missing = contributes.commands.map(({ command }) => command).filter((command) => !known.has(command))
    assert.deepEqual(missing, [])
  })
})
