import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Operator, operator } from './operator.ts'

describe('any interpreter', function () {
  this.timeout(20_000)
  let folder: string
  let someone: Operator
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'any-test-'))
    someone = operator(tmpdir(), { tempDir: folder, env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } })
  })
  afterEach(async () => {
    await someone.run.close()
    await rm(folder, { recursive: true })
  })

  const scripts = async () => (await readdir(folder, { recursive: true })).filter((name) => /step/.test(name))

  it('runs the text with its arguments kept, and the values in its environment', async () => {
    const awk = '#!/usr/bin/awk -f\nBEGIN { print "[" ENVIRON["NAME"] "]"; exit 3 }'
    const { output, code } = await someone.step('/usr/bin/awk -v x=1 -f', awk, { grants: { NAME: '営 "業" $(x)' } })
    assert.equal(output, '[営 "業" $(x)]\n')
    assert.equal(code, 3)
    assert.equal((await someone.step(`sed -n -e '1p' -f`, '2p')).code, 0)
  })

  it('gives the text in a file that only this user can read and that is gone afterwards', async () => {
    const show = join(folder, 'show')
    await writeFile(
      show,
      '#!/bin/sh\necho "$#"; ls -l "$1" | cut -c1-10; ls -ld "$(dirname "$1")" | cut -c1-10; cat "$1"',
    )
    await chmod(show, 0o700)
    const { output } = await someone.step('show', '#!/usr/bin/env show\nline two')
    assert.equal(output, '1\n-rw-------\ndrwx------\n#!/usr/bin/env show\nline two\n')
    assert.deepEqual(await scripts(), [])
    const { exit } = await someone.step('show', 'x', { timeoutMs: 1, cwd: '/usr' })
    assert.notEqual(exit.kind, 'refused')
    assert.deepEqual(await scripts(), [])
  })

  it('hands nothing on', async () => {
    const before = someone.state
    await someone.step('dash', 'export A=1; cd /usr; exec 2>&1; echo x >&3')
    assert.deepEqual(someone.state, before)
  })

  it('is a program on the PATH or an absolute path, or it is unknown', async () => {
    assert.equal(await someone.shells.check('/usr/bin/awk -f'), undefined)
    assert.equal(await someone.shells.check('awk'), undefined)
    for (const shell of ['/usr/bin/no-such -f', './show', '../bin/awk', 'no-such run', '', '""']) {
      assert.deepEqual(await someone.shells.check(shell), { code: 'shell-unknown', values: { shell } }, shell)
    }
    const { exit } = await someone.step('no-such', 'x')
    assert.equal(exit.kind === 'refused' && exit.problem.code, 'shell-unknown')
  })

  it('may stand in the first line of a text for a shell that is known', async () => {
    assert.equal((await someone.step('node', '#!/usr/bin/env node\nawait 1\nconsole.log("x")')).output, 'x\n')
    assert.equal((await someone.step('perl', '#!/usr/bin/perl -w\nprint "x\\n"')).output, 'x\n')
    for (const shell of ['bash', 'sh', 'zsh', 'fish', 'python', 'ruby']) {
      assert.equal((await someone.step(shell, `#!/usr/bin/${shell} -e`)).code, 0, shell)
    }
  })
})
