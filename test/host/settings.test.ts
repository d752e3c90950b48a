import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as vscode from 'vscode'

const folder = mkdtempSync(join(tmpdir(), 'settings-host-'))
const file = join(folder, 'baton.yaml')
const problemsOf = ({ uri }: vscode.TextDocument) => vscode.languages.getDiagnostics(uri)

const until = async (condition: () => boolean, milliseconds = 15_000) => {
  const end = Date.now() + milliseconds
  while (!condition() && Date.now() < end) await new Promise((next) => setTimeout(next, 50))
}

describe('baton.yaml in the editor', () => {
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
    rmSync(folder, { recursive: true, force: true })
  })

  it('is underlined where it says what nobody understands, until that is mended', async () => {
    await vscode.extensions.getExtension('baton.baton')?.activate()
    writeFileSync(file, 'records:\n  commit: sometimes\n')
    const document = await vscode.workspace.openTextDocument(file)
    await vscode.window.showTextDocument(document)
    await until(() => problemsOf(document).length === 1)
    const [problem, ...others] = problemsOf(document)
    assert.equal(others.length, 0)
    assert.equal(problem?.severity, vscode.DiagnosticSeverity.Warning)
    assert.match(problem?.message ?? '', /ask.*always.*never/)
    assert.equal(problem?.range.start.line, 1)

    const edit = new vscode.WorkspaceEdit()
    edit.replace(document.uri, document.lineAt(1).range, '  commit: never')
    await vscode.workspace.applyEdit(edit)
    await until(() => problemsOf(document).length === 0)
    assert.deepEqual(problemsOf(document), [])
  })
})
