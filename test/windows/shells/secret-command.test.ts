import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { secretOfCommand } from '../../../src/execution/secret-command.ts'
import { createShells } from '../../../src/machine/shells/shells.ts'

describe('a command that prints a secret, on Windows', function () {
  this.timeout(60_000)
  const shells = createShells({ assets: join(import.meta.dirname, '../../../src/machine/shells'), graceMs: 300 })
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'secret command '))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const run = (command: string, signal = new AbortController().signal) =>
    shells.secretCommand({ name: 'DB', command, folder, signal })
  const found = async (command: string) => secretOfCommand('DB', command, await run(command), (text) => text)

  it('runs by cmd, which reads its quotes and variables', async () => {
    const node = `"${process.execPath}"`
    assert.deepEqual(await found(`${node} -p "'a value' + ' & 値'"`), { kind: 'value', value: 'a value & 値' })
    assert.deepEqual(await found('echo p%OS%'), { kind: 'value', value: `p${process.env.OS}` })
  })

  it('takes no program of the runbook’s folder for another one, unless its path says so', async function () {
    // Windows' own cmd looks at this variable (NeedCurrentDirectoryForExePath of its kernel).
    const variable = 'NoDefaultCurrentDirectoryInExePath'
    assert.deepEqual(await found(`echo it is %${variable}%`), { kind: 'value', value: 'it is 1' })
    writeFileSync(join(folder, 'impostor.cmd'), '@echo impostor\r\n')
    assert.deepEqual(await found('.\\impostor.cmd'), { kind: 'value', value: 'impostor' })
    if (process.env.WINEPREFIX !== undefined || process.env.WINEUSERNAME !== undefined) {
      console.log('      skipped: the cmd of Wine does not look at it')
      this.skip()
    }
    const exit = await found('impostor')
    assert.equal(exit.kind === 'problem' && exit.problem.code, 'secret-command-missing')
  })

  it('says which program is missing, and which exit code it had', async () => {
    const missing = await found('no-such-program-here read x')
    assert.deepEqual(missing.kind === 'problem' && missing.problem, {
      code: 'secret-command-missing',
      values: { name: 'DB', program: 'no-such-program-here' },
    })
    const failed = await found(`"${process.execPath}" -e "console.error('not signed in'); process.exit(3)"`)
    assert.deepEqual(failed.kind === 'problem' && failed.problem.values, {
      name: 'DB',
      exitCode: '3',
      detail: 'not signed in',
    })
  })

  it('ends when its run is cancelled', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 1000)
    const begin = performance.now()
    assert.deepEqual(await run('ping -n 60 127.0.0.1 >nul', stop.signal), { kind: 'cancelled' })
    assert.ok(performance.now() - begin < 30_000)
  })
})
