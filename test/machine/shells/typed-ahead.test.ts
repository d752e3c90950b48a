import assert from 'node:assert/strict'
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
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

/** Until a program of Linux waits for input: in a call of `read`, `select` or `pselect6`. */
const waits = async (pid: number) => {
  const isWaiting = async () => /^(?:0|23|63|72|270) 0x[01] /.test(await readFile(`/proc/${pid}/syscall`, 'utf8'))
  while (!(await isWaiting())) await sleep(10)
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

  it('stays out of the output behind any prompt, whatever is printed before it', async function () {
    const without = 'bind "set enable-bracketed-paste off" 2>/dev/null'
    const hex = 'printf "=%s=\\n" "$(printf %s "$N" | od -An -tx1 | tr -d " \\n")"'
    // Neither marks where the line begins that it draws.
    const plain: Readonly<Record<string, (before: string, prompts: readonly string[]) => string>> = {
      bash: (before, prompts) =>
        [without, before, opened, ...prompts.map((prompt) => `read -e -p '${prompt}' N; ${hex}`)].join('\n'),
      python: (before, prompts) =>
        `import os, readline\nos.system('''${before}; ${opened}''')\nfor p in ${JSON.stringify(prompts)}:\n  print("=" + input(p).encode().hex() + "=")`,
    }
    for (const [shell, textOf] of Object.entries(plain)) {
      await needShell(this, someone, shell)
      for (const before of ['printf "Check: "', 'printf "Go on? [y/N] "', 'printf "\\r40%%\\033[K"', 'printf ..']) {
        for (const prompts of [
          ['Name ', 'Town'],
          ['名前を入れてください', '12'],
          ['', ''],
        ]) {
          const { output, typist } = await interactively(someone, shell, textOf(before, prompts), async (one) => {
            await one.sees(/Check|Go|40|\.\./)
            for (const key of ['q', '\r', 'はい', '\r']) one.press(key)
            await one.sees(/q[\s\S]*はい\r?\n/)
            await open()
          })
          const told = `${JSON.stringify({ before, prompts, output })} of ${JSON.stringify(typist.screen())}`
          assert.match(output, /=71=[\s\S]*=e381afe38184=/, told)
          assert.doesNotMatch(output, /q|はい/, told)
          await rm(gate)
        }
      }
    }
  })

  it('costs nothing of what follows where a program is known to have waited for it', async function () {
    if (process.platform !== 'linux') {
      console.log('      skipped: only Linux tells what a program waits for')
      this.skip()
    }
    const repeated = 'y\nReady\nForced: y\nTotal y\n'
    for (const [read, prompt] of [
      ['read -p "$1" N', 'Go on? '],
      ['read -p "$1" N', 'Go on'],
      ['read -e -p "$1" N', 'Go on? '],
      [`bind 'set enable-bracketed-paste off' 2>/dev/null; read -e -p "$1" N`, 'Go on '],
    ] as const) {
      const { output } = await interactively(
        someone,
        'bash',
        `set -- '${prompt}'; echo "pid $$"; ${read}; printf '${repeated.replaceAll('\n', '\\n')}'`,
        async (one) => {
          await one.sees(/pid \d+[\s\S]*Go on/)
          await waits(Number(/pid (\d+)/.exec(one.screen())?.[1]))
          one.press('y')
          await one.sees(/Go on\W*y/)
          await waits(Number(/pid (\d+)/.exec(one.screen())?.[1]))
          one.press('\r')
        },
      )
      assert.ok(output.endsWith(repeated), JSON.stringify(output))
      assert.doesNotMatch(output, /\*/)
    }
  })

  describe('behind keys that a program took one by one', () => {
    before(function () {
      if (process.platform === 'linux') return
      console.log('      skipped: only Linux tells what a program waits for')
      this.skip()
    })

    it('is told as a line of its own', async () => {
      const { typist } = await interactively(
        someone,
        'bash',
        'echo "pid $$"; read -n 1 -p "Go on? " x; echo; read -p "Name: " z; echo "Hello $z"',
        async (one) => {
          await one.sees('Go on? ')
          await waits(Number(/pid (\d+)/.exec(one.screen())?.[1]))
          one.press('y')
          await one.sees('Name: ')
          for (const key of 'tanaka\r') {
            one.press(key)
            await sleep(20)
          }
        },
      )
      assert.deepEqual(typist.lines, ['ytanaka', 'tanaka'])
    })

    it('stays out of the output', async () => {
      const plainly = 'bind "set enable-bracketed-paste off" 2>/dev/null'
      const { output, typist } = await interactively(
        someone,
        'bash',
        `${plainly}; stty raw -echo; echo up; head -c 5 > /dev/null; stty sane; echo down; ${opened}; read -e -p "Sure? " z; echo "=\${#z}="`,
        async (one) => {
          await one.sees('up')
          for (const key of 'jjjjq') {
            one.press(key)
            await sleep(20)
          }
          await one.sees('down')
          for (const key of 'y\r') one.press(key)
          await one.sees(/down\s+y/)
          await open()
        },
      )
      const told = `${JSON.stringify(output)} of ${JSON.stringify(typist.screen())}`
      assert.match(output, /=1=/, told)
      assert.doesNotMatch(output, /y/, told)
    })
  })

  it('costs nothing where a thread has started who waits for it', async function () {
    if (process.platform !== 'linux') {
      console.log('      skipped: only Linux tells what a program waits for')
      this.skip()
    }
    const asks = "read -p 'Go on? ' x; printf 'Ready\\nDirectory\\n'"
    const { output } = await interactively(
      someone,
      'python',
      `import subprocess, threading\nt = threading.Thread(target=lambda: subprocess.run(["bash", "-c", ${JSON.stringify(asks)}]))\nt.start()\nt.join()`,
      async (one) => {
        await one.sees('Go on? ')
        await sleep(200)
        for (const key of 'y\r') one.press(key)
      },
    )
    assert.match(output, /Ready\nDirectory\n$/)
  })

  it('costs nothing of what follows a password, whoever hides it', async () => {
    const greeting = 'welcome, 6 and 13\nsecret\n'
    const print = `printf '${greeting.replaceAll('\n', '\\n')}'`
    for (const text of [
      `read -s -p "Password: " P; echo; ${print}`,
      `python3 -c 'import getpass; getpass.getpass()'; ${print}`,
      // It passes on what is typed, to a terminal that hides it; the tool of macOS has other options.
      ...(process.platform === 'linux'
        ? [`script -qec 'bash -c "read -s -p \\"Password: \\" P; echo"' /dev/null; ${print}`]
        : []),
    ]) {
      const { output } = await interactively(someone, 'bash', text, async (one) => {
        await one.sees('Password: ')
        await sleep(400)
        for (const key of 'secret13\r') {
          one.press(key)
          await sleep(10)
        }
      })
      assert.equal(output.replaceAll('\r', ''), `Password: \n${greeting}`, text)
    }
  })

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
    // Nobody can know that what is printed there is not the line, drawn again.
    assert.equal(
      output.replace(/y\nyy says y\n$/, '***\nyy says ***\n'),
      'up\n\nPIN: \n***\nit is 12.\nSure? \n***\nyy says ***\n',
    )
  })
})
