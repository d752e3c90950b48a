import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as vscode from 'vscode'

const folder = mkdtempSync(join(tmpdir(), 'task-host-'))
const file = join(folder, 'calls.md')
const problemsOf = ({ uri }: vscode.TextDocument) => vscode.languages.getDiagnostics(uri)

const until = async (condition: () => boolean, milliseconds = 15_000) => {
  const end = Date.now() + milliseconds
  while (!condition() && Date.now() < end) await new Promise((next) => setTimeout(next, 50))
}

describe('a line that was meant as a step to tick off', () => {
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
    rmSync(folder, { recursive: true, force: true })
  })

  it('is underlined, and made one by a quick fix', async () => {
    await vscode.extensions.getExtension('baton.baton')?.activate()
    writeFileSync(file, '# Calls\n\n- [ ] Call her\n- ［　］電話する\n')
    const document = await vscode.workspace.openTextDocument(file)
    await vscode.window.showTextDocument(document)
    await until(() => problemsOf(document).length === 1)
    const [problem] = problemsOf(document)
    assert.equal(problem?.code, 'task-misspelt')
    assert.equal(problem?.range.start.line, 3)

    const fixes: vscode.CodeAction[] = await vscode.commands.executeCommand(
      'vscode.executeCodeActionProvider',
      document.uri,
      problem?.range,
      vscode.CodeActionKind.QuickFix.value,
    )
    const fix = fixes.find(({ edit }) => edit?.get(document.uri).some(({ newText }) => newText.startsWith('- [ ]')))
    assert.ok(fix?.edit, JSON.stringify(fixes))
    await vscode.workspace.applyEdit(fix.edit)
    assert.equal(document.lineAt(3).text, '- [ ] 電話する')
    await until(() => problemsOf(document).length === 0)
    assert.deepEqual(problemsOf(document), [])
  })
})
