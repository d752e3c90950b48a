import assert from 'node:assert/strict'
import { delimiter, dirname } from 'node:path'
import { createSyntaxChecker } from '../../src/machine/syntax/syntax-checker.ts'

describe('the syntax of steps on Windows', function () {
  this.timeout(60_000)
  const env = { ...process.env, Path: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter) }
  delete (env as NodeJS.ProcessEnv).PATH
  const checker = createSyntaxChecker({ assets: 'C:\\none', env })
  const look = async (shell: string, text: string) => {
    const found = await checker.check({ shell, text, line: 10 })
    return found.kind === 'checked' ? found.problems : found.kind
  }

  it('is read by Node.js', async () => {
    assert.deepEqual(await look('node', "console.log('日本')"), [])
    assert.deepEqual(await look('node', "'日本'\nlet a; let a"), [
      { line: 11, column: 12, message: "Identifier 'a' has already been declared" },
    ])
  })

  it('is read of PowerShell, by one that is one or without', async () => {
    for (const shell of ['powershell', 'pwsh']) {
      assert.deepEqual(await look(shell, 'Get-X -Property A, B; 1GB'), [])
      const found = await look(shell, '"日本"\nif ($true) {')
      assert.ok(Array.isArray(found) && found[0]?.line === 11, JSON.stringify(found))
      assert.match(found[0].message, /'}'/)
    }
  })

  it('is not read of cmd, nor of shells that Windows has not', async () => {
    for (const shell of ['cmd', 'sh', 'zsh', 'fish']) assert.equal(await look(shell, '('), 'unchecked')
  })
})
