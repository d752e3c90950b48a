import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { type Operator, operator } from '../../machine/shells/operator.ts'

describe('shells on Windows', function () {
  this.timeout(60_000)
  const folder = mkdtempSync(join(tmpdir(), 'シェル-'))
  const env = { ...process.env, Path: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter) }
  delete (env as NodeJS.ProcessEnv).PATH
  const isWine = process.env.WINELOADER !== undefined || process.env.WINEPREFIX !== undefined
  let someone: Operator
  beforeEach(() => {
    someone = operator(folder, { env })
  })
  afterEach(() => someone.run.close())
  const running = (name: string) =>
    spawnSync('wmic', ['process', 'get', 'Name,ProcessId']).stdout.toString('utf16le').split(name).length - 1

  describe('cmd', () => {
    const cmd = (text: string, more = {}) => someone.step('cmd', text, more)

    it('shows what it prints, with the extensions of code page 932', async () => {
      const { output, code } = await cmd('echo 日本語①㈱髙﨑\necho 表示ソ')
      assert.equal(output, '日本語①㈱髙﨑\r\n表示ソ\r\n')
      assert.equal(code, 0)
    })

    it('ends with the code of exit /b, or of the last command', async () => {
      assert.equal((await cmd('set KEPT=1\nexit /b 7\necho never')).code, 7)
      assert.equal(someone.state.env.KEPT, '1')
      assert.equal((await cmd('cmd /c exit 5')).code, 5)
      assert.equal((await cmd('cmd /c exit 5\necho after')).output, 'after\r\n')
      assert.equal((await cmd('exit 4')).code, 4)
    })

    it('hands on variables and the folder', async () => {
      await cmd('set DEPARTMENT=営業 ①部\nset GONE=1\ncd /d C:\\windows')
      assert.equal(someone.state.env.DEPARTMENT, '営業 ①部')
      assert.equal(someone.state.cwd.toLowerCase(), 'c:\\windows')
      const { output } = await cmd('echo %DEPARTMENT% %CD%\nset GONE=')
      assert.match(output, /^営業 ①部 C:\\windows\r\n$/i)
      assert.equal(someone.state.env.GONE, undefined)
    })

    it('keeps values of several lines', async () => {
      someone.state = { ...someone.state, env: { ...someone.state.env, LINES: 'one\ntwo=2\r\nthree' } }
      await cmd('set OTHER=1')
      assert.equal(someone.state.env.LINES, 'one\ntwo=2\r\nthree')
      assert.equal(someone.state.env.two, undefined)
    })

    it('changes nothing else in the environment', async () => {
      const before = someone.state.env
      await cmd('echo x')
      assert.deepEqual(
        Object.entries(someone.state.env)
          .toSorted()
          .filter(([name]) => name.toUpperCase() !== 'PWD'),
        Object.entries(before)
          .toSorted()
          .filter(([name]) => name.toUpperCase() !== 'PWD'),
      )
    })

    it('gives a grant to the one step and to no other', async () => {
      const grants = { USER_ID: 'tanaka', path_extra: 'x' }
      const { output } = await cmd('echo %USER_ID% %PATH_EXTRA%', { grants })
      assert.equal(output, 'tanaka x\r\n')
      assert.equal(someone.state.env.USER_ID, undefined)
      assert.equal((await cmd('echo [%USER_ID%]')).output, '[]\r\n')
    })

    it('refuses a value that cmd would run, and prints it through !NAME!', async () => {
      for (const value of ['x & echo pwned', 'a|b', 'a>b', '50%', 'say "hi"', 'a^b', 'two\nlines', ') & echo pwned']) {
        const { exit, output } = await cmd('echo %User_Id%', { grants: { USER_ID: value } })
        assert.deepEqual(exit, {
          kind: 'refused',
          problem: { code: 'value-unsafe-in-cmd', values: { name: 'USER_ID' } },
        })
        assert.equal(output, '')
      }
      const { output } = await cmd('echo !USER_ID!', { grants: { USER_ID: 'x & echo pwned' } })
      assert.equal(output, 'x & echo pwned\r\n')
      const carried = { ...someone.state, env: { ...someone.state.env, FROM_BEFORE: 'a & b' } }
      assert.equal((await cmd('echo %FROM_BEFORE%', { state: carried })).exit.kind, 'refused')
    })

    it('hands parameters on byte for byte', async () => {
      const values = [
        '日本 太郎①㈱髙﨑 表示ソ',
        'é €😀 한국어',
        ' leading and trailing ',
        'a & b | c > d < e ^ f',
        '100% %PATH% %%',
        'say "hi" \'there\' `x` $y',
        'wow! !PATH!',
        '(a) [b] {c} ; , = ~ @ #',
        'two\r\nlines\nand a third',
        'tab\there',
        'C:\\folder\\',
      ]
      const grants = Object.fromEntries(values.map((value, n) => [`VALUE_${n}`, value]))
      const program = `process.stdout.write(JSON.stringify(Array.from({length: ${values.length}}, (_, n) => process.env['VALUE_' + n])))`
      assert.deepEqual(JSON.parse((await cmd(`node -e "${program}"`, { grants })).output), values)
      // Wine looks for `!` in values, too.
      const shown = values.flatMap((value, n) => ((isWine ? /[\r\n!]/ : /[\r\n]/).test(value) ? [] : [n]))
      const { output } = await cmd(shown.map((n) => `echo [!VALUE_${n}!]`).join('\n'), { grants })
      const inCodePage932 = (n: number) => n !== 1
      for (const n of shown.filter(inCodePage932))
        assert.ok(output.includes(`[${values[n]}]\r\n`), `${values[n]}: ${output}`)
    })

    it('refuses a folder that cmd would run', async () => {
      const cwd = join(folder, 'R&D')
      mkdirSync(cwd)
      assert.deepEqual((await cmd('echo %CD%', { cwd })).exit, {
        kind: 'refused',
        problem: { code: 'value-unsafe-in-cmd', values: { name: 'CD' } },
      })
      assert.match((await cmd('echo !CD!', { cwd })).output, /R&D\r\n$/)
    })

    it('keeps what follows setlocal to itself', async () => {
      const before = someone.state
      const { output } = await cmd('set OUTER=1\nsetlocal\nset INNER=2\ncd /d C:\\windows\necho %INNER%')
      assert.equal(output, '2\r\n')
      assert.equal(someone.state.env.OUTER, '1')
      assert.equal(someone.state.env.INNER, undefined)
      assert.equal(someone.state.cwd.toLowerCase(), before.cwd.toLowerCase())
      await cmd('setlocal\nset INNER=3\nendlocal & set KEPT=%INNER%\nset LATER=4')
      assert.equal(someone.state.env.KEPT, '3')
      assert.equal(someone.state.env.LATER, '4')
      assert.equal(someone.state.env.INNER, undefined)
    })

    it('puts values in afterwards where the text asks for it', async () => {
      const text = 'setlocal enabledelayedexpansion\nset X=1\nfor %%i in (a b) do (\n  set X=%%i\n  echo !X! %X%\n)'
      assert.equal((await cmd(text)).output, 'a 1\r\nb 1\r\n')
    })

    it('knows labels, call, goto, if and for', async () => {
      const text = [
        'call :greet 日本 "two words"',
        'if errorlevel 4 echo it said %ERRORLEVEL%',
        'for /l %%i in (1,1,3) do echo %%i',
        'for /f "tokens=2 delims==" %%i in (\'echo a^=b\') do echo %%i',
        'if exist C:\\windows\\nul (echo there) else (echo not)',
        'goto end',
        'echo never',
        ':greet',
        'echo hello %1 %~2',
        'exit /b 4',
        ':end',
        'echo end',
        'goto :eof',
        'echo never',
      ].join('\n')
      const { output } = await cmd(text)
      assert.equal(output, 'hello 日本 two words\r\nit said 4\r\n1\r\n2\r\n3\r\nb\r\nthere\r\nend\r\n')
    })

    it('ends early where the text says so', async () => {
      const { output, code } = await cmd('cmd /c exit 3\nif errorlevel 3 exit /b 9\necho never')
      assert.equal(output, '')
      assert.equal(code, 9)
      await cmd('set KEPT=1')
      const state = someone.state
      assert.equal((await cmd('set LOST=1\nexit 5')).code, 5)
      assert.deepEqual(someone.state, state)
    })

    it('hands its state on when the text took PATH away', async () => {
      const path = Object.keys(someone.state.env).find((name) => name.toUpperCase() === 'PATH') ?? 'Path'
      await cmd('set PATH=\nset AFTER=1')
      assert.equal(someone.state.env.AFTER, '1')
      assert.equal(someone.state.env[path] ?? '', '')
    })

    it('hands on nothing that hides what cmd computes', async () => {
      await cmd('set ERRORLEVEL=7\nset CD=x\nset OTHER=1')
      assert.equal(someone.state.env.OTHER, '1')
      assert.equal(someone.state.env.ERRORLEVEL, undefined)
      assert.equal((await cmd('cmd /c exit 2')).code, 2)
    })

    it('reads a text that sets UTF-8 as UTF-8', async function () {
      if (isWine) {
        console.log('    skipped: the chcp of Wine knows no 65001')
        this.skip()
      }
      assert.equal((await cmd('chcp 65001 >nul\necho 日本語①㈱髙﨑')).output, '日本語①㈱髙﨑\r\n')
      assert.equal((await cmd('echo é €😀')).output, 'é €😀\r\n')
    })

    it('is ended with everything it started when it is cancelled', async () => {
      const before = running('ping.exe')
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 1500)
      // The `start` of Wine is a program, which is gone when its child is looked for.
      const text = `${isWine ? '' : 'start /b ping -n 60 127.0.0.1 >nul\n'}ping -n 60 127.0.0.1 >nul`
      const { exit } = await cmd(text, { signal: controller.signal })
      assert.equal(exit.kind, 'cancelled')
      assert.equal(running('ping.exe'), before)
    })

    it('runs beside other steps until it is cancelled, and hands nothing on', async () => {
      const before = running('ping.exe')
      const controller = new AbortController()
      const state = someone.state
      const server = someone.run.run({
        shell: 'cmd',
        text: 'set BESIDE=1\nping -n 60 127.0.0.1 >nul',
        place: { file: 'a.md', line: 1 },
        errors: 'stop',
        state,
        grants: {},
        background: true,
        signal: controller.signal,
        onOutput: () => {},
      })
      assert.equal((await cmd('echo meanwhile')).output, 'meanwhile\r\n')
      controller.abort()
      const exit = await server
      assert.equal(exit.kind, 'cancelled')
      assert.deepEqual(exit.kind === 'cancelled' && exit.state, state)
      assert.equal(running('ping.exe'), before)
    })

    it('leaves exclamation marks alone', async () => {
      assert.equal((await cmd('echo Done! Really!')).output, 'Done! Really!\r\n')
    })

    it('shows a last line that has no end', async () => {
      assert.equal((await cmd('<nul set /p=終わり')).output, '終わり')
    })

    it('leaves no file behind', async () => {
      const files = () => readdirSync(tmpdir()).filter((name) => name.startsWith('baton-'))
      const before = files()
      await cmd('echo x')
      assert.deepEqual(files(), before)
    })

    it('ends with everything it started when its time is over', async () => {
      const before = running('ping.exe')
      const start = performance.now()
      const { exit } = await cmd('ping -n 60 127.0.0.1 >nul', { timeoutMs: 1500 })
      assert.equal(exit.kind, 'timed-out')
      assert.ok(performance.now() - start < 15_000, `${performance.now() - start} ms`)
      assert.equal(running('ping.exe'), before)
    })

    it('refuses a folder that does not exist', async () => {
      const { exit } = await cmd('echo x', { cwd: 'C:\\none' })
      assert.equal(exit.kind === 'refused' && exit.problem.code, 'cwd-missing')
    })
  })

  describe('node', () => {
    it('hands its state on to cmd and back', async () => {
      const { output } = await someone.step(
        'node',
        "process.env.Name = '髙﨑'; process.chdir('C:/windows'); console.log('日本'); console.error('語'); process.exitCode = 3",
      )
      assert.deepEqual(output.split('\n').toSorted(), ['', '日本', '語'])
      const { output: back } = await someone.step('cmd', 'echo %NAME%\nset NAME=2')
      assert.equal(back, '髙﨑\r\n')
      assert.equal((await someone.step('node', 'console.log(process.env.name)')).output, '2\n')
    })

    it('names the line of an error', async () => {
      const { output, code } = await someone.step('node', '\nnoSuchName()')
      assert.match(output, /^joining\.md:43\n/)
      assert.equal(code, 1)
    })

    it('finds a syntax error before anything runs', async () => {
      const { exit } = await someone.step('node', "console.log('ran')\nif (")
      assert.equal(exit.kind === 'exited' && exit.problem?.code, 'syntax-error')
    })
  })

  it('has no sh, and no PowerShell that is one', async () => {
    assert.equal((await someone.shells.check('sh'))?.code, 'interpreter-missing')
    assert.equal((await someone.shells.check('cobol'))?.code, 'shell-unknown')
    const powershell = (await someone.shells.check('powershell'))?.code
    if (isWine) assert.equal(powershell, 'interpreter-unusable')
    else assert.equal(powershell, undefined)
  })
})
