import assert from 'node:assert/strict'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { needShell, type Operator, operator } from './operator.ts'
import { interactively, type Typist } from './typist.ts'

const alive = async (pattern: string) => (await execa('pgrep', ['-f', pattern], { reject: false })).stdout

describe('an interactive step', () => {
  let folder: string
  let someone: Operator
  before(async function () {
    if (process.platform === 'win32') {
      console.log('      skipped: the programs that are asked here are those of Unix')
      this.skip()
    }
    folder = await realpath(await mkdtemp(join(tmpdir(), 'terminal-test-')))
  })
  beforeEach(() => {
    someone = operator(folder)
  })
  afterEach(() => someone.run.close())
  after(() => folder && rm(folder, { recursive: true, force: true }))

  const bash = (text: string, act?: (typist: Typist) => Promise<void>, more = {}) =>
    interactively(someone, 'bash', text, act, more)

  it('keeps every line of a program that exits at once, time after time', async () => {
    const whole = `${Array.from({ length: 2000 }, (_, n) => n + 1).join('\n')}\nEND\n`
    for (let n = 0; n < 20; n++) {
      const { output, code } = await bash('seq 1 2000; echo END')
      assert.equal(code, 0)
      assert.equal(output, whole)
    }
  })

  it('has the terminal as stdin, stdout, stderr and as its own', async () => {
    const { output } = await bash(
      'for n in 0 1 2; do [ -t $n ] && echo "$n"; done; echo "$TERM"; tty; ps -o tpgid= -p $$ | grep -qw "$(ps -o pgid= -p $$ | tr -d " ")" && echo foreground; echo x >/dev/tty',
    )
    assert.match(output, /^0\n1\n2\nxterm-256color\n\/dev\/(pts\/|tty)\w+\nforeground\nx\n$/)
  })

  it('has the size of what shows it, and follows it', async () => {
    const { output } = await bash(
      'stty size; trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.05; done',
      async (one) => {
        await one.sees('ready')
        one.resize({ columns: 133, rows: 40 })
      },
    )
    assert.equal(output, '24 80\nready\n40 133\n')
  })

  it('answers a question, and what was typed is not in its output', async () => {
    const { output, typist } = await bash('read -p "Name: " N; printf %s "$N" | wc -m', async (one) => {
      await one.sees('Name: ')
      one.press('山田太郎\r')
    })
    assert.equal(output, 'Name: \n4\n')
    assert.equal(typist.echo(), '山田太郎')
    assert.equal(typist.screen(), 'Name: 山田太郎\n4\n')
    assert.deepEqual(typist.lines, ['山田太郎'])
  })

  it('tells a line before the program gets it', async () => {
    const order: string[] = []
    const { typist } = await bash('read -s N; echo "got"', async (one) => {
      await sleep(300)
      one.press('open-sesame\r')
      order.push(...one.lines)
    })
    assert.deepEqual(order, ['open-sesame'])
    assert.match(typist.output(), /got/)
  })

  for (const [what, shell, text, prompt] of [
    ['read -s', 'bash', 'read -s -p "Password: " P; echo; printf %s "$P" | wc -c', 'Password: '],
    [
      'stty -echo on /dev/tty',
      'sh',
      'stty -echo </dev/tty; printf "Password: " >/dev/tty; read P </dev/tty; stty echo </dev/tty; echo; printf %s "$P" | wc -c',
      'Password: ',
    ],
    ['getpass of Python', 'python', 'import getpass\nprint(len(getpass.getpass("Password: ")))', 'Password: '],
    ['openssl', 'bash', 'openssl enc -aes-256-cbc -pbkdf2 -in /dev/null -out /dev/null && echo 11', 'password:'],
  ] as const) {
    it(`takes a password for ${what} and shows nothing of it`, async () => {
      const { output, typist, code } = await interactively(someone, shell, text, async (one) => {
        await one.sees(prompt)
        for (const key of 'open-sesame\r') {
          one.press(key)
          await sleep(5)
        }
        if (!text.startsWith('openssl')) return
        await one.sees('Verifying')
        one.press('open-sesame\r')
      })
      assert.equal(code, 0)
      assert.match(output, /11\n$/)
      assert.doesNotMatch(typist.screen(), /open|sesame/)
      assert.ok(typist.lines.includes('open-sesame'))
    })
  }

  it('changes a password with passwd, as root for someone else', async function () {
    if (process.getuid?.() !== 0) {
      console.log('      skipped: only root can make a user to try it with')
      this.skip()
    }
    await execa('useradd', ['baton-terminal-test'])
    try {
      const { output, code } = await bash('passwd baton-terminal-test', async (one) => {
        await one.sees(/[Nn]ew password: /)
        one.press('Correct-Horse-7\r')
        await one.sees(/[Rr]etype.*: /)
        one.press('Correct-Horse-7\r')
      })
      assert.equal(code, 0)
      assert.doesNotMatch(output, /Horse/)
    } finally {
      await execa('userdel', ['baton-terminal-test'])
    }
  })

  for (const [shell, ask] of [
    ['bash', 'read -e -p "Name: " N; echo "=$N="'],
    ['zsh', 'N=; vared -p "Name: " N; echo "=$N="'],
    ['fish', 'read -P "Name: " N; echo "=$N="'],
    ['python', 'import readline\nprint("=" + input("Name: ") + "=")'],
    [
      'node',
      'const lines = require("node:readline").createInterface({ input: process.stdin, output: process.stdout })\nlines.question("Name: ", (name) => { console.log("=" + name + "="); lines.close() })',
    ],
  ] as const) {
    it(`keeps a line that ${shell} lets one edit out of the output, in whatever haste it is typed`, async function () {
      await needShell(this, someone, shell)
      for (const pause of [60, 5, 0]) {
        const { output, typist, code } = await interactively(someone, shell, ask, async (one) => {
          await one.sees('Name: ')
          for (const key of [...'quyX', '\x7f', '\x1b[D', ...'zzz', '\r']) {
            one.press(key)
            await sleep(pause)
          }
        })
        assert.equal(code, 0)
        assert.deepEqual(typist.lines, ['quzzzy'])
        const [before = '', after = ''] = output.split('=quzzzy=')
        assert.match(after, /^\n/, JSON.stringify(output))
        // biome-ignore lint/suspicious/noControlCharactersInRegex: a shell names the folder in the window's title
        const shown = before.replaceAll('Name: ', '').replaceAll(/\x1b\][^\x07]*\x07/g, '')
        assert.doesNotMatch(shown, /[quyXz]/, JSON.stringify(output))
      }
    })
  }

  it('takes several pasted lines, one after the other', async () => {
    const { output, typist } = await bash(
      'echo up; while read -r L; do printf %s "$L" | wc -m; [ "$L" = end ] && break; done',
      async (one) => {
        await one.sees('up')
        one.press('first line\r二行目\rend\r')
      },
    )
    assert.match(output.replaceAll('\n', ' '), /^up +10 +3 +3 $/)
    assert.doesNotMatch(output, /first|二行目|end/)
    assert.deepEqual(typist.lines, ['first line', '二行目', 'end'])
  })

  it('takes keys in plenty without waiting for the program', async () => {
    let late = 0
    const { output } = await bash('stty raw -echo; echo up; sleep 6; head -c 200000 | wc -c', async (one) => {
      await one.sees('up')
      const start = performance.now()
      one.press('x'.repeat(200_000))
      late = performance.now() - start
    })
    assert.ok(late < 5000, `${late} ms`)
    assert.match(output, /200000/)
  })

  it('hands on variables, environment and folder as any other step', async () => {
    await bash('read -p "? " LOCAL; export EXPORTED=$LOCAL; list=(2 1); f() { echo "f $1"; }; cd /usr', async (one) => {
      await one.sees('? ')
      one.press('typed\r')
    })
    assert.equal(someone.state.env.EXPORTED, 'typed')
    assert.equal(someone.state.env.TERM, process.env.TERM)
    const { output } = await someone.step('bash', 'echo "$LOCAL $list $PWD"; f x')
    assert.equal(output, 'typed 2 /usr\nf x\n')
    for (const [shell, text] of [
      ['sh', 'export FROM=sh'],
      ['python', 'import os\nos.environ["FROM"] = "python"'],
      ['node', 'process.env.FROM = "node"'],
    ] as const) {
      await interactively(someone, shell, text)
      assert.equal(someone.state.env.FROM, shell)
    }
  })

  it('has its grants, and leaves none behind', async () => {
    const { output } = await bash('echo "$TOKEN"', undefined, { grants: { TOKEN: 'for this step' } })
    assert.equal(output, 'for this step\n')
    assert.equal(someone.state.env.TOKEN, undefined)
    assert.deepEqual(
      Object.keys(someone.state.env).filter((name) => name.startsWith('BATON_')),
      [],
    )
  })

  it('ends with the code of its program, and hands on what it did before', async () => {
    const { code } = await bash('export KEPT=yes; exit 7')
    assert.equal(code, 7)
    assert.equal(someone.state.env.KEPT, 'yes')
    assert.equal((await bash('false; echo never')).code, 1)
  })

  it('names the signal that ended it', async () => {
    const { exit, output } = await bash('kill -KILL $$')
    assert.deepEqual(
      [exit.kind, 'signal' in exit && exit.signal, 'exitCode' in exit && exit.exitCode],
      ['exited', 'SIGKILL', 137],
    )
    assert.equal(output, '')
  })

  it('is interrupted by Ctrl+C, as at any terminal', async () => {
    const start = performance.now()
    const { code, output } = await bash('echo ready; sleep 61.5; echo never', async (one) => {
      await one.sees('ready')
      one.press('\x03')
    })
    assert.equal(code, 130)
    assert.doesNotMatch(output, /never/)
    assert.ok(performance.now() - start < 5000)
    const caught = await bash('trap "echo caught; exit 3" INT; echo ready; sleep 61.5', async (one) => {
      await one.sees('ready')
      one.press('\x03')
    })
    assert.equal(caught.code, 3)
    assert.match(caught.output, /caught\n$/)
  })

  it('names the place of errors, and finds a syntax error before anything runs', async () => {
    assert.match((await bash('echo 1\nno-such-program')).output, /joining\.md: line 43/)
    const { exit } = await bash('echo 1\nif')
    assert.ok(exit.kind === 'exited')
    assert.equal(exit.problem?.code, 'syntax-error')
    assert.match(exit.problem?.values.place ?? '', /^joining\.md:4[34]$/)
  })

  it('keeps the order of 100 KB, byte for byte', async () => {
    const { output } = await bash('seq 1 20000')
    assert.equal(output, `${Array.from({ length: 20_000 }, (_, n) => n + 1).join('\n')}\n`)
  })

  it('waits while its output is being taken', async () => {
    let length = 0
    const { code } = await bash('head -c 300000 /dev/zero | tr "\\0" x', undefined, {
      onOutput: async (text: string) => {
        length += text.length
        await sleep(5)
      },
    })
    assert.deepEqual([code, length], [0, 300_000])
  })

  it('shows a last line without end, colours and carriage returns as they are', async () => {
    const { output } = await bash("printf 'a\\r\\nb\\rc\\033[31md\\n終わり'")
    assert.equal(output, 'a\nb\rc\u001b[31md\n終わり')
  })

  it('is cancelled while it waits, with everything that it started', async () => {
    const stop = new AbortController()
    const start = performance.now()
    const { exit } = await bash(
      'sh -c "trap : TERM HUP INT; while :; do sleep 62.5; done" & setsid sh -c "exec sleep 63.5" & trap "" TERM; read -p "? " N',
      async (one) => {
        await one.sees('? ')
        stop.abort()
      },
      { signal: stop.signal },
    )
    assert.equal(exit.kind, 'cancelled')
    assert.ok(performance.now() - start < 5000, `${performance.now() - start} ms`)
    assert.equal(await alive('sleep 6[23]\\.5'), '')
  })

  it('hands on what it did until it was cancelled, as on pipes', async () => {
    const stop = new AbortController()
    const { exit } = await bash(
      'export UNTIL=then; read -p "? " N',
      async (one) => {
        await one.sees('? ')
        stop.abort()
      },
      { signal: stop.signal },
    )
    assert.equal(exit.kind, 'cancelled')
    assert.equal(someone.state.env.UNTIL, 'then')
  })

  it('ends when its time is over', async () => {
    const { exit } = await bash('read N', undefined, { timeoutMs: 400 })
    assert.equal(exit.kind, 'timed-out')
  })

  it('ends when its program kills what leads its terminal', async () => {
    const start = performance.now()
    const { exit } = await bash('echo last words; kill -KILL $PPID; sleep 64.5')
    assert.equal(exit.kind, 'exited')
    assert.ok('exitCode' in exit && exit.exitCode > 128)
    assert.ok(performance.now() - start < 4000)
  })

  it('does not wait for what stays behind at the terminal', async () => {
    const start = performance.now()
    const { code, output } = await bash('nohup sleep 65.5 >/dev/null 2>&1 & echo started')
    assert.deepEqual([code, output], [0, 'started\n'])
    assert.ok(performance.now() - start < 3000)
    await someone.run.close()
    assert.equal(await alive('sleep 65\\.5'), '')
  })

  it('is refused where its folder is missing', async () => {
    const { exit } = await bash('echo never', undefined, { cwd: join(folder, 'none') })
    assert.deepEqual(exit.kind === 'refused' && exit.problem.code, 'cwd-missing')
  })

  it('fails when its output cannot be taken', async () => {
    await assert.rejects(
      bash('seq 1 5; sleep 66.5', undefined, {
        onOutput: () => {
          throw new Error('no space')
        },
      }),
      /no space/,
    )
    assert.equal(await alive('sleep 66\\.5'), '')
  })
})
