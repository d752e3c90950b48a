import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { operator } from './operator.ts'

const running = async (pattern: string) => (await execa('pgrep', ['-f', pattern], { reject: false })).stdout

describe('what is left behind', function () {
  this.timeout(20_000)

  it('is no process and no file when the editor exits in the middle of a step', async () => {
    const tempDir = await mkdtemp(join(tmpdir(), 'shells-test-'))
    const program = `
      import { operator } from ${JSON.stringify(join(import.meta.dirname, 'operator.ts'))}
      const someone = operator('/', { tempDir: ${JSON.stringify(tempDir)} })
      await someone.step('bash', 'setsid sleep 91.5 & sleep 0.2')
      someone.step('bash', 'trap : TERM; setsid sleep 91.5 & echo up; sleep 91.5', { onOutput: () => process.exit(0) })
    `
    const { exitCode } = await execa(process.execPath, ['--input-type=module', '-e', program], { reject: false })
    assert.equal(exitCode, 0)
    await sleep(100)
    assert.equal(await running('sleep 91\\.5'), '')
    assert.deepEqual(await readdir(tempDir), [])
    await rm(tempDir, { recursive: true })
  })

  it('is nothing after a run, even of steps that left programs running on purpose', async () => {
    const tempDir = await mkdtemp(join(tmpdir(), 'shells-test-'))
    const someone = operator('/', { tempDir })
    await someone.step(
      'bash',
      'nohup setsid sleep 92.5 >/dev/null 2>&1 & (trap : TERM; sleep 92.5; sleep 92.5) >/dev/null 2>&1 &',
    )
    assert.notEqual(await running('sleep 92\\.5'), '')
    await someone.run.close()
    assert.equal(await running('sleep 92\\.5'), '')
    assert.deepEqual(await readdir(tempDir), [])
    await rm(tempDir, { recursive: true })
  })

  it('is no process when taking the output fails', async () => {
    const someone = operator('/')
    await assert.rejects(
      someone.step('bash', 'echo x; sleep 93.5', {
        onOutput: () => {
          throw new Error('the disk is full')
        },
      }),
      /the disk is full/,
    )
    assert.equal(await running('sleep 93\\.5'), '')
    await someone.run.close()
  })

  it('says what it does not know and what it does not find', async () => {
    const { shells } = operator('/', { env: { PATH: '/none' } })
    assert.deepEqual(await shells.check('cobol'), { code: 'shell-unknown', values: { shell: 'cobol' } })
    assert.deepEqual(await shells.check('bash'), {
      code: 'interpreter-missing',
      values: { shell: 'bash', interpreter: 'bash' },
    })
    assert.equal(await operator('/').shells.check('bash'), undefined)
  })

  it('begins without what belongs to the editor', () => {
    const env = { PATH: '/bin', VSCODE_PID: '1', ELECTRON_RUN_AS_NODE: '1', BATON_SECRET_A: 'x', LANG: 'C' }
    const { shells } = operator('/', { env })
    assert.deepEqual(shells.initialState('/usr'), { env: { PATH: '/bin', LANG: 'C' }, cwd: '/usr', local: {} })
  })
})
