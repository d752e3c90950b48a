import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { type Operator, operator } from './operator.ts'

const has = async (program: string) => (await execa('which', [program], { reject: false })).exitCode === 0

describe('a program without a terminal that wants a password', () => {
  let folder: string
  let someone: Operator
  let asked: string[]
  const answering = (answer: string | undefined) => ({
    askPassword: async (prompt: string) => {
      asked.push(prompt)
      return answer
    },
  })
  before(async function () {
    if (process.platform === 'win32') {
      console.log('      skipped: the programs that ask here are those of Unix')
      this.skip()
    }
    folder = await mkdtemp(join(tmpdir(), 'askpass-test-'))
  })
  beforeEach(() => {
    asked = []
    someone = operator(folder, { tempDir: folder })
  })
  afterEach(() => someone.run.close())
  after(() => folder && rm(folder, { recursive: true, force: true }))

  const needs = async (context: Mocha.Context, program: string) => {
    if (await has(program)) return
    console.log(`      skipped: there is no ${program} here`)
    context.skip()
  }

  it('gets it for an encrypted key of ssh', async function () {
    await needs(this, 'ssh-keygen')
    const key = join(folder, 'key')
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'geheim wort', '-f', key])
    const { code, output } = await someone.step('bash', `ssh-keygen -y -f ${key}`, answering('geheim wort'))
    assert.equal(code, 0)
    assert.match(output, /^ssh-ed25519 /)
    assert.equal(asked.length, 1)
    assert.match(asked[0] ?? '', /passphrase/)
    const wrong = await someone.step('bash', `ssh-keygen -y -f ${key}`, answering('wrong'))
    assert.notEqual(wrong.code, 0)
    const withdrawn = await someone.step('bash', `ssh-keygen -y -f ${key} && echo done`, answering(undefined))
    assert.notEqual(withdrawn.code, 0)
  })

  it('gets it for sudo -A', async function () {
    await needs(this, 'sudo')
    if (process.getuid?.() !== 0) {
      console.log('      skipped: only root can make a user to try it with')
      this.skip()
    }
    const user = `baton-ask-${randomBytes(3).toString('hex')}`
    const rule = `/etc/sudoers.d/${user}`
    await execa('useradd', ['-m', user])
    try {
      await execa('chpasswd', { input: `${user}:Correct-Horse-7\n` })
      await writeFile(rule, `${user} ALL=(ALL) ALL\n`, { mode: 0o440 })
      await execa('chmod', ['a+rwx', folder])
      // Another user has to reach the run's private folder: nobody but this test opens it.
      const whole = await someone.step(
        'bash',
        `find ${folder} -mindepth 1 -exec chmod a+rwx {} +
HOME=/ setpriv --reuid=${user} --regid=${user} --clear-groups sudo -A -k id -un`,
        answering('Correct-Horse-7'),
      )
      assert.equal(whole.output, 'root\n')
      assert.match(asked[0] ?? '', /password for baton-ask/)
    } finally {
      await rm(rule, { force: true })
      await execa('userdel', ['-r', user], { reject: false })
    }
  })

  it('gets it for git', async () => {
    const text =
      'printf "protocol=https\\nhost=example.invalid\\nusername=k.sato\\n\\n" | git -c credential.helper= credential fill'
    const { output, code } = await someone.step('bash', text, answering('token-1'))
    assert.equal(code, 0)
    assert.match(output, /^password=token-1$/m)
    assert.match(asked[0] ?? '', /Password for 'https:\/\/k\.sato@example\.invalid'/)
  })

  for (const [shell, text] of [
    ['python', 'import os, subprocess\nsubprocess.run([os.environ["S" + "SH_ASKPASS"], "Who?"], check=True)'],
    [
      'node',
      'require("node:child_process").spawnSync(process.env["S" + "SH_ASKPASS"], ["Who?"], { stdio: "inherit" })',
    ],
  ] as const) {
    it(`can be asked out of ${shell}`, async () => {
      const { output } = await someone.step(shell, text, answering(`O'Hara "佐藤"`))
      assert.equal(output, `O'Hara "佐藤"\n`)
      assert.deepEqual(asked, ['Who?'])
    })
  }

  const ask = 'env | sed -n "s/^SSH_ASK""PASS=//p" | { read -r program; "$program" "$0?"; }'

  it('reaches the operator of the step that asks, when two ask at once', async () => {
    const both = await Promise.all(
      ['first', 'second'].map((name) =>
        someone.step('bash', `sleep 0.2; set -- ${name}; ${ask.replace('$0', '$1')}`, {
          askPassword: async (prompt: string) => `${name} for ${prompt}`,
        }),
      ),
    )
    assert.deepEqual(
      both.map(({ output }) => output),
      ['first for first?\n', 'second for second?\n'],
    )
  })

  it('leaves neither variable nor file behind', async () => {
    await someone.step('bash', 'export OTHER=1', answering('x'))
    assert.equal(someone.state.env.OTHER, '1')
    const left = Object.keys(someone.state.env).filter((name) => /ASKPASS|^BATON_/.test(name))
    assert.deepEqual(
      left,
      Object.keys(process.env).filter((name) => /^(SUDO|SSH|GIT)_ASKPASS/.test(name)),
    )
    await someone.run.close()
    const files = await readdir(folder)
    assert.deepEqual(
      files.filter((name) => name.startsWith('baton-')),
      [],
    )
  })

  it('finds no answer in any file', async () => {
    const answer = `answer-${randomBytes(8).toString('hex')}`
    let searched = 0
    const { code } = await someone.step('bash', `given=$(${ask}); echo answered; sleep 1; [ -n "$given" ]`, {
      askPassword: async () => answer,
      onOutput: async (text) => {
        if (!text.includes('answered')) return
        for (const name of await readdir(folder, { recursive: true })) {
          const path = join(folder, name)
          if (!(await stat(path).catch(() => undefined))?.isFile()) continue
          searched++
          assert.doesNotMatch(await readFile(path, 'latin1'), new RegExp(answer))
        }
      },
    })
    assert.equal(code, 0)
    assert.ok(searched >= 2, `${searched} files`)
  })

  it('uses what the step or its runbook named itself', async () => {
    const own = await someone.step('bash', 'export SSH_ASKPASS=/bin/true; env | grep -c _ASKPASS', answering('x'))
    assert.equal(own.output, '1\n')
    assert.equal(someone.state.env.SSH_ASKPASS, '/bin/true')
    const next = await someone.step('bash', 'env | grep ^SSH_ASK.*/', answering('x'))
    assert.equal(next.output, 'SSH_ASKPASS=/bin/true\n')
  })

  it('has nothing at a terminal, where the program asks itself', async () => {
    const nobody = {
      size: () => ({ columns: 80, rows: 24 }),
      onKeys: () => () => {},
      onResize: () => () => {},
      onEcho: () => {},
      onLine: () => {},
    }
    const { output } = await someone.step('bash', 'env | grep -c SSH_ASK || true', {
      ...answering('x'),
      keyboard: nobody,
    })
    assert.equal(output, '0\n')
  })

  it('is not answered any more when its step was cancelled', async () => {
    const stop = new AbortController()
    const { exit } = await someone.step('bash', ask, {
      signal: stop.signal,
      askPassword: () => {
        stop.abort()
        return new Promise(() => {})
      },
    })
    assert.equal(exit.kind, 'cancelled')
  })
})
