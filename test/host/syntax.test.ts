import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as vscode from 'vscode'

const folder = mkdtempSync(join(tmpdir(), 'syntax-host-'))
const ran = join(folder, 'ran')
const errorsOf = ({ uri }: vscode.TextDocument) =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source?.startsWith('Baton ('))

const until = async (condition: () => boolean, milliseconds = 15_000) => {
  const end = Date.now() + milliseconds
  while (!condition() && Date.now() < end) await new Promise((next) => setTimeout(next, 50))
}

const fence = (language: string, ...lines: readonly string[]) => `\`\`\`${language}\n${lines.join('\n')}\n\`\`\`\n`

describe('syntax errors in the editor', () => {
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
    rmSync(folder, { recursive: true, force: true })
  })

  it('are found when a runbook is opened, and go when they are mended; nothing runs', async () => {
    const javascript = `require('node:fs').mkdirSync(${JSON.stringify(ran)})`
    const content = [
      '- In a list:\n',
      fence('node', javascript, 'let a; let a').replaceAll(/^(?=.)/gm, '  '),
      fence('powershell', 'Get-X -Property A, B', 'if ($true) {', '  1GB'),
      fence('cmd', '('),
    ].join('\n')
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content })
    await vscode.window.showTextDocument(document)
    await until(() => errorsOf(document).length === 2)
    const found = errorsOf(document).toSorted((a, b) => a.range.start.line - b.range.start.line)
    const [first, second] = found
    assert.equal(found.length, 2)
    assert.equal(first?.source, 'Baton (Node.js)')
    assert.equal(first?.message, "Identifier 'a' has already been declared")
    assert.equal(first?.severity, vscode.DiagnosticSeverity.Error)
    assert.deepEqual([first?.range.start.line, first?.range.start.character], [4, 13])
    assert.match(second?.source ?? '', /^Baton \(.*PowerShell.*\)$/)
    assert.match(second?.message ?? '', /'}'/)
    assert.equal(second?.range.start.line, 9)

    const edit = new vscode.WorkspaceEdit()
    edit.replace(document.uri, document.lineAt(4).range, '  let b')
    edit.insert(document.uri, document.lineAt(10).range.end, '\n}')
    await vscode.workspace.applyEdit(edit)
    await until(() => errorsOf(document).length === 0)
    assert.deepEqual(errorsOf(document), [])
    assert.ok(!existsSync(ran))
  })
})
