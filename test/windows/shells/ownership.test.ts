import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const watchdogFile = join(import.meta.dirname, '../../../src/machine/ownership/watchdog.ts')
const operatorUrl = pathToFileURL(join(import.meta.dirname, '../../machine/shells/operator.ts')).href

describe('when the process that runs the steps is killed on Windows', function () {
  this.timeout(90_000)

  const running = (name: string) =>
    spawnSync('wmic', ['process', 'get', 'Name,ProcessId']).stdout.toString('utf16le').split(name).length - 1

  it('its steps end with what they started, and its folder goes', async () => {
    const tempDir = mkdtempSync(join(tmpdir(), 'ownership-test-'))
    const before = running('ping.exe')
    const program = `
      import { operator } from ${JSON.stringify(operatorUrl)}
      const someone = operator(${JSON.stringify(tmpdir())}, { tempDir: ${JSON.stringify(tempDir)}, watchdogFile: ${JSON.stringify(watchdogFile)} })
      someone.step('cmd', 'echo up\\nping -n 60 127.0.0.1 >nul\\necho never')
    `
    const owner = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' })
    const started = performance.now()
    while (running('ping.exe') <= before && performance.now() - started < 30_000) await sleep(300)
    assert.ok(running('ping.exe') > before, 'the step runs')
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    const killed = performance.now()
    while (running('ping.exe') > before && performance.now() - killed < 30_000) await sleep(300)
    assert.equal(running('ping.exe'), before)
    while (readdirSync(tempDir).length > 0 && performance.now() - killed < 30_000) await sleep(300)
    assert.deepEqual(readdirSync(tempDir), [])
  })
})
