import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { behavesLikeAShell } from './behaviours.ts'
import { needShell, type Operator, operator } from './operator.ts'
import { interactively, type Typist } from './typist.ts'

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
const plain = (text: string) => text.replaceAll(/\u001b(?:\[[0-9;?]*[A-Za-z]|[=>])/g, '')

describe('pwsh', function () {
  this.timeout(60_000)
  behavesLikeAShell({
    shell: 'pwsh',
    say: (what) => `Write-Output ${quoted(what)}`,
    sayOnStderr: (what) => `[Console]::Error.WriteLine(${quoted(what)})`,
    sayUnfinished: (what) => `Write-Host -NoNewline ${quoted(what)}`,
    sayVariable: (name) => `"[$env:${name}]"`,
    set: (name, value) => `$env:${name} = ${quoted(value)}`,
    unset: (name) => `Remove-Item env:${name}`,
    go: (folder) => `Set-Location ${quoted(folder)}`,
    sayFolder: '(Get-Location).Path',
    exit: (code) => `exit ${code}`,
    fail: 'Get-Item /no/such/thing',
    continues: true,
    brokenSyntax: 'if (',
    place: /joining\.md:44/,
    nativeCommand: (command) => `bash -c ${quoted(command)}`,
    join: '\n',
  })

  describe('of its own', () => {
    let someone: Operator
    before(async function () {
      await needShell(this, operator(tmpdir()), 'pwsh')
    })
    beforeEach(() => {
      someone = operator(tmpdir())
    })
    afterEach(() => someone.run.close())
    const pwsh = async (text: string, more = {}) => {
      const done = await someone.step('pwsh', text, more)
      return { ...done, output: plain(done.output).replaceAll('\r', '') }
    }
    const cancelledAfter = (ms: number) => {
      const stop = new AbortController()
      setTimeout(() => stop.abort(), ms)
      return { signal: stop.signal }
    }

    it('keeps variables, objects, functions, classes and modules', async () => {
      await pwsh(`$u = 1
$o = [pscustomobject]@{ Name = '佐藤'; When = Get-Date -Year 2026 -Month 9 -Day 1 }
function Get-Greeting { param($Name) "Hello $Name" }
class Person { [string] $Name }
New-Module -Name Mine -ScriptBlock { function Get-Mine { 'mine' } } | Import-Module`)
      const { output, code } = await pwsh(
        '"$u $($o.Name) $($o.When.Year)"; Get-Greeting you; Get-Mine; class Clerk : Person {}; [Clerk]::new().GetType().Name',
      )
      assert.equal(output, '1 佐藤 2026\nHello you\nmine\nClerk\n')
      assert.equal(code, 0)
    })

    it('ends with the code of exit, from a function and with none, too', async () => {
      assert.equal((await pwsh('exit 7')).code, 7)
      assert.equal((await pwsh('function Stop-It { exit 3 }; Stop-It; "never"')).code, 3)
      const { code, output } = await pwsh('"before"; if ($true) { exit 0 }; "never"')
      assert.deepEqual([code, output], [0, 'before\n'])
      assert.equal((await pwsh('"alive"')).output, 'alive\n')
    })

    it('fails on throw, naming the line', async () => {
      const { code, output } = await pwsh('$a = 1\nthrow "いいえ"\n"never"')
      assert.equal(code, 1)
      assert.match(output, /joining\.md:43/)
      assert.match(output, /いいえ/)
      assert.doesNotMatch(output, /^never/m)
    })

    it('fails on Write-Error, naming the line', async () => {
      const { code, output } = await pwsh('$a = 1\n\nWrite-Error "no good"\n"never"')
      assert.equal(code, 1)
      assert.match(output, /no good/)
      assert.match(output, /joining\.md:44/)
      assert.doesNotMatch(output, /^never/m)
    })

    it('fails on an exception of .NET, on a division by zero and on an unknown command', async () => {
      for (const text of ['[int]::Parse("x")', '1/0', 'No-SuchCommand', 'Read-Host']) {
        const { code, output } = await pwsh(`\n${text}\n"never"`)
        assert.equal(code, 1, text)
        assert.match(output, /joining\.md:43/, text)
        assert.doesNotMatch(output, /^never/m)
      }
    })

    it('shows what came before an error, tables too', async () => {
      const { output } = await pwsh('[pscustomobject]@{ Fruit = "りんご"; Count = 3 }; throw "x"')
      assert.match(output, /りんご +3/)
    })

    it('fails when a native program failed last, or in the middle', async () => {
      assert.equal((await pwsh("bash -c 'exit 5'")).code, 5)
      const middle = await pwsh("bash -c 'exit 5'\n'after'")
      assert.deepEqual([middle.code, middle.output], [5, 'after\n'])
      assert.equal((await pwsh('"fine"')).code, 0)
      const reset = await pwsh("bash -c 'exit 5'; $global:LASTEXITCODE = 0")
      assert.equal(reset.code, 0)
    })

    it('goes on after errors with errors=continue, shows them, and succeeds', async () => {
      const { code, output } = await pwsh("Get-Item /no/such/thing\n'after'\n1/0\n'last'\nbash -c 'exit 5'", {
        errors: 'continue',
      })
      assert.equal(code, 0)
      assert.match(output, /joining\.md:42[\s\S]*after\n[\s\S]*joining\.md:44[\s\S]*last\n/)
      assert.equal((await pwsh('Get-Item /no/such/thing; "never"')).code, 1)
    })

    it('lets a step choose its own preference, for itself', async () => {
      const own = await pwsh("$ErrorActionPreference = 'Continue'\nGet-Item /no/such/thing\n1/0\n'after'")
      assert.match(own.output, /after\n$/)
      assert.equal((await pwsh('Get-Item /no/such/thing\n"never"')).code, 1)
    })

    it('names the place of a syntax error, and runs nothing', async () => {
      const { exit, output } = await pwsh('"ran"\nif (\n')
      assert.ok(exit.kind === 'exited')
      assert.equal(exit.exitCode, 1)
      assert.equal(exit.problem?.code, 'syntax-error')
      assert.equal(exit.problem?.values.place, 'joining.md:43')
      assert.match(output, /^joining\.md:43:\d+ Missing condition/)
      assert.doesNotMatch(output, /ran/)
    })

    it('takes $ at the start of a line, here-strings, return and param', async () => {
      const { output } = await pwsh("$u = 1\n$u\n@'\nx $u\n'@\nif ($u) { return }\n'never'")
      assert.equal(output, '1\nx $u\n')
      assert.equal((await pwsh('param($A = 5)\n$A')).output, '5\n')
      assert.equal((await pwsh('break\n"never"')).code, 0)
    })

    it('takes values that look like dates and numbers as the text they are', async () => {
      const value = '2026-09-01T00:00:00Z'
      someone.state = { ...someone.state, env: { ...someone.state.env, WHEN: value } }
      const { output } = await pwsh('$env:WHEN; $env:G; $env:OUT = "0012"', { grants: { G: value } })
      assert.equal(output, `${value}\n${value}\n`)
      assert.equal(someone.state.env.OUT, '0012')
    })

    it('leaves no secret behind in its environment', async () => {
      await pwsh('$null = $env:TOKEN', { grants: { TOKEN: 'geheim' } })
      const { output } = await pwsh("Test-Path env:TOKEN; bash -c 'echo [$TOKEN]'")
      assert.equal(output, 'False\n[]\n')
    })

    it('hands the environment to bash and takes it back', async () => {
      await pwsh('$env:A = "日本 $(1+1)"; Remove-Item env:LANG -ErrorAction Ignore')
      await someone.step('bash', 'export A="$A+"; export B=2; cd /usr; [ -z "$LANG" ]')
      const { output } = await pwsh('"$env:A $env:B $((Get-Location).Path)"')
      assert.equal(output, '日本 2+ 2 /usr\n')
    })

    it('shows native and own output in the order of the writes', async () => {
      const text = Array.from({ length: 12 }, (_, n) =>
        n % 3 === 0 ? `Write-Output ${n}` : n % 3 === 1 ? `bash -c 'echo ${n} >&2'` : `Write-Host ${n}`,
      ).join('\n')
      assert.equal((await pwsh(text)).output, Array.from({ length: 12 }, (_, n) => `${n}\n`).join(''))
    })

    it('shows warnings and information', async () => {
      const { output, code } = await pwsh("Write-Warning '注意'; Write-Host 'host'; Write-Information 'quiet'")
      assert.match(output, /WARNING: 注意\nhost\n/)
      assert.equal(code, 0)
    })

    for (const [what, text] of [
      ['a sleep', 'Start-Sleep 100'],
      ['an endless loop', 'while ($true) {}'],
      ['a native program', 'sleep 100'],
      ['several of them', 'sleep 100; sleep 100; Start-Sleep 100'],
    ] as const) {
      it(`stops ${what} when it is cancelled, and keeps its variables`, async () => {
        await pwsh('$a = 5')
        const start = performance.now()
        const { exit } = await pwsh(text, cancelledAfter(500))
        assert.equal(exit.kind, 'cancelled')
        assert.equal('problem' in exit && exit.problem, false)
        assert.ok(performance.now() - start < 3000, `${performance.now() - start} ms`)
        assert.equal((await pwsh('$a')).output, '5\n')
      })
    }

    it('runs 200 steps, one after the other', async () => {
      await pwsh('$n = 0')
      for (let n = 0; n < 200; n++) assert.equal((await pwsh('$n++')).code, 0)
      assert.equal((await pwsh('$n')).output, '200\n')
    })

    it('says that the session ended when a step ends it, and starts a new one for the next', async () => {
      const { exit } = await pwsh('$a = 1; [Environment]::Exit(4)')
      assert.ok(exit.kind === 'exited')
      assert.deepEqual([exit.exitCode, exit.problem?.code], [4, 'session-ended'])
      assert.equal((await pwsh('"[$a]"')).output, '[]\n')
    })

    it('can be warmed up', async () => {
      someone.run.warmUp('pwsh', someone.state)
      assert.equal((await pwsh('1')).output, '1\n')
    })

    it('shows large output whole while it is being taken slowly', async () => {
      let length = 0
      await pwsh("'x' * 500000; bash -c 'head -c 300000 /dev/zero | tr \"\\0\" y'", {
        onOutput: async (text: string) => {
          length += text.length
          await new Promise((resolve) => setTimeout(resolve, 5))
        },
      })
      assert.equal(length, 800_001)
    })

    it('ends with the code of exit out of nested functions and blocks', async () => {
      const text = 'function One { & { Two } }; function Two { 1 | ForEach-Object { exit 6 } }; One; "never"'
      const { code, output } = await pwsh(text)
      assert.deepEqual([code, output], [6, ''])
    })

    it('fails with the code of a script that exits with one, and goes on after it', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'pwsh-test-'))
      try {
        await writeFile(join(folder, 'nested.ps1'), "'in'\nexit 4\n")
        const { code, output } = await pwsh(`& ${quoted(join(folder, 'nested.ps1'))}\n'after'`)
        assert.deepEqual([code, output], [4, 'in\nafter\n'])
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })

    it('hands on what a step did before it threw or exited', async () => {
      await pwsh('$env:A = "1"; $a = 1; Set-Location /usr; throw "x"')
      assert.deepEqual([someone.state.env.A, someone.state.cwd], ['1', '/usr'])
      await pwsh('$env:A = "2"; exit 3')
      assert.equal(someone.state.env.A, '2')
      assert.equal((await pwsh('$a')).output, '1\n')
    })

    it('keeps progress bars out of the output', async () => {
      const { output } = await pwsh(
        "1..3 | ForEach-Object { Write-Progress -Activity 'x' -PercentComplete $_ }; 'done'",
      )
      assert.equal(output, 'done\n')
    })

    it('shows a non-terminating error with errors=continue in its place, and goes on', async () => {
      const { output, code } = await pwsh("Write-Error 'first'\n'after'", { errors: 'continue' })
      assert.equal(code, 0)
      assert.match(output, /first[\s\S]*after\n$/)
    })

    it('ends at once when its run is closed while it runs', async () => {
      const step = pwsh('Start-Sleep 100')
      await new Promise((resolve) => setTimeout(resolve, 1500))
      const start = performance.now()
      await someone.run.close()
      await step
      assert.ok(performance.now() - start < 5000, `${performance.now() - start} ms`)
    })

    it('runs beside the other steps in the background, with variables of its own', async () => {
      await pwsh('$a = 1; $env:SEEN = "yes"')
      const stop = new AbortController()
      let output = ''
      const beside = someone.run.run({
        shell: 'pwsh',
        text: '"[$a] $env:SEEN"; Start-Sleep 100',
        place: { file: 'joining.md', line: 42 },
        errors: 'stop',
        state: someone.state,
        grants: {},
        background: true,
        signal: stop.signal,
        onOutput: (piece) => {
          output += piece
        },
      })
      assert.equal((await pwsh('$a')).output, '1\n')
      for (let n = 0; n < 1000 && !output.includes('\n'); n++) await new Promise((resolve) => setTimeout(resolve, 10))
      assert.equal(plain(output).trim(), '[] yes')
      stop.abort()
      assert.equal((await beside).kind, 'cancelled')
      assert.equal((await pwsh('$a')).output, '1\n')
    })

    describe('at a terminal', () => {
      const asking = async (text: string, act?: (typist: Typist) => Promise<void>, more = {}) => {
        const done = await interactively(someone, 'pwsh', text, act, more)
        return { ...done, output: plain(done.output).replaceAll('\r', '') }
      }

      it('asks with Read-Host, and what was typed is not in its output', async () => {
        const { output, typist, code } = await asking('$n = Read-Host Name; "Hello $($n.Length)"', async (one) => {
          await one.sees('Name: ')
          for (const key of 'taro\r') {
            one.press(key)
            await new Promise((resolve) => setTimeout(resolve, 30))
          }
        })
        assert.equal(code, 0)
        assert.match(output, /^Name: \s*Hello 4\n$/)
        assert.deepEqual(typist.lines, ['taro'])
      })

      it('asks for a password with Read-Host -AsSecureString', async () => {
        const { output, typist } = await asking('$p = Read-Host Password -AsSecureString; $p.Length', async (one) => {
          await one.sees('Password: ')
          one.press('open-sesame\r')
        })
        assert.match(output, /11\n$/)
        assert.doesNotMatch(typist.screen(), /open|sesame/)
      })

      it('keeps its variables from one interactive step to the next, apart from those of the others', async () => {
        await pwsh('$a = "on pipes"; $env:SHARED = "1"')
        await asking('$a = "at the terminal"; $env:SHARED = "2"')
        assert.match((await asking('"[$a] $env:SHARED"')).output, /\[at the terminal\] 2\n$/)
        assert.equal((await pwsh('"[$a] $env:SHARED"')).output, '[on pipes] 2\n')
      })

      it('lets native programs ask', async () => {
        const { output } = await asking('bash -c \'read -p "Name: " N; printf %s "$N" | wc -c\'', async (one) => {
          await one.sees('Name: ')
          one.press('taro\r')
        })
        assert.match(output, /4\n$/)
      })

      it('stops its step at Ctrl+C, and keeps its variables', async () => {
        const { exit } = await asking('$b = 7; "ready"; Start-Sleep 100', async (one) => {
          await one.sees('ready')
          one.press('\x03')
        })
        assert.equal(exit.kind, 'cancelled')
        assert.match((await asking('"[$b]"')).output, /\[7\]\n$/)
      })

      it('is cancelled at a prompt', async () => {
        const stop = new AbortController()
        const start = performance.now()
        const { exit } = await asking(
          '$n = Read-Host Name; "never"',
          async (one) => {
            await one.sees('Name: ')
            stop.abort()
          },
          { signal: stop.signal },
        )
        assert.equal(exit.kind, 'cancelled')
        assert.ok(performance.now() - start < 9000, `${performance.now() - start} ms`)
      })
    })
  })
})
