import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { behavesLikeAShell } from './behaviours.ts'
import { operator } from './operator.ts'

const text = JSON.stringify

describe('node', function () {
  this.timeout(30_000)
  behavesLikeAShell({
    shell: 'node',
    say: (what) => `console.log(${text(what)})`,
    sayOnStderr: (what) => `console.error(${text(what)})`,
    sayUnfinished: (what) => `process.stdout.write(${text(what)})`,
    sayVariable: (name) => `console.log('[' + (process.env.${name} ?? '') + ']')`,
    set: (name, value) => `process.env.${name} = ${text(value)}`,
    unset: (name) => `delete process.env.${name}`,
    go: (folder) => `process.chdir(${text(folder)})`,
    sayFolder: 'console.log(process.cwd())',
    exit: (code) => `process.exit(${code})`,
    fail: 'noSuchName()',
    continues: false,
    brokenSyntax: 'if (',
    place:
      /joining\.md:44\nnoSuchName\(\)\n\^\n\nReferenceError: noSuchName is not defined\n {4}at joining\.md:44:1\n$/,
    nativeCommand: (command) => `require('node:child_process').execSync(${text(command)}, { stdio: 'inherit' })`,
    join: '\n',
  })

  const output = async (script: string) => {
    const someone = operator(tmpdir())
    const { output } = await someone.step('node', script)
    await someone.run.close()
    return output
  }

  it('takes top-level await', async () => {
    assert.equal(await output("const x = await Promise.resolve('then')\nconsole.log(x)"), 'then\n')
  })

  it('takes require and import()', async () => {
    assert.equal(
      await output(
        "const { sep } = require('node:path'); import('node:path').then((path) => console.log(path.sep === sep))",
      ),
      'true\n',
    )
  })

  it('names the place of an error that comes later', async () => {
    assert.match(await output("setTimeout(() => {\n  throw new Error('no')\n}, 1)"), /^joining\.md:43\n/)
  })
})
