import assert from 'node:assert/strict'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { needShell, type Operator, operator } from './operator.ts'
import { interactively, type Typist } from './typist.ts'

/** Programs with a line editor of their own: each waits, asks two questions, and prints the answers as hexadecimal digits. */
const programs: Readonly<Record<string, (wait: string) => string>> = {
  bash: (wait) =>
    `${wait}\nfor p in Name Town; do read -e -p "$p: " N; printf "=%s=\\n" "$(printf %s "$N" | od -An -tx1 | tr -d " \\n")"; done`,
  zsh: (wait) =>
    `${wait}\nfor p in Name Town; do N=; vared -p "$p: " N; printf "=%s=\\n" "$(printf %s "$N" | od -An -tx1 | tr -d " \\n")"; done`,
  fish: (wait) =>
    `sh -c '${wait}'\nfor p in Name Town; read -P "$p: " N; echo "="(printf %s "$N" | od -An -tx1 | tr -d " \\n")"="; end`,
  // Nothing but the line stands between the prompt and the line end.
  python: (wait) =>
    `import os, readline\nos.system('''${wait}''')\nfor p in "Name", "Town":\n  print("=" + input(p + ": ").encode().hex() + "=")`,
  node: (wait) => `require('node:child_process').spawnSync('sh', ['-c', ${JSON.stringify(wait)}], { stdio: 'inherit' })
const lines = require('node:readline').createInterface({ input: process.stdin, output: process.stdout })
const ask = ([prompt, ...more]) => prompt ? lines.question(prompt, (answer) => {
  console.log('=' + Buffer.from(answer).toString('hex') + '=')
  ask(more)
}) : lines.close()
ask(['Name: ', 'Town: '])`,
  ruby: (wait) =>
    `require "reline"\nsystem(${JSON.stringify(wait)})\n["Name: ", "Town: "].each { |p| puts "=" + Reline.readline(p, false).unpack1("H*") + "=" }`,
}

describe('what is typed before an interactive step asks for it', function () {
  this.timeout(60_000)
  let folder: string
  let gate: string
  let someone: Operator
  before(async function () {
    if (process.platform === 'win32') {
      console.log('      skipped: the programs that are asked here are those of Unix')
      this.skip()
    }
    folder = await realpath(await mkdtemp(join(tmpdir(), 'typed-ahead-test-')))
    gate = join(folder, 'gate')
  })
  beforeEach(() => {
    someone = operator(folder)
  })
  afterEach(async () => {
    await someone.run.close()
    await rm(gate, { force: true })
  })
  after(() => folder && rm(folder, { recursive: true, force: true }))

  const opened = 'until [ -e gate ]; do sleep 0.02; done'
  const open = () => writeFile(gate, '')
  const variants: Readonly<Record<string, { readonly wait: string; readonly act: (one: Typist) => Promise<void> }>> = {
    'two lines at once': {
      wait: `echo up; ${opened}`,
      act: async (one) => {
        await one.sees('up')
        one.press('q\rzx\r')
        await one.sees(/q\r?\nzx\r?\n/)
        await open()
      },
    },
    'one line, and the other in two parts, before and after its prompt': {
      wait: `echo up; ${opened}`,
      act: async (one) => {
        await one.sees('up')
        one.press('q\r')
        one.press('z')
        await one.sees(/q\r?\nz/)
        await open()
        await one.sees('Town: ')
        await one.sees(/Town: [\s\S]*z/)
        for (const key of 'x\r') one.press(key)
      },
    },
    'two lines while the program prints': {
      wait: `echo up; until [ -e gate ]; do printf 12; echo "3 up: 45"; sleep 0.02; done; echo "Up: all"`,
      act: async (one) => {
        await one.sees('up')
        one.press('q\r')
        one.press('zx\r')
        await one.sees(/q[\s\S]*zx/)
        await open()
      },
    },
    'two lines, at a terminal that shows nothing of them': {
      wait: `stty -echo; echo up; ${opened}; echo; stty echo`,
      act: async (one) => {
        await one.sees('up')
        one.press('q\rzx\r')
        await open()
      },
    },
  }

  for (const [shell, textOf] of Object.entries(programs)) {
    it(`stays out of the output of ${shell}, which draws it behind its prompts`, async function () {
      await needShell(this, someone, shell)
      for (const [what, { wait, act }] of Object.entries(variants)) {
        const { output, code, typist } = await interactively(someone, shell, textOf(wait), act)
        const told = `${what}: ${JSON.stringify(output)} of ${JSON.stringify(typist.screen())}`
        assert.equal(code, 0, told)
        assert.match(output, /=71=[\s\S]*=7a78=/, told)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: a shell names the folder in the window's title
        assert.doesNotMatch(output.replaceAll(/\x1b\][^\x07]*\x07/g, ''), /[qzx]/, told)
        assert.deepEqual(typist.lines, ['q', 'zx'])
        await rm(gate)
      }
    })
  }

  it('is hidden by a program that asks for a password, and nothing but its echo is left out', async () => {
    const { output } = await interactively(
      someone,
      'bash',
      `echo up; ${opened}; read -s -p "PIN: " P; echo; echo "$P"; echo "it is $P."; read -p "Sure? " S; echo "$S"; echo "$S$S says $S"`,
      async (one) => {
        await one.sees('up')
        one.press('12\r')
        await one.sees('12')
        await open()
        await one.sees('Sure? ')
        one.press('y\r')
      },
    )
    assert.equal(output, 'up\n\nPIN: \n12\nit is 12.\nSure? \ny\nyy says y\n')
  })
})
