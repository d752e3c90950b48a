import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { behavesLikeAShell } from './behaviours.ts'
import { type Operator, operator } from './operator.ts'

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
const plain = (text: string) => text.replaceAll(/\u001b\[[0-9;]*m/g, '')

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
      const problem = await operator(tmpdir()).shells.check('pwsh')
      if (!problem) return
      console.log(`      skipped: ${JSON.stringify(problem)}`)
      this.skip()
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
  })
})
